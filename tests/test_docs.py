"""README and docs say what is there: the tree, the links, the commands and the settings."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main as bot_main
from bot.config import BotConfig

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", PROJECT / "CHANGELOG.md", *PROJECT.glob("docs/*.md")]
SUMMED_UP = (
    "bot/paintings/",
    "bot/ui/challenges/",
    "bot/ui/text/",
    "nst_engine/bench/",
    "nst_engine/images/",
    "nst_engine/queue/migrations/",
    "tests/",
)
"""Folders that the tree names in one line."""


def tree_paths() -> list[str]:
    """The paths in the README's tree, its indentation resolved."""
    block = re.search(r"## The tree\n\n```\n(.*?)```", README, re.DOTALL)
    assert block is not None
    paths: list[str] = []
    folders: list[str] = []
    for line in block.group(1).splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name = line.split()[0]
        folders = folders[:depth]
        paths.append("".join(folders) + name)
        if name.endswith("/"):
            folders.append(name)
    return paths


def source_files() -> list[str]:
    found = [
        path.relative_to(PROJECT).as_posix() for top in ("bot", "nst_engine") for path in (PROJECT / top).rglob("*.py")
    ]
    return [path for path in found if not path.endswith("__init__.py") and not path.startswith(SUMMED_UP)]


def test_every_path_in_the_tree_exists() -> None:
    assert [path for path in tree_paths() if not (PROJECT / path).exists()] == []


def test_every_source_file_is_in_the_tree() -> None:
    assert sorted(set(source_files()) - set(tree_paths())) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


def test_the_engine_commands_of_the_readme_are_there() -> None:
    told = run("nst_engine", "stylize", "--help") + run("nst_engine", "bench", "convergence", "--help")
    named = set(re.findall(r"--[a-z]+", re.search(r"## The engine on its own\n(.*?)\n## ", README, re.DOTALL).group(1)))  # type: ignore[union-attr]  # a missing chapter is an error anyway
    assert [option for option in sorted(named) if option not in told] == []


def test_the_settings_that_the_docs_name_exist() -> None:
    sections = {name: field.annotation for name, field in BotConfig.model_fields.items()}
    for document in DOCUMENTS:
        for section, key in re.findall(r"`([a-z]+)\.([a-z_]+)(?: = [^`]*)?`", document.read_text(encoding="utf-8")):
            if section in sections:
                assert key in sections[section].model_fields, f"{document.name}: {section}.{key}"  # type: ignore[union-attr]  # every section is a model


def test_the_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        assert set(re.findall(r"\bmake ([a-z]+)\b", code_of(document))) <= targets, document.name


def code_of(document: Path) -> str:
    """What stands in code: between backticks, and in indented blocks."""
    text = document.read_text(encoding="utf-8")
    return "\n".join([*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^ {4}(.*)$", text, re.MULTILINE)])


def test_the_bot_commands_of_the_readme_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bot_main(["--help"])
    told = capsys.readouterr().out
    assert [name for name in ("run", "doctor", "db") if name not in told] == []


def run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
