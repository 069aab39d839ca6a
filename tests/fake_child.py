"""A GPU child without torch, which does as it is told for each attempt. Also a script, that needs no package at all.

It writes its JSON by hand, so that a changed wire format shows here.
"""

import base64
import json
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

PREVIEW = b"\xff\xd8 a small preview"
SUMMARY = {
    "width": 64,
    "height": 48,
    "steps": 3,
    "seconds": 0.5,
    "peak_memory_bytes": 1,
    "content_loss": 0.25,
    "style_loss": 0.125,
    "device": "fake",
}
SECONDS_BETWEEN_STEPS = 0.01


def fake_child(folder: Path, plan: Mapping[str, Sequence[str]], starts: Sequence[str] = ()) -> tuple[str, ...]:
    """The command line. `plan` has what to do at each attempt of a job, `starts` what to do at each start.

    Beyond their ends it succeeds. What happened is written to `folder`: see `lives` and `attempts`.
    """
    return (sys.executable, "-I", "-S", __file__, str(folder), json.dumps(plan), json.dumps(starts))


def lives(folder: Path) -> list[int]:
    """The process ids of the children that were started, in order."""
    return [int(line) for line in _lines(folder / "lives")]


def attempts(folder: Path) -> list[str]:
    """The keys of the jobs that children were told to paint, in order."""
    return _lines(folder / "attempts")


def open_gate(folder: Path) -> None:
    """Let a child that does "gate" finish."""
    (folder / "gate").touch()


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _write_line(path: Path, line: object) -> None:
    with path.open("a") as file:
        file.write(f"{line}\n")


class _Child:
    def __init__(self, folder: Path, plan: dict[str, list[str]]) -> None:
        self.folder = folder
        self.plan = plan
        self.stopped = ""
        self.paintings: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def listen(self) -> None:
        for line in sys.stdin.buffer:
            command = json.loads(line)
            if command["kind"] == "stop":
                self.stopped = command["job"]
            else:
                self.paintings.put(command)
        os._exit(0)

    def paint_all(self) -> NoReturn:
        while True:
            command = self.paintings.get()
            _write_line(self.folder / "attempts", command["job"])
            job_id, _, epoch = command["job"].rpartition("/")
            acts = self.plan.get(job_id, [])
            act = acts[int(epoch) - 1] if int(epoch) <= len(acts) else "succeed"
            say("started", width=64, height=48, steps=3)
            progress(1)
            _ACTS[act](self, command)


def say(kind: str, **fields: Any) -> None:
    write(json.dumps({"kind": kind, **fields}).encode() + b"\n")


def write(data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(1, rest) :]


def progress(step: int) -> None:
    preview = base64.b64encode(PREVIEW).decode() if step == 1 else None
    say("progress", step=step, steps=3, steps_per_second=2.0, seconds_left=0.5, preview=preview)


def _finish(command: dict[str, Any]) -> None:
    Path(command["output"]).write_bytes(b"picture of " + command["job"].encode())
    if command["timelapse"]:
        Path(command["timelapse"]).write_bytes(b"timelapse of " + command["job"].encode())
    say("finished", summary=SUMMARY)


def _succeed(child: _Child, command: dict[str, Any]) -> None:
    progress(2)
    progress(3)
    _finish(command)


def _until(child: _Child, command: dict[str, Any], ended: Callable[[], bool]) -> None:
    while not ended():
        progress(2)
        time.sleep(SECONDS_BETWEEN_STEPS)


def _gate(child: _Child, command: dict[str, Any]) -> None:
    _until(child, command, lambda: (child.folder / "gate").exists() or child.stopped == command["job"])
    if child.stopped == command["job"]:
        say("stopped")
    else:
        _finish(command)


def _crash(child: _Child, command: dict[str, Any]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _exit(child: _Child, command: dict[str, Any]) -> None:
    os._exit(7)


def _hang(child: _Child, command: dict[str, Any]) -> None:
    threading.Event().wait()


def _ignore_stop(child: _Child, command: dict[str, Any]) -> None:
    _until(child, command, lambda: False)


def _garbage(child: _Child, command: dict[str, Any]) -> None:
    write(b"Downloading: 100%\n")
    _hang(child, command)


def _huge_line(child: _Child, command: dict[str, Any]) -> None:
    write(b"x" * 2 * 1024 * 1024 + b"\n")
    _hang(child, command)


def _half_line(child: _Child, command: dict[str, Any]) -> None:
    write(b'{"kind": "finis')
    os._exit(7)


def _close_wire(child: _Child, command: dict[str, Any]) -> None:
    os.close(1)
    _hang(child, command)


def _copy(child: _Child, command: dict[str, Any]) -> None:
    """Writes as its picture, in JSON, what it was given: the name of each file and what was in it."""
    given = {name: _contents(command[name]) for name in ("content", "styles", "masks", "start")}
    given["asked for"] = [command[name] and Path(command[name]).name for name in ("output", "timelapse")]
    Path(command["output"]).write_text(json.dumps(given))
    say("finished", summary=SUMMARY)


def _contents(paths: list[str | None] | str | None) -> Any:
    if isinstance(paths, list):
        return [_contents(path) for path in paths]
    return paths and Path(paths).read_text()


def _no_picture(child: _Child, command: dict[str, Any]) -> None:
    say("finished", summary=SUMMARY)


def _fail(child: _Child, command: dict[str, Any]) -> None:
    say("failed", reason="bad_picture", detail="The style picture is 3x3 pixels.")


def _stop_unasked(child: _Child, command: dict[str, Any]) -> None:
    say("stopped")


def _talk_on(child: _Child, command: dict[str, Any]) -> None:
    _finish(command)
    progress(3)


_ACTS: dict[str, Callable[[_Child, dict[str, Any]], None]] = {
    "succeed": _succeed,
    "gate": _gate,
    "crash": _crash,
    "exit": _exit,
    "hang": _hang,
    "ignore stop": _ignore_stop,
    "garbage": _garbage,
    "huge line": _huge_line,
    "half line": _half_line,
    "close wire": _close_wire,
    "no picture": _no_picture,
    "copy": _copy,
    "fail": _fail,
    "stop unasked": _stop_unasked,
    "talk on": _talk_on,
}


def main() -> None:
    folder, plan, starts = Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
    _write_line(folder / "lives", os.getpid())
    life = len(lives(folder)) - 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = _Child(folder, plan)
    threading.Thread(target=child.listen, daemon=True).start()
    match starts[life] if life < len(starts) else "ready":
        case "no weights":
            say("failed", reason="engine_error", detail="vgg.pth: there is no such weights file")
            os._exit(3)
        case "exit":
            os._exit(9)
        case "other word":
            progress(1)
        case "silence":
            threading.Event().wait()
    say("ready", device="fake")
    child.paint_all()


if __name__ == "__main__":
    main()
