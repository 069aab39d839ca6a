"""The pairs of pictures that are painted: a folder's, those named, or the project's own samples. Knows no torch."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nst_engine.contract.plan import Size, fit
from nst_engine.errors import BadInput
from nst_engine.images import read_picture

CONTENT_MARK = "-content"
STYLE_MARK = "-style"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A photograph and the painting in whose style it is painted."""

    name: str
    content: Path
    style: Path

    def size(self, longer_side: int) -> Size:
        """(width, height) of the result with this longer side. Raises BadPicture."""
        return fit(read_picture(self.content, name="content").size, longer_side)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """A photograph that comes with scikit-image, and one of the paintings that `python -m bot.paintings` draws."""

    photograph: str
    painting: str


SAMPLES = (
    _Sample(photograph="astronaut.png", painting="night"),
    _Sample(photograph="chelsea.png", painting="marbling"),
    _Sample(photograph="coffee.png", painting="geometry"),
    _Sample(photograph="rocket.jpg", painting="wave"),
    _Sample(photograph="motorcycle_left.png", painting="glass"),
    _Sample(photograph="hubble_deep_field.jpg", painting="meadow"),
)


def named_pairs(pictures: Sequence[tuple[Path, Path]]) -> tuple[Pair, ...]:
    """Pairs named on the command line. Raises BadPicture for what is no picture."""
    pairs = tuple(
        Pair(name=f"{content.stem} × {style.stem}", content=content, style=style) for content, style in pictures
    )
    return _checked(pairs)


def pairs_in(folder: Path) -> tuple[Pair, ...]:
    """The pairs NAME-content.* and NAME-style.* of a folder, by name. Raises BadInput where one half is missing."""
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder to take pairs from")
    contents, styles = _marked(folder, CONTENT_MARK), _marked(folder, STYLE_MARK)
    if not contents and not styles:
        raise BadInput(f"{folder}: has no pairs; name them NAME{CONTENT_MARK}.jpg and NAME{STYLE_MARK}.jpg")
    for name in sorted(contents.keys() ^ styles.keys()):
        missing = STYLE_MARK if name in contents else CONTENT_MARK
        raise BadInput(f"{folder}: {name}{missing}.* is missing, the other half of {name} is there")
    return _checked(tuple(Pair(name=name, content=contents[name], style=styles[name]) for name in sorted(contents)))


def sample_pairs(folder: Path, count: int = len(SAMPLES)) -> tuple[Pair, ...]:
    """The first `count` of the project's own pairs; the paintings are drawn into `folder`, by a process of the bot's.

    Raises BadInput where scikit-image or the bot's package is not installed.
    """
    samples = SAMPLES[:count]
    source = photographs()
    missing = [sample.photograph for sample in samples if not (source / sample.photograph).is_file()]
    if missing:
        raise BadInput(f"scikit-image has no {missing[0]} here; install another version, or give --pairs")
    _draw([sample.painting for sample in samples], folder)
    return tuple(
        Pair(
            name=f"{Path(sample.photograph).stem} × {sample.painting}",
            content=source / sample.photograph,
            style=folder / f"{sample.painting}.png",
        )
        for sample in samples
    )


def photographs() -> Path:
    """scikit-image's folder of pictures, found without running any of its code."""
    spec = importlib.util.find_spec("skimage")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise BadInput("the sample photographs come with scikit-image; install the dev extra or give --pairs")
    return Path(places[0]) / "data"


def _draw(names: Sequence[str], folder: Path) -> None:
    """The engine knows nothing of the bot, so that its paintings are asked for as a person would."""
    if importlib.util.find_spec("bot") is None:
        raise BadInput("the sample paintings come with the bot, which is not installed here; give --pairs")
    command = [sys.executable, "-m", "bot.paintings", str(folder), *names]
    drawn = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if drawn.returncode != 0:
        last = (drawn.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BadInput(f"the sample paintings could not be drawn ({last}); give --pairs")


def _marked(folder: Path, mark: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in _files(folder):
        if path.stem.endswith(mark):
            name = path.stem.removesuffix(mark)
            if name in found:
                raise BadInput(f"{folder}: {found[name].name} and {path.name} are both there; leave one of them")
            found[name] = path
    return found


def _files(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise BadInput(f"{folder}: cannot be read ({error.strerror})") from error


def _checked(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """Every picture is read once before any work is done."""
    for pair in pairs:
        read_picture(pair.content, name="content")
        read_picture(pair.style, name="style")
    return pairs
