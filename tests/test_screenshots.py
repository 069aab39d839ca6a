"""`make screenshots`: the whole command in its quick way, and what becomes of a picture."""

import asyncio
import io
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from nst_engine.contract.params import StylizeParams
from tests.screenshots.browser import is_installed
from tests.screenshots.painting import painted, photograph, pretended
from tests.screenshots.pictures import BETWEEN, GAP_PX, MOST_BYTES, framed, side_by_side, small_png

PROJECT = Path(__file__).resolve().parent.parent
NAMES = {"waiting", "card", "result", "thread", "tweak", "styles", "style", "menu", "help", "config", "welcome"} | {
    *("challenge", "manage", "gallery", "podium", "duel"),
}


async def screenshots(*arguments: str, **environment: str) -> tuple[int | None, str]:
    """The command's exit status and what it said on stderr."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.screenshots",
        *arguments,
        cwd=PROJECT,
        env=os.environ | environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()
    return process.returncode, err.decode()


async def test_one_command_takes_every_picture(tmp_path: Path) -> None:
    if not await is_installed():
        pytest.skip("there is no Chromium here; `playwright install chromium` gets one")
    assert await screenshots("--quick", "--out", str(tmp_path)) == (0, "")
    found = {path.stem: path for path in tmp_path.iterdir()}
    assert found.keys() == NAMES
    for path in found.values():
        assert path.stat().st_size <= MOST_BYTES
        with Image.open(path) as shot:
            assert shot.format == "PNG"
            assert min(shot.size) > 200
            assert len(shot.convert("RGB").getcolors(shot.width * shot.height) or []) > 20, "not an empty page"


async def test_without_a_browser_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    nowhere = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    status, said = await screenshots("--out", str(tmp_path), PLAYWRIGHT_DOWNLOAD_HOST="http://127.0.0.1:9", **nowhere)
    assert status == 1
    assert "install Debian's package chromium, or run" in said.splitlines()[-1]
    assert "Traceback" not in said
    assert not list(tmp_path.glob("*.png"))


@pytest.mark.slow
def test_what_the_engine_said_is_kept_and_said_again(tmp_path: Path) -> None:
    params = StylizeParams(size=64, steps=3)
    first = painted(photograph(), tmp_path, params)
    assert painted(photograph(), tmp_path, params) == first
    assert first.summary.steps == first.previews[-1].step == 3
    with Image.open(io.BytesIO(first.result)) as result:
        assert max(result.size) == 64


def test_the_report_nearest_to_a_share_of_the_way_is_taken() -> None:
    painting = pretended(photograph())
    assert [painting.about(share).step for share in (0.0, 0.52, 1.0)] == [8, 40, 72]


def test_a_page_of_few_colours_keeps_each_of_them() -> None:
    page = Image.new("RGB", (300, 200), (49, 51, 56))
    page.paste((88, 101, 242), (20, 20, 100, 60))
    with Image.open(io.BytesIO(small_png(page))) as small:
        assert small.mode == "P"
        assert small.convert("RGB").tobytes() == page.tobytes()


def test_around_a_photograph_plain_areas_stay_plain() -> None:
    page = Image.new("RGB", (600, 500), (49, 51, 56))
    with Image.open(io.BytesIO(photograph())) as cat:
        page.paste(cat.convert("RGB"), (70, 100))
    with Image.open(io.BytesIO(small_png(page))) as small:
        assert small.convert("RGB").crop((0, 0, 600, 90)).getcolors() == [(600 * 90, (49, 51, 56))]


def test_a_picture_that_would_be_too_large_is_made_smaller() -> None:
    noise = Image.frombytes("RGB", (700, 700), os.urandom(700 * 700 * 3))
    data = small_png(noise)
    assert len(data) <= MOST_BYTES
    with Image.open(io.BytesIO(data)) as small:
        assert small.width < 700


def test_pictures_stand_side_by_side_and_in_a_frame_of_their_own_colour() -> None:
    red, blue = Image.new("RGB", (40, 20), (255, 0, 0)), Image.new("RGB", (20, 40), (0, 0, 255))
    both = side_by_side([red, blue])
    assert both.size == (60 + GAP_PX, 40)
    assert [both.getpixel(at) for at in ((0, 0), (40, 0), (0, 30), (40 + GAP_PX, 39))] == [
        (255, 0, 0),
        BETWEEN,
        BETWEEN,
        (0, 0, 255),
    ]
    assert framed(red).getpixel((0, 0)) == (255, 0, 0)
    assert framed(red).width > red.width
