"""Whole processes: seconds, peak memory, and how they end."""

import os
import select
import signal
import sys
from pathlib import Path

import pytest

from nst_engine.bench.processes import last_json, run_process
from nst_engine.errors import EngineError

PYTHON = (sys.executable, "-S", "-c")


def test_seconds_and_peak_memory_are_those_of_the_command() -> None:
    hungry = run_process("hungry", (*PYTHON, "b = bytearray(60_000_000)"))
    modest = run_process("modest", (*PYTHON, "pass"))
    assert 55e6 < hungry.peak_memory_bytes - modest.peak_memory_bytes < 70e6
    assert hungry.seconds > 0


def test_what_this_process_holds_is_not_counted() -> None:
    ballast = bytearray(100_000_000)
    assert run_process("modest", (*PYTHON, "pass")).peak_memory_bytes < len(ballast)


def test_it_runs_in_the_folder_with_the_environment_given(tmp_path: Path) -> None:
    program = "import os; open('here', 'w').write(os.environ['WORD'])"
    run_process("writer", (*PYTHON, program), folder=tmp_path, more_environment={"WORD": "yes"})
    assert (tmp_path / "here").read_text() == "yes"


def test_the_last_json_object_is_found_behind_other_words() -> None:
    program = "import sys; print('{\"a\": 1}'); print('done', file=sys.stderr)"
    assert last_json(run_process("writer", (*PYTHON, program))) == {"a": 1}
    with pytest.raises(EngineError, match="without its answer"):
        last_json(run_process("silent", (*PYTHON, "pass")))


def test_a_failure_is_told_with_its_status_and_last_line() -> None:
    with pytest.raises(EngineError, match="peer ended with status 3: no weights"):
        run_process("peer", (*PYTHON, "import sys; print('no weights'); sys.exit(3)"))


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(EngineError, match="peer could not be started: nowhere-at-all: No such file"):
        run_process("peer", ("nowhere-at-all",))


def test_interrupted_it_takes_the_command_with_it(tmp_path: Path) -> None:
    """Ctrl-C is a KeyboardInterrupt out of a signal; here the command itself sends one, and would then go on."""
    program = (
        "import os, signal, sys; open('pid', 'w').write(str(os.getpid())); "
        f"os.kill({os.getpid()}, signal.SIGUSR1); signal.pause()"
    )
    watched: list[int] = []

    def interrupt(*_: object) -> None:
        watched.append(os.pidfd_open(int((tmp_path / "pid").read_text())))
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            run_process("endless", (*PYTHON, program), folder=tmp_path)
    finally:
        signal.signal(signal.SIGUSR1, before)
    [ended] = watched
    assert select.select([ended], [], [], 30)[0] == [ended]
    os.close(ended)
