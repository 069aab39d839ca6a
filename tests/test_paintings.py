"""The sample paintings are rich, repeatable and quick, and drawn by code alone."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.paintings.gallery import GALLERY, painting_named
from bot.paintings.marbling import Drop, Swirl, Tine, _before_swirl, _before_tine, _ink_under
from bot.paintings.strokes import flow_of
from bot.paintings.texture import curve, ramp, step

NAMES = [painting.name for painting in GALLERY]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Image.Image]:
    return {painting.name: painting.draw(0) for painting in GALLERY}


def test_there_are_at_least_four_and_each_is_found_by_its_name() -> None:
    assert len(set(NAMES)) == len(GALLERY) >= 4
    assert [painting_named(name).name for name in NAMES] == NAMES
    with pytest.raises(KeyError, match="there are night, wave"):
        painting_named("mona-lisa")


@pytest.mark.parametrize("name", NAMES)
def test_a_painting_is_about_768_pixels_of_rgb(drawn: dict[str, Image.Image], name: str) -> None:
    assert drawn[name].mode == "RGB"
    assert 700 <= max(drawn[name].size) <= 800


@pytest.mark.parametrize("name", NAMES)
def test_a_painting_has_a_strong_palette_and_texture_at_every_scale(drawn: dict[str, Image.Image], name: str) -> None:
    picture = drawn[name]
    saturation = np.asarray(picture.convert("HSV"), np.float32)[..., 1]
    assert np.percentile(saturation, 75) > 90
    for smaller in (1, 2, 4, 8, 16):
        grey = np.asarray(picture.reduce(smaller).convert("L"), np.float32)
        neighbours = np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()
        assert neighbours > 8, smaller


@pytest.mark.parametrize("name", ["wave", "meadow"])
def test_the_same_seed_gives_the_same_painting_and_another_seed_another(
    drawn: dict[str, Image.Image], name: str
) -> None:
    painting = painting_named(name)
    assert painting.draw(0).tobytes() == drawn[name].tobytes()
    assert painting.draw(1).tobytes() != drawn[name].tobytes()


def test_the_program_writes_the_paintings_that_are_asked_for(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "bot.paintings", str(tmp_path / "new"), "wave"]
    done = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == [str(tmp_path / "new" / "wave.png")]
    with Image.open(tmp_path / "new" / "wave.png") as written:
        assert written.size == (768, 560)


def test_the_program_names_what_there_is_when_it_is_asked_for_something_else(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "bot.paintings", str(tmp_path), "mona-lisa"]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "no painting is called mona-lisa; there are night, wave" in done.stderr


def test_a_curve_goes_through_its_points() -> None:
    points = [(0.0, 0.0), (10.0, 5.0), (20.0, -3.0)]
    np.testing.assert_allclose(curve(points, steps=8)[::8], points, atol=1e-5)


def test_a_ramp_mixes_halfway_between_two_stops() -> None:
    colours = ramp(np.array([[0.5]], np.float32), ((0.0, (0, 0, 0)), (1.0, (100, 200, 50))))
    np.testing.assert_allclose(colours[0, 0], (50, 100, 25))


def test_a_step_is_a_half_at_its_edge() -> None:
    np.testing.assert_allclose(step(np.array([0.0, 5.0, 9.0], np.float32), 5, 2), (0, 0.5, 1))


def test_the_flow_runs_along_the_level_lines() -> None:
    down = np.repeat(np.arange(8, dtype=np.float32)[:, None], 8, axis=1)
    np.testing.assert_allclose(flow_of(down), 0)  # the stream function rises downwards: the flow runs right


def test_ink_keeps_its_area_when_a_drop_falls_into_it() -> None:
    side = np.arange(-60, 60)
    where = (side[None, :] + 1j * side[:, None]).astype(np.complex64).ravel()
    ink = _ink_under(where, [Drop(0j, 30, 1), Drop(3 + 2j, 25, 2)])
    assert (ink == 1).sum() == pytest.approx(np.pi * 30**2, rel=0.02)
    assert (ink == 2).sum() == pytest.approx(np.pi * 25**2, rel=0.02)


def test_a_tine_drags_the_ink_under_it_by_its_whole_pull() -> None:
    before = _before_tine(np.array([10 + 40j], np.complex64), Tine(10 + 0j, np.pi / 2, 30, 15))
    np.testing.assert_allclose(before, [10 + 10j], atol=1e-5)


def test_a_swirl_turns_ink_about_its_centre() -> None:
    before = _before_swirl(np.array([50 + 0j], np.complex64), Swirl(0j, 50, 50 * np.pi / 2, 20))
    np.testing.assert_allclose(before, [-50j], atol=1e-4)
