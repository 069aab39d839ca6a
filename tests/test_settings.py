"""A config file is read, or refused in words: the key, the value and what is allowed."""

from pathlib import Path

import pytest

from nst_engine.contract.settings import EngineConfig, load_config
from nst_engine.errors import BadConfig


def problems(folder: Path, text: str | bytes) -> list[str]:
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadConfig) as caught:
        load_config(path, EngineConfig)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[engine]\nspawn = 'maybe'", 'engine.spawn = "maybe": must be true or false'),
        ("[engine]\nspawn = 'yes'", 'engine.spawn = "yes": must be true or false'),
        ("[engine]\nthreads = -1", "engine.threads = -1: must be a whole number from 0 to 256"),
        ("[engine]\nthreads = '2'", 'engine.threads = "2": must be a whole number from 0 to 256'),
        ("[engine]\nthreads = 1.5", "engine.threads = 1.5: must be a whole number from 0 to 256"),
        ("[engine]\nlease_seconds = true", "engine.lease_seconds = true: must be a number from 1 to 300"),
        ("[engine]\nlease_seconds = nan", "engine.lease_seconds = nan: must be a number from 1 to 300"),
        ("[engine]\ndevice = 'gpu'", 'engine.device = "gpu": must be "auto" or "cpu" or "cuda"'),
        ("[engine]\nweights = ''", 'engine.weights = "": must be text in quotes, and not empty'),
        ("engine = 3", "engine = 3: must be a table, which begins with [engine]"),
        ("[blobs]\ndirectory = 3", "blobs.directory = 3: must be the path of a folder, in quotes"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed(tmp_path: Path, text: str, sentence: str) -> None:
    assert problems(tmp_path, text) == [sentence]


@pytest.mark.parametrize("path", ["q.db?mode=ro", ":memory:", "", "a\\u0000b"])
def test_an_address_that_names_no_file_is_refused(tmp_path: Path, path: str) -> None:
    (problem,) = problems(tmp_path, f'[database]\nurl = "sqlite:///{path}"')
    assert problem.startswith("database.url = ")
    assert problem.endswith("must begin with sqlite:/// and name a file, as in sqlite:///data/stylize.db")


def test_an_address_of_another_kind_is_refused_without_its_password(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, '[database]\nurl = "postgresql://ann:secret@host/db"')
    assert "secret" not in problem
    assert "must begin with sqlite:///" in problem


def test_a_misspelt_setting_is_told_with_the_one_that_was_meant_and_without_its_value(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "[engine]\nspwan = 'a secret'")
    assert problem.startswith("engine.spwan: there is no such setting; did you mean engine.spawn?")
    assert "secret" not in problem


def test_a_misspelt_table_does_not_start_an_engine_on_the_defaults(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "[enigne]\ndevice = 'cpu'")
    assert problem.startswith("enigne: there is no such setting; did you mean engine?")


def test_every_wrong_key_is_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "[engine]\nthreads = -1\nspawn = 3\n[other]\nx = 1")) == 3


@pytest.mark.parametrize("text", [b"[engine", b"\xff\xfe[\x00e\x00", b"[engine]\nspawn = true\nspawn = true"])
def test_a_file_that_is_no_toml_is_refused_with_its_name(tmp_path: Path, text: bytes) -> None:
    (problem,) = problems(tmp_path, text)
    assert str(tmp_path / "config.toml") in problem


def test_a_missing_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="copy config"):
        load_config(tmp_path / "config.toml", EngineConfig)


def test_the_mark_that_some_editors_put_first_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbf[engine]\nthreads = 3\n")
    assert load_config(tmp_path / "config.toml", EngineConfig).engine.threads == 3


def test_the_bots_own_tables_are_not_the_engines_business(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[discord]\nanything = 1\n[limits]\n[logging]\n")
    assert load_config(tmp_path / "config.toml", EngineConfig).engine == EngineConfig().engine


def test_relative_paths_are_taken_from_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[engine]\nweights = 'mine.safetensors'\n")
    config = load_config(tmp_path / "config.toml", EngineConfig)
    assert config.database.url == f"sqlite:///{tmp_path}/data/stylize.db"
    assert config.blobs.directory == tmp_path / "data" / "blobs"
    assert config.engine.weights == str(tmp_path / "mine.safetensors")
