"""Which pictures are painted."""

import importlib.util
from pathlib import Path

import pytest

from nst_engine.bench import pairs
from nst_engine.bench.pairs import SAMPLES, named_pairs, pairs_in, sample_pairs
from nst_engine.errors import BadInput
from tests.bench_samples import random_pair


def test_a_folder_gives_its_pairs_by_name(tmp_path: Path) -> None:
    for name in ("two", "one"):
        random_pair(tmp_path, name)
    (tmp_path / "notes.txt").write_text("not a pair")
    found = pairs_in(tmp_path)
    assert [pair.name for pair in found] == ["one", "two"]
    assert found[0].size(32) == (32, 24)


def test_a_missing_half_is_named(tmp_path: Path) -> None:
    random_pair(tmp_path).style.unlink()
    with pytest.raises(BadInput, match=r"one-style\.\* is missing"):
        pairs_in(tmp_path)


def test_two_files_for_one_half_are_refused(tmp_path: Path) -> None:
    pair = random_pair(tmp_path)
    pair.content.with_suffix(".jpg").write_bytes(b"another")
    with pytest.raises(BadInput, match=r"one-content\.jpg and one-content\.png are both there"):
        pairs_in(tmp_path)


def test_a_folder_without_pairs_says_how_to_name_them(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="NAME-content"):
        pairs_in(tmp_path)
    with pytest.raises(BadInput, match="no such folder"):
        pairs_in(tmp_path / "none")


def test_a_picture_that_cannot_be_read_is_refused_before_any_work(tmp_path: Path) -> None:
    pair = random_pair(tmp_path)
    pair.style.write_bytes(b"no picture")
    with pytest.raises(BadInput, match="style"):
        named_pairs([(pair.content, pair.style)])


def test_a_pair_is_called_after_its_files(tmp_path: Path) -> None:
    pair = random_pair(tmp_path)
    [named] = named_pairs([(pair.content, pair.style)])
    assert named.name == "one-content × one-style"


def test_the_samples_are_photographs_of_scikit_image_and_paintings_of_the_bot(tmp_path: Path) -> None:
    [pair] = sample_pairs(tmp_path, 1)
    assert pair.content.name == SAMPLES[0].photograph
    assert pair.style.parent == tmp_path
    assert pair.size(64) == (64, 64)


def test_there_are_at_least_six_samples() -> None:
    assert len({sample.photograph for sample in SAMPLES}) == len(SAMPLES) >= 6
    assert all((pairs.photographs() / sample.photograph).is_file() for sample in SAMPLES)


@pytest.mark.parametrize(("package", "word"), [("skimage", "dev extra"), ("bot", "not installed")])
def test_without_a_package_the_samples_say_what_to_do(
    package: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == package else find(name))
    with pytest.raises(BadInput, match=f"{word}.*give --pairs"):
        sample_pairs(tmp_path, 1)
