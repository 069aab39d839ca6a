"""The list of the sample paintings."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from bot.paintings import (
    avenue,
    geometry,
    gilt,
    glass,
    guitar,
    koi,
    linocut,
    marbling,
    meadow,
    night,
    peaks,
    wave,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """`draw(seed)` gives an RGB picture, its longer side about 768 pixels, in a second or a few."""

    name: str
    title: str
    description: str
    draw: Callable[[int], Image.Image]


GALLERY: tuple[Painting, ...] = (
    Painting(
        name="night",
        title="Night wind",
        description="Thick oil strokes along whirls of air, gold stars, dark hills.",
        draw=night.draw,
    ),
    Painting(
        name="wave",
        title="Breaker",
        description="A woodblock print: flat blues, carved lines, foam like claws, a red sun.",
        draw=wave.draw,
    ),
    Painting(
        name="geometry",
        title="Seven rods",
        description="Rings, wedges and chequers in dry-brushed paint on a warm ground.",
        draw=geometry.draw,
    ),
    Painting(
        name="meadow",
        title="Meadow at noon",
        description="Dots of unmixed colour: trees, a sandy path, drifts of flowers.",
        draw=meadow.draw,
    ),
    Painting(
        name="glass",
        title="Rose window",
        description="Stained glass in lead, lit from behind.",
        draw=glass.draw,
    ),
    Painting(
        name="marbling",
        title="Marbled paper",
        description="Drops of ink on water, combed and swirled.",
        draw=marbling.draw,
    ),
    Painting(
        name="linocut",
        title="Birches at sunrise",
        description="A linocut: black gouge marks over flat red, ochre and green, a carved sun.",
        draw=linocut.draw,
    ),
    Painting(
        name="gilt",
        title="Golden tree",
        description="Scrolling branches on gold leaf, over a meadow of rings, eyes and chequered cloth.",
        draw=gilt.draw,
    ),
    Painting(
        name="avenue",
        title="Avenue after rain",
        description="Slabs of wet paint from the knife: autumn leaves, lamps, a shining road.",
        draw=avenue.draw,
    ),
    Painting(
        name="guitar",
        title="Guitar and bottle",
        description="A still life broken into facets, in ochre, umber and slate.",
        draw=guitar.draw,
    ),
    Painting(
        name="koi",
        title="Carp pond",
        description="Watercolour: dark-rimmed washes, blooms and grain, red carp among water lilies.",
        draw=koi.draw,
    ),
    Painting(
        name="peaks",
        title="Blue-green mountains",
        description="Azurite and malachite rocks in ink contours, on old golden silk.",
        draw=peaks.draw,
    ),
)


def painting_named(name: str) -> Painting:
    """Raises KeyError with the names there are."""
    for painting in GALLERY:
        if painting.name == name:
            return painting
    raise KeyError(f"{name}: there are {', '.join(painting.name for painting in GALLERY)}")
