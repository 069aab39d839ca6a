"""The command line in the hands of a shell: Ctrl-C at any moment, and streams that are closed, full or broken."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from nst_engine.shell import raising_on_interrupt
from tests.fake_network import random_picture

ENGINE = (sys.executable, "-m", "nst_engine")
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[str, str]:
    for name, seed in (("content.png", 1), ("style.png", 2)):
        random_picture(64, 48, seed=seed).save(tmp_path / name)
    return str(tmp_path / "content.png"), str(tmp_path / "style.png")


def in_shell(redirections: str, *arguments: str, environment: Mapping[str, str] = ENVIRONMENT) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line with redirections as bash makes them."""
    program = f'exec "$@" {redirections}'
    done = subprocess.run(
        ("bash", "-c", program, "bash", *ENGINE, *arguments),
        capture_output=True,
        check=False,
        timeout=60,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("imported", ["argparse", "pydantic", "nst_engine.stylize_command", "numpy.linalg", "torch"])
def test_ctrl_c_during_imports_is_one_line_and_exit_130(
    imported: str, pictures: tuple[str, str], tmp_path: Path
) -> None:
    output = tmp_path / "out.png"
    command = (sys.executable, "-X", "importtime", *ENGINE[1:], "stylize", *pictures, "-o", str(output))
    options = ("--size", "64", "--steps", "10000")
    with subprocess.Popen((*command, *options), stderr=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.decode().split("|")[-1].strip() == imported:
                break
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == 130
    assert "nst_engine: interrupted" in said
    assert "Traceback" not in said
    assert not output.exists()


def test_ctrl_c_ends_serve_in_order(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[database]\nurl = "sqlite:///stylize.db"\n[blobs]\ndirectory = "blobs"\n')
    command = (*ENGINE, "serve", "--config", str(config))
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=ENVIRONMENT) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.decode().rstrip().endswith("starts"):
                break
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == 0, said
    assert "SIGINT" in said
    assert "Traceback" not in said


def test_within_work_that_cleans_up_ctrl_c_is_an_exception_and_after_it_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), raising_on_interrupt():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("arguments", [("--help",), ("stylize", "--help")])
@pytest.mark.parametrize("redirections", [">/dev/full", ">&-"])
def test_help_that_nobody_can_read_is_no_error(arguments: tuple[str, ...], redirections: str) -> None:
    assert in_shell(redirections, *arguments) == (0, "", "")


def test_an_answer_that_finds_no_room_is_one_sentence_and_exit_1(pictures: tuple[str, str]) -> None:
    code, _, said = in_shell(f">/dev/full <{pictures[0]}", "check-picture")
    assert (code, said) == (1, "nst_engine: standard output cannot be written: No space left on device\n")


def test_an_answer_that_nobody_waits_for_is_one_sentence_and_exit_1(pictures: tuple[str, str], tmp_path: Path) -> None:
    options = ("-o", str(tmp_path / "out.png"), "--size", "64", "--steps", "1", "--json")
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            (*ENGINE, "stylize", *pictures, *options),
            check=False,
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=60,
            env=ENVIRONMENT,
        )
    finally:
        os.close(writer)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-1] == "nst_engine: standard output cannot be written: Broken pipe"
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("redirections", "code"),
    [(">&-", 0), ("2>&-", 0), (">&- 2>&-", 0), ("2>/dev/full", 0), (">/dev/full 2>/dev/full", 1)],
)
def test_closed_and_full_streams_change_no_exit_code_of_ours(
    redirections: str, code: int, pictures: tuple[str, str]
) -> None:
    found, _, said = in_shell(f"{redirections} <{pictures[0]}", "check-picture")
    assert (found, said) == (code, "")


@pytest.mark.parametrize("redirections", ["2>&-", "2>/dev/full"])
def test_a_mistake_that_cannot_be_told_is_exit_2_all_the_same(redirections: str) -> None:
    assert in_shell(redirections, "stylize", "none.png", "none.png", "-o", "none.gif") == (2, "", "")
    assert in_shell(redirections, "stylize") == (2, "", "")


def test_a_closed_stdin_is_an_empty_picture() -> None:
    code, answer, said = in_shell("<&-", "check-picture")
    assert (code, said) == (2, "")
    assert "The content picture is an empty file." in answer


def test_a_stdin_that_cannot_be_read_is_one_sentence() -> None:
    code, _, said = in_shell("0>/dev/null", "check-picture")
    assert (code, said) == (2, "nst_engine: standard input cannot be read: Bad file descriptor\n")


@pytest.mark.parametrize("redirections", ["2>/dev/full", "2>&-"])
def test_it_paints_where_the_bar_cannot_be_drawn_and_letters_are_missing(
    redirections: str, pictures: tuple[str, str], tmp_path: Path
) -> None:
    output = tmp_path / "out.png"
    options = ("-o", str(output), "--size", "64", "--steps", "1")
    few_letters = {**ENVIRONMENT, "PYTHONIOENCODING": "ascii"}
    code, said, _ = in_shell(redirections, "stylize", *pictures, *options, environment=few_letters)
    assert code == 0
    assert "64?48 pixels, 1 step, " in said
    assert output.exists()


def test_a_disk_that_is_full_is_one_sentence_and_exit_1(pictures: tuple[str, str], tmp_path: Path) -> None:
    output = tmp_path / "out.png"
    options = ("-o", str(output), "--size", "64", "--steps", "1")
    done = subprocess.run(
        ("bash", "-c", 'ulimit -f 1; exec "$@"', "bash", *ENGINE, "stylize", *pictures, *options),
        capture_output=True,
        check=False,
        timeout=60,
        env=ENVIRONMENT,
    )
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (1, b"")
    assert said.splitlines()[-1] == f"nst_engine: {output} cannot be written: File too large."
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content.png", "style.png"]
