"""What is typed becomes a request; what cannot be is refused with what is allowed, before anything slow is loaded."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from nst_engine.contract.params import Init, KeepColours, Pooling, StylizeParams
from nst_engine.errors import BadInput
from nst_engine.stylize_options import add_stylize_options
from nst_engine.stylize_request import USUAL_TIMELAPSE_FRAMES, Request, request_of

PLAIN = ("c.png", "s.png", "-o", "out.png")


def request(*arguments: str) -> Request:
    parser = argparse.ArgumentParser()
    add_stylize_options(parser)
    return request_of(parser.parse_args(arguments))


def test_content_style_and_output_are_enough_and_the_rest_is_as_usual() -> None:
    assert request(*PLAIN) == Request(
        content=Path("c.png"),
        styles=(Path("s.png"),),
        masks=(),
        start=None,
        output=Path("out.png"),
        timelapse=None,
        frames=None,
        params=StylizeParams(),
    )


@pytest.mark.parametrize(
    "arguments", [("c.png", "a.png", "b.png", "-o", "o.png"), ("-o", "o.png", "c.png", "a.png", "b.png")]
)
def test_several_styles_stand_after_the_content(arguments: tuple[str, ...]) -> None:
    assert request(*arguments).styles == (Path("a.png"), Path("b.png"))


def test_the_style_may_stand_after_the_output() -> None:
    assert request("c.png", "-o", "out.png", "s.png").styles == (Path("s.png"),)


CHOICES = (
    (("--preset", "paper", "--size", "300", "--steps", "7", "--seed", "3"), {"size": 300, "steps": 7, "seed": 3}),
    (("--strength", "70", "--style-scale", "1.5"), {"strength": 70, "style_scale": 1.5}),
    (("--style-weights", "2.5"), {"style_weights": (2.5,)}),
    (("--content-layers", "conv4_2=1"), {"content_layers": (("conv4_2", 1.0),)}),
    (("--style-layers", "conv1_1=0.3, conv2_1=0"), {"style_layers": (("conv1_1", 0.3), ("conv2_1", 0.0))}),
    (("--tv", "0"), {"tv": 0.0}),
    (("--pooling", "average"), {"pooling": Pooling.AVERAGE}),
    (("--keep-colours",), {"keep_colours": KeepColours.LUMINANCE}),
    (("--keep-colours", "transfer"), {"keep_colours": KeepColours.TRANSFER}),
    (("--init", "noise"), {"init": Init.NOISE}),
    (("--start", "p.png"), {"init": Init.PICTURE}),
    (("--start", "p.png", "--init", "picture"), {"init": Init.PICTURE}),
    (("--frames", "9"), {"frames": 9}),
    (("--timelapse", "way.webp"), {"timelapse_frames": USUAL_TIMELAPSE_FRAMES}),
    (("--timelapse", "way.webp", "--timelapse-frames", "5"), {"timelapse_frames": 5}),
)


@pytest.mark.parametrize(("options", "expected"), CHOICES, ids=[" ".join(options) for options, _ in CHOICES])
def test_an_option_is_a_choice(options: tuple[str, ...], expected: dict[str, object]) -> None:
    params = request(*PLAIN, *options).params
    assert {name: getattr(params, name) for name in expected} == expected


@pytest.mark.parametrize("nothing", ["-", "none"])
def test_masks_are_in_the_order_of_the_styles_and_one_may_be_nothing(nothing: str) -> None:
    masks = request("c.png", "a.png", "b.png", "-o", "o.png", "--mask", nothing, "--mask", "m.png").masks
    assert masks == (None, Path("m.png"))


WRONG = (
    (("--style-weights", "1,x"), "'1,x' is not allowed; write it as in 2,1"),
    (("--style-weights", "nan"), "a weight of nan is not allowed; take 0 to 10000"),
    (("--style-weights", "0,0"), "at least one weight must be more than 0"),
    (("--style-weights", "1,2,3,4,5"), "5 weights are too many; there are at most 4 styles"),
    (("--content-layers", "conv9_1=1"), "conv9_1 is no layer; there are conv1_1,"),
    (("--content-layers", "conv4_2"), "'conv4_2' is not allowed; write it as in conv4_1=0.5,conv5_1=1"),
    (("--content-layers", ""), "'' is not allowed; write it as in"),
    (("--style-layers", "conv4_2=inf"), "a weight of inf is not allowed; take 0 to 10000"),
    (("--style-layers", "conv4_2=-1"), "a weight of -1 is not allowed; take 0 to 10000"),
    (("--style-layers", "conv4_2=1,conv4_2=1"), "a layer is named twice"),
    (("--tv", "nan"), "nan is not allowed; take a number from 0 to 10000"),
    (("--tv", "much"), "much is not allowed; take a number from 0 to 10000"),
    (("--style-scale", "0.2"), "0.2 is not allowed; take a number from 0.25 to 4"),
    (("--frames", "0"), "take a whole number from 1 to 240"),
    (("--timelapse-frames", "1"), "take a whole number from 2 to 120"),
    (("--mask", ""), "the name of a file is empty"),
)


@pytest.mark.parametrize(("options", "sentence"), WRONG, ids=[" ".join(options) for options, _ in WRONG])
def test_a_wrong_value_is_refused_with_what_is_allowed(
    options: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        request(*PLAIN, *options)
    assert left.value.code == 2
    assert sentence in capsys.readouterr().err


UNFIT = (
    (("--init", "picture"), "To start from a picture, that picture is needed too."),
    (("--init", "content", "--start", "p.png"), "the painting is to start from content"),
    (("--mask", "a.png", "--mask", "b.png"), "There are 2 masks; give one for the style, or none at all."),
    (("--style-weights", "1,2"), "There are 2 style weights; give one for the style, or none at all."),
    (("--timelapse-frames", "4"), "There are --timelapse-frames but no file for them"),
    (("--timelapse", "w.webp", "--frames", "4"), "up to 4 frames are asked for"),
)


@pytest.mark.parametrize(("options", "sentence"), UNFIT, ids=[" ".join(options) for options, _ in UNFIT])
def test_choices_that_do_not_fit_together_are_one_sentence(options: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        request(*PLAIN, *options)
    assert sentence in str(caught.value)


def test_a_mistake_is_found_without_torch(tmp_path: Path) -> None:
    program = (
        "import sys; from nst_engine.cli import main; status = main(sys.argv[1:]); "
        "sys.exit(status if 'torch' not in sys.modules else 99)"
    )
    arguments = ["stylize", "none.png", "none.png", "-o", str(tmp_path / "out.png")]
    finished = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=False)
    assert finished.returncode == 2
    assert b"there is no file none.png" in finished.stderr
