"""The sample paintings are rich, repeatable and quick, and drawn by code alone."""

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.paintings.gallery import GALLERY, painting_named
from bot.paintings.gilt import grown
from bot.paintings.guitar import _planes, _shifted
from bot.paintings.knife import Board, Knife
from bot.paintings.marbling import Drop, Swirl, Tine, _before_swirl, _before_tine, _ink_under
from bot.paintings.silk import Scroll
from bot.paintings.strokes import flow_of
from bot.paintings.texture import box, curve, grid, inside, normals, ramp, step, swelling
from bot.paintings.watercolour import Sheet

NAMES = [painting.name for painting in GALLERY]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Image.Image]:
    return {painting.name: painting.draw(0) for painting in GALLERY}


def test_there_are_twelve_and_each_is_found_by_its_name() -> None:
    assert len(set(NAMES)) == len({painting.title for painting in GALLERY}) == len(GALLERY) == 12
    assert all(name.isascii() and name.isalpha() and name.islower() for name in NAMES)
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


def test_no_two_paintings_have_the_same_palette(drawn: dict[str, Image.Image]) -> None:
    """At most three quarters of two paintings' pixels could be paired by colour, in 64 colours."""
    shares = {}
    for name, picture in drawn.items():
        red, green, blue = np.asarray(picture).reshape(-1, 3).T // 64
        counts = np.bincount(red * 16 + green * 4 + blue, minlength=64)
        shares[name] = counts / counts.sum()
    for one, other in combinations(NAMES, 2):
        assert np.minimum(shares[one], shares[other]).sum() < 0.75, (one, other)


@pytest.mark.parametrize("name", ["wave", "meadow", "gilt"])
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


def test_a_line_swells_in_the_middle_and_runs_out_to_points() -> None:
    path = np.column_stack([np.linspace(0, 20, 21), np.zeros(21)]).astype(np.float32)
    outline = swelling(path, 6)
    np.testing.assert_allclose(outline[[0, 20]], path[[0, 20]], atol=1e-5)
    np.testing.assert_allclose(np.abs(outline[10, 1] - outline[-11, 1]), 6, atol=1e-5)


def test_normals_point_to_the_right_of_the_way() -> None:
    np.testing.assert_allclose(normals(np.array([(0, 0), (5, 0), (10, 0)], np.float32)), [(0, 1)] * 3, atol=1e-6)


def test_a_shape_covers_its_inside_alone() -> None:
    def upper_left_pixel(pen: ImageDraw.ImageDraw, scale: int) -> None:
        pen.rectangle((0, 0, scale - 1, scale - 1), 255)

    np.testing.assert_allclose(inside((2, 2), upper_left_pixel), [[1, 0], [0, 0]])


def test_the_grid_counts_pixels_to_the_right_and_down() -> None:
    across, down = grid((3, 2))
    np.testing.assert_allclose(across, [[0, 1, 2], [0, 1, 2]])
    np.testing.assert_allclose(down, [[0, 0, 0], [1, 1, 1]])


def test_every_scroll_touches_its_parent_turns_the_other_way_and_overlaps_no_other() -> None:
    scrolls = grown(np.random.default_rng(3))
    assert len(scrolls) > 40
    for one, other in combinations(scrolls, 2):
        apart = np.hypot(one.x - other.x, one.y - other.y)
        if other.parent is one:
            assert apart == pytest.approx(one.radius + other.radius)
            assert other.sense == -one.sense
        else:
            assert apart > one.radius + other.radius


def test_a_slab_of_paint_covers_about_its_length_times_its_width_at_every_angle() -> None:
    knife, random = Knife(40, 12), np.random.default_rng(0)
    for turn in (0, 5, 12, 23):
        cover, _, _ = knife.slab(random, turn)
        assert cover.sum() == pytest.approx(40 * 12, rel=0.15)


def test_the_knife_stays_on_the_board() -> None:
    board, random = Board(np.zeros((30, 30, 3), np.float32)), np.random.default_rng(0)
    places = np.array([(0, 0), (29, 29), (15, -200), (400, 15)], np.float32)
    board.press(random, Knife(12, 6), places, np.zeros(4, np.float32), np.full((4, 3), 200, np.float32))
    assert board.paint[0, 0].min() > 100 < board.paint[29, 29].min()
    assert board.paint[15, 15].max() == 0


def test_a_wash_darkens_its_inside_alone_and_can_be_lifted_again() -> None:
    sheet = Sheet(np.random.default_rng(0), (80, 60))
    patch = box(20, 20, 60, 44)
    sheet.wash([patch], (40, 60, 200))
    assert sheet.light[32, 40].min() < 0.6
    assert (sheet.light <= 1).all()
    np.testing.assert_allclose(sheet.light[:8], 1)
    sheet.lift([patch], 1.0)
    np.testing.assert_allclose(sheet.light[32, 40], 1, atol=0.02)


def test_a_wash_beside_the_sheet_leaves_it_white() -> None:
    sheet = Sheet(np.random.default_rng(0), (80, 60))
    sheet.wash([box(300, 300, 340, 340)], (40, 60, 200))
    np.testing.assert_allclose(sheet.light, 1)


def test_ink_on_silk_stays_inside_its_marks() -> None:
    scroll = Scroll(np.random.default_rng(0), (60, 40))
    before = scroll.paint.copy()
    scroll.ink([box(10, 10, 20, 20), box(300, 300, 310, 310)])
    assert (scroll.paint[12:18, 12:18] < before[12:18, 12:18]).all()
    np.testing.assert_array_equal(scroll.paint[25:], before[25:])
    scroll.ink([])


def test_the_planes_of_a_still_life_are_many_and_show_nothing_that_was_not_there() -> None:
    random = np.random.default_rng(0)
    planes, _ = _planes(random)
    assert sorted(np.unique(planes)) == list(range(int(planes.max()) + 1))
    assert planes.max() > 60
    plain = np.full((*planes.shape, 3), 90, np.float32)
    np.testing.assert_array_equal(_shifted(random, plain, planes), plain)
