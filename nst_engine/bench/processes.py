"""Whole processes, from start to end: seconds, peak memory, and what they said. Knows no torch."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nst_engine.errors import EngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A process that ended well. `said` is all that it wrote."""

    seconds: float
    peak_memory_bytes: int
    """The highest resident size of the process; not counting its own children, nor a GPU's memory."""
    said: str


def run_process(
    name: str, command: Sequence[str], *, folder: Path | None = None, more_environment: Mapping[str, str] | None = None
) -> Ended:
    """Run a command to its end, in `folder`. Raises EngineError with its last line where it fails.

    It inherits how our threads wait for each other, which on a busy machine is to its advantage.
    """
    status, answer, said = _launch(command, folder, {**os.environ, **_finding_us(), **(more_environment or {})})
    last = said.splitlines()[-1] if said else "it said nothing"
    if status != 0:
        raise EngineError(f"{name} could not be started: {last}")
    measured = json.loads(answer)
    if measured["status"] != 0:
        raise EngineError(f"{name} ended with status {measured['status']}: {last}")
    return Ended(seconds=measured["seconds"], peak_memory_bytes=measured["peak_memory_bytes"], said=said)


def last_json(ended: Ended) -> dict[str, object]:
    """The JSON object in the last line that a program of ours wrote. Progress bars may stand before it."""
    for line in reversed(ended.said.splitlines()):
        if line.startswith("{"):
            found: dict[str, object] = json.loads(line)
            return found
    raise EngineError("a program of ours ended without its answer")


def _launch(command: Sequence[str], folder: Path | None, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Status, stdout and stderr of the launcher, which ends with the command, and the command with us."""
    with subprocess.Popen(
        [sys.executable, "-m", "nst_engine.bench.launcher", *command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as launcher:
        try:
            answer, said = launcher.communicate()
        finally:
            if launcher.poll() is None:
                os.killpg(launcher.pid, signal.SIGKILL)
                launcher.wait()
    return launcher.returncode, answer, said.strip()


def _finding_us() -> Mapping[str, str]:
    """A process in another folder finds the package where this one did, though it be not installed."""
    here = str(Path(__file__).resolve().parents[2])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths)}
