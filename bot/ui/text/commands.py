"""What commands, their options and buttons are called; Discord shows them in the reader's own language."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.ui.text.names import cut
from bot.ui.words import Words, later
from nst_engine.contract.params import KeepColours, PresetName

LONGEST_CHOICE = 100

STYLIZE_DESCRIPTION = later("Paint one picture in the style of another")
STYLIZE_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "content": later("The picture to paint: a photo, for example"),
        "style": later("The picture whose style to use: a painting, for example"),
        "from_library": later("Styles of this server by name, with commas between them"),
        "avatar": later("Paint somebody's avatar"),
        "emoji": later("Paint an emoji or a sticker"),
        "strength": later("How much of the style, from 0 to 100"),
        "keep_colours": later("Whose colours the result has"),
        "size": later("Longer side of the result in pixels"),
        "style2": later("A second style"),
        "style3": later("A third style"),
        "style4": later("A fourth style"),
        "weights": later("How much of each style, in their order: 2, 1 or 70% 30%"),
        "style_scale": later("Size of the strokes: 1 as in the painting, 2 twice as large"),
        "preset": later("The recipe to paint by"),
        "seed": later("Another number paints another variation"),
        "spoiler": later("Cover the result until somebody chooses to look"),
        "private": later("Only you see the result"),
    }
)
PRESET_NAMES: Mapping[PresetName, str] = MappingProxyType(
    {
        PresetName.DEFAULT: later("default: the best for most pictures"),
        PresetName.PAPER: later("paper: as Gatys, Ecker and Bethge published it"),
        PresetName.SEED: later("seed: many small steps, slow"),
    }
)
COLOURS: Mapping[KeepColours, str] = MappingProxyType(
    {
        KeepColours.NO: later("no: the style's colours"),
        KeepColours.LUMINANCE: later("light and dark only: every colour stays in its place"),
        KeepColours.TRANSFER: later("the photo's palette: its colours, mixed anew"),
    }
)
STYLIZE_PICTURE = later("Stylize this picture")
USE_AS_STYLE = later("Use as style")
STYLIZE_AVATAR = later("Stylize avatar")


def emoji_choice(name: str, say: Words) -> str:
    return cut(say("{name} (emoji)", name=name), LONGEST_CHOICE)


def sticker_choice(name: str, say: Words) -> str:
    return cut(say("{name} (sticker)", name=name), LONGEST_CHOICE)
