"""The list of the sample paintings."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from bot.paintings import geometry, glass, marbling, meadow, night, wave


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
)


def painting_named(name: str) -> Painting:
    """Raises KeyError with the names there are."""
    for painting in GALLERY:
        if painting.name == name:
            return painting
    raise KeyError(f"{name}: there are {', '.join(painting.name for painting in GALLERY)}")
