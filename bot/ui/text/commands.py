"""What commands, their options and buttons are called; Discord shows them in the reader's own language."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.ui.words import later
from nst_engine.contract.params import PresetName

STYLIZE_DESCRIPTION = later("Paint one picture in the style of another")
CONTENT_OPTION = later("The picture to paint: a photo, for example")
STYLE_OPTION = later("The picture whose style to use: a painting, for example")
STRENGTH_OPTION = later("How much of the style, from 0 to 100; 50 if you leave it out")
SIZE_OPTION = later("Longer side of the result in pixels")
PRESET_OPTION = later("The recipe to paint by")
PRESET_NAMES: Mapping[PresetName, str] = MappingProxyType(
    {
        PresetName.DEFAULT: later("default: the best for most pictures"),
        PresetName.PAPER: later("paper: as Gatys, Ecker and Bethge published it"),
        PresetName.SEED: later("seed: many small steps, slow"),
    }
)
