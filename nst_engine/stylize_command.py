"""What `python -m nst_engine stylize` does around the painting: cheap checks first, then a bar. Imports torch last."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, assert_never

from nst_engine.contract.events import Finished, Progress, Started, Stopped, Summary
from nst_engine.contract.params import StylizeParams
from nst_engine.contract.plan import Size
from nst_engine.errors import BadInput, EngineError
from nst_engine.images import format_for, read_picture
from nst_engine.progress_bar import ProgressBar
from nst_engine.shell import raising_on_interrupt

if TYPE_CHECKING:
    from nst_engine.vgg import Vgg19

SECONDS_BETWEEN_REPORTS = 0.5


class Sizes(NamedTuple):
    """The inputs' sizes as they are read, in pixels."""

    content: Size
    style: Size


def check_output(output: Path, content: Path, style: Path) -> None:
    """Refuse what could not or should not be written at the end, before any work is done. Raises BadInput."""
    try:
        _check_name(output)
        for picture, name in ((content, "content"), (style, "style")):
            if output.exists() and picture.exists() and output.samefile(picture):
                raise BadInput(f"{output}: is the {name} picture itself; take another name for the result")
    except OSError as error:
        raise BadInput(f"{output}: cannot be written ({error.strerror})") from error
    try:
        with tempfile.TemporaryFile(dir=output.parent):
            pass
    except OSError as error:
        raise BadInput(f"{output.parent}: cannot be written in ({error.strerror})") from error


def _check_name(output: Path) -> None:
    if output.is_dir():
        raise BadInput(f"{output}: is a folder; the name of a picture file is needed")
    format_for(output)
    if not output.parent.is_dir():
        raise BadInput(f"{output.parent}: there is no such folder to write {output.name} in")


def read_sizes(content: Path, style: Path) -> Sizes:
    """Read both pictures, before the network is loaded. Raises BadPicture."""
    return Sizes(read_picture(content, name="content").size, read_picture(style, name="style").size)


def paint_with_bar(content: Path, style: Path, params: StylizeParams, output: Path, network: "Vgg19") -> Summary:
    """Paint with a progress bar on stderr. Ctrl-C is a KeyboardInterrupt, so that no half-written file stays."""
    from nst_engine.paint import paint  # noqa: PLC0415 - imports torch, after the cheap checks

    events = paint(content, [style], params, output, network, report_every_seconds=SECONDS_BETWEEN_REPORTS)
    with raising_on_interrupt(), ProgressBar() as bar:
        for event in events:
            match event:
                case Started():
                    bar.begin(event.steps)
                case Progress():
                    bar.show(event)
                case Finished():
                    return event.summary
                case Stopped():
                    break
                case _:
                    assert_never(event)
    raise EngineError("the painting ended without a picture")
