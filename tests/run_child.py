"""A script: the GPU child with a painter that has no network. What it does is the name of the content picture."""

import os
import sys
import threading
from collections.abc import Callable, Iterator

from nst_engine.child import ChildSettings, PaintEvent, parse_settings, run
from nst_engine.contract.commands import Paint
from nst_engine.contract.events import Progress, Started, Stopped
from nst_engine.errors import BadPicture, BadWeights, NotFinite, OutOfMemory

ERRORS: dict[str, Exception] = {
    "bad picture": BadPicture("The content picture is empty."),
    "not finite": NotFinite(7),
    "out of memory": OutOfMemory("the GPU's memory does not hold a picture of 2048 pixels"),
    "no memory": MemoryError(),
    "bug": KeyError("conv5_1"),
    "broken device": RuntimeError("CUDA error: an illegal memory access was encountered"),
}


class ScriptedPainter:
    device = "scripted"

    def paint(self, command: Paint, should_stop: Callable[[], bool]) -> Iterator[PaintEvent]:
        yield Started(width=1, height=1, steps=1)
        act = command.content.name
        if act in ERRORS:
            raise ERRORS[act]
        if act == "prints":
            print('{"kind": "finished"}')
            os.write(1, b"a stray byte\n")
        if act == "until stopped":
            yield Progress(step=1, steps=1, steps_per_second=1.0, seconds_left=1.0)
            while not should_stop():
                threading.Event().wait(0.005)
        if act != "nothing":  # a painter that forgets its last word
            yield Stopped()

    def is_broken_by(self, error: Exception) -> bool:
        return "CUDA" in str(error)

    def tidy(self) -> None:
        print("tidied", flush=True)


def load(settings: ChildSettings) -> ScriptedPainter:
    if settings.weights == "bad":
        raise BadWeights("vgg.pth: there is no such weights file")
    if settings.weights == "bug":
        raise KeyError("features.0.weight")
    return ScriptedPainter()


if __name__ == "__main__":
    os._exit(run(parse_settings(sys.argv[1:]), load))
