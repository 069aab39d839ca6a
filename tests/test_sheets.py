"""Contact sheets: their layout, and captions that say how each column was painted."""

from PIL import Image

from nst_engine.contract.params import PresetName, StylizeParams
from tests.sheets import CAPTION_PX, COLUMN_PX, GAP_PX, PAPER_WHITE, Column, sheet


def test_a_sheet_has_a_row_for_each_pair_and_a_column_for_each_caption() -> None:
    red, blue = Image.new("RGB", (40, 20), (255, 0, 0)), Image.new("RGB", (20, 40), (0, 0, 255))
    found = sheet([[red, blue], [blue, red]], ["photo", "style"])
    assert found.width == 2 * (COLUMN_PX + GAP_PX) + GAP_PX
    assert found.height == CAPTION_PX + 2 * COLUMN_PX + 3 * GAP_PX
    middle = CAPTION_PX + GAP_PX + COLUMN_PX // 2
    assert found.getpixel((GAP_PX + COLUMN_PX // 2, middle)) == (255, 0, 0)
    assert found.getpixel((2 * GAP_PX + COLUMN_PX + COLUMN_PX // 2, middle)) == (0, 0, 255)
    assert found.getpixel((2, 2)) == PAPER_WHITE


def test_a_caption_tells_of_fewer_steps_than_the_recipe_has() -> None:
    whole = Column(params=StylizeParams(preset=PresetName.SEED, size=256))
    fewer = Column(params=StylizeParams(preset=PresetName.SEED, size=128, steps=300))
    assert whole.caption == "seed at 256 px"
    assert fewer.caption == "seed at 128 px, 300 of its 2000 steps"
