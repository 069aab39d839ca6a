"""Whether the parts of one request fit together: the choices, and the pictures that come with them. Pure."""

from nst_engine.contract.params import MAX_FRAMES, MAX_STYLES, Init, StylizeParams
from nst_engine.contract.plan import Size
from nst_engine.errors import BadInput

MAX_ANIMATION_PIXELS = 2**27
"""Of all painted frames together, since all are kept until the file is written: 400 MB."""
_ORDINALS = ("first", "second", "third", "fourth")


def check_request(params: StylizeParams, *, styles: int, masks: int = 0, has_start: bool = False) -> None:
    """`styles` and `masks` are how many are given, an empty mask counted too. Raises BadInput with one sentence."""
    if not 1 <= styles <= MAX_STYLES:
        raise BadInput(f"There are {styles} styles; give 1 to {MAX_STYLES}.")
    _check_one_each(len(params.style_weights), "style weight", styles)
    _check_one_each(masks, "mask", styles)
    if params.timelapse_frames and params.frames > 1:
        raise BadInput(f"A timelapse shows how one picture is painted, and up to {params.frames} frames are asked for.")
    if params.init is Init.PICTURE and not has_start:
        raise BadInput("To start from a picture, that picture is needed too.")
    if has_start and params.init is not Init.PICTURE:
        otherwise = "as the recipe says" if params.init is None else f"from {params.init}"
        raise BadInput(f"There is a picture to start from, but the painting is to start {otherwise}.")


def most_frames(size: Size) -> int:
    """How many frames of `size` an animation may have at most."""
    return max(1, min(MAX_FRAMES, MAX_ANIMATION_PIXELS // (size[0] * size[1])))


def check_frames(frames: int, size: Size) -> None:
    """Whether so many frames of `size` can be painted. Raises BadInput with how many can."""
    most = most_frames(size)
    if frames > most:
        at_most = "only 1" if most == 1 else f"at most {most}"
        raise BadInput(f"There are {frames} frames to paint; of {size[0]}×{size[1]} pixels {at_most} can be painted.")


def name_of(part: str, index: int, count: int) -> str:
    """What to call one of several in messages: "style" where it is alone, else "second style"."""
    return part if count == 1 else f"{_ORDINALS[index]} {part}"


def _check_one_each(given: int, what: str, styles: int) -> None:
    if given in (0, styles):
        return
    there_are = f"is 1 {what}" if given == 1 else f"are {given} {what}s"
    each = "the style" if styles == 1 else f"each of the {styles} styles"
    raise BadInput(f"There {there_are}; give one for {each}, or none at all.")
