"""What is decided about a request once its pictures have been read, and where a result may not go."""

from dataclasses import replace
from pathlib import Path

import pytest

from nst_engine.contract.params import StylizeParams
from nst_engine.errors import BadInput
from nst_engine.stylize_command import Inputs, check_places, check_suffixes, with_frames
from nst_engine.stylize_request import Request


def request(
    output: str = "out.webp", frames: int | None = None, timelapse: str | None = None, size: int = 512
) -> Request:
    return Request(
        content=Path("c.gif"),
        styles=(Path("s.png"),),
        masks=(),
        start=None,
        output=Path(output),
        timelapse=Path(timelapse) if timelapse else None,
        frames=frames,
        params=StylizeParams(size=size, frames=frames or 1),
    )


def frames_of(asked: Request, frames: int) -> int:
    return with_frames(asked, Inputs(content=(400, 400), styles=((9, 9),), frames=frames)).params.frames


@pytest.mark.parametrize("output", ["out.webp", "out.gif", "out.png"])
def test_all_frames_are_painted_where_the_output_can_hold_them(output: str) -> None:
    assert frames_of(request(output), 7) == 7
    assert frames_of(request(output), 1000) == 240


def test_no_more_frames_are_painted_than_the_memory_holds() -> None:
    assert frames_of(request(size=2048), 100) == 32


@pytest.mark.parametrize(
    "asked", [request("out.jpg"), request(timelapse="way.webp"), request(frames=1)], ids=["jpg", "timelapse", "one"]
)
def test_otherwise_the_first_frame_is_painted(asked: Request) -> None:
    assert frames_of(asked, 7) == 1


def test_as_many_frames_are_painted_as_were_asked_for() -> None:
    assert frames_of(request(frames=3), 7) == 3
    assert frames_of(request(frames=30), 7) == 7
    assert frames_of(request(frames=30), 1) == 1


def test_more_frames_than_the_memory_holds_are_refused() -> None:
    with pytest.raises(BadInput, match=r"There are 7 frames to paint; of 8192×8192 pixels at most 2 can be painted\."):
        frames_of(request(frames=9, size=8192), 7)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (request("out.gif"), r"out\.gif has \.gif; a picture is written as"),
        (request("out.jpg", frames=5), r"out\.jpg has \.jpg; an animation is written as"),
        (request("out.png", timelapse="way"), "way has no suffix; an animation is written as"),
    ],
)
def test_a_file_that_cannot_hold_the_result_is_refused(asked: Request, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        check_suffixes(asked)


class TestPlaces:
    @pytest.fixture
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        for name in ("c.gif", "s.png", "m.png"):
            Path(name).touch()
        return tmp_path

    def test_a_new_file_and_an_older_result_are_fine(self, here: Path) -> None:
        check_places(request())
        Path("out.webp").touch()
        check_places(request(timelapse="way.webp"))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"output": Path("c.gif")}, "is the content picture itself"),
            ({"output": Path("s.png")}, "is the style picture itself"),
            ({"output": Path("m.png")}, "is the mask picture itself"),
            ({"timelapse": Path("c.gif")}, "c.gif: is the content picture itself"),
            ({"timelapse": Path("none/way.webp")}, "there is no such folder to write way.webp in"),
            ({"timelapse": Path("./out.webp")}, "is to be the result; take another name for the timelapse"),
            ({"start": Path("out.webp")}, "is the start picture itself"),
        ],
    )
    def test_a_result_never_takes_the_place_of_an_input(self, changes: dict[str, Path], words: str, here: Path) -> None:
        Path("out.webp").touch()
        with pytest.raises(BadInput, match=words):
            check_places(replace(request(), masks=(Path("m.png"),), **changes))  # type: ignore[arg-type]  # all Paths
