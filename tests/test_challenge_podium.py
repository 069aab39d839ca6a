"""The podium: any shapes and any number of pictures hang without touching, and letters of any script are drawn."""

import io
import time
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.challenges.fonts import Face, Lettering, in_plain_letters, tidy
from bot.challenges.hanging import MARGIN_PX, TALLEST_OF_MANY_PX, TALLEST_PX, WIDTH_PX, Plate, Spot, ToHang, hang
from bot.challenges.podium import MOST_BYTES, FramedEntry, podium_picture
from tests.fake_pictures import encoded, quarters

NO_FONTS: tuple[Path, ...] = ()
SHAPES = ((640, 480), (480, 640), (3000, 500), (500, 3000), (512, 512))
PLATE = Plate(width=240, height=150)


def framed(place: int, *names: str, picture: bytes | None = None, caption: str = "3 hearts") -> FramedEntry:
    picture = encoded(quarters(120, 90), "PNG") if picture is None else picture
    return FramedEntry(place=place, names=names, caption=caption, picture=picture)


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "JPEG"
    assert len(data) <= MOST_BYTES
    assert picture.width == WIDTH_PX
    picture.load()
    return picture


def to_hang(*pictures: tuple[int, tuple[int, int]]) -> list[ToHang]:
    return [ToHang(size=size, place=place, plate=PLATE) for place, size in pictures]


def outer(spot: Spot) -> tuple[int, int, int, int]:
    left, top = spot.left - spot.around, spot.top - spot.around
    return left, top, left + spot.width + 2 * spot.around, top + spot.height + 2 * spot.around


def plate_box(spot: Spot) -> tuple[int, int, int, int]:
    return (spot.plate_left, spot.plate_top, spot.plate_left + spot.plate.width, spot.plate_top + spot.plate.height)


def apart(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def area(spot: Spot) -> int:
    return spot.width * spot.height


def test_the_first_is_largest_and_between_the_second_and_the_third() -> None:
    first, second, third = hang(to_hang((1, (4, 3)), (2, (4, 3)), (3, (4, 3))), titled=True).spots
    assert second.left < first.left < third.left
    assert area(first) > 1.5 * area(second)
    assert area(second) == area(third)
    assert abs(first.left + first.width / 2 - WIDTH_PX / 2) <= 1


def test_of_two_the_better_one_is_read_first() -> None:
    first, second = hang(to_hang((1, (4, 3)), (2, (4, 3))), titled=True).spots
    assert first.left < second.left


def test_whoever_shares_the_first_place_hangs_as_large() -> None:
    spots = hang(to_hang((1, (4, 3)), (1, (4, 3)), (1, (4, 3)), (4, (4, 3))), titled=True).spots
    assert area(spots[0]) == area(spots[1]) == area(spots[2]) > area(spots[3])


def test_three_panoramas_hang_in_two_rows_with_the_first_above() -> None:
    first, second, third = hang(to_hang(*((place, (5, 1)) for place in (1, 2, 3))), titled=True).spots
    assert first.top < second.top == third.top
    assert first.width > 700


@settings(deadline=None)
@given(
    pictures=st.lists(st.tuples(st.integers(1, 4), st.sampled_from(SHAPES)), min_size=1, max_size=12),
    titled=st.booleans(),
    plate=st.builds(Plate, width=st.integers(230, 390), height=st.integers(110, 180)),
)
def test_whatever_hangs_keeps_its_shape_and_touches_nothing(
    pictures: list[tuple[int, tuple[int, int]]], titled: bool, plate: Plate
) -> None:
    pictures.sort(key=lambda picture: picture[0])
    hung = [ToHang(size=size, place=place, plate=plate) for place, size in pictures]
    hanging = hang(hung, titled=titled)
    assert hanging.height <= (TALLEST_PX if len(pictures) <= 6 else TALLEST_OF_MANY_PX) + 1
    boxes = [box for spot in hanging.spots for box in (outer(spot), plate_box(spot))]
    for left, top, right, bottom in boxes:
        assert MARGIN_PX - 2 <= left < right <= WIDTH_PX - MARGIN_PX + 2
        assert (150 if titled else 80) <= top < bottom <= hanging.height - 60
    assert all(apart(one, other) for one, other in combinations(boxes, 2))
    for picture, spot in zip(hung, hanging.spots, strict=True):
        assert spot.width / spot.height == pytest.approx(picture.size[0] / picture.size[1], rel=0.15)
        assert spot.frame >= 1
        assert spot.mat >= 1


def test_the_pictures_are_where_they_hang() -> None:
    """A plain red one: red is what is in the middle of the wall."""
    red = encoded(Image.new("RGB", (400, 300), (200, 20, 20)), "PNG")
    podium = opened(podium_picture("Alone", [framed(1, "Anna", picture=red)], NO_FONTS))
    (spot,) = hang(to_hang((1, (400, 300))), titled=True).spots
    pixel = podium.getpixel((WIDTH_PX // 2, spot.top + spot.height // 2))
    assert isinstance(pixel, tuple)
    assert max(abs(one - other) for one, other in zip(pixel, (200, 20, 20), strict=True)) < 12


@pytest.mark.parametrize("count", [1, 6, 15])
def test_any_number_makes_a_picture(count: int) -> None:
    frames = [framed(place, f"Member {place}") for place in range(1, count + 1)]
    assert opened(podium_picture("Many", frames, NO_FONTS)).height > 700


@pytest.mark.parametrize("size", [(20, 2000), (2000, 20), (1, 1)])
def test_absurd_shapes_are_cut_to_one_that_can_hang(size: tuple[int, int]) -> None:
    frames = [framed(1, "Long", picture=encoded(Image.new("RGB", size), "PNG"))]
    opened(podium_picture("Shapes", frames, NO_FONTS))


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_the_files_that_the_bot_keeps_can_all_be_hung(file_format: str) -> None:
    opened(podium_picture("", [framed(1, "Anna", picture=encoded(quarters(), file_format))], NO_FONTS))


def test_of_what_moves_the_first_picture_hangs() -> None:
    still, other = Image.new("RGB", (200, 150), (0, 0, 180)), Image.new("RGB", (200, 150), (180, 180, 0))
    moving = encoded(still, "WEBP", save_all=True, append_images=[other], lossless=True, duration=100)
    plain = encoded(still, "PNG")
    one, same = (opened(podium_picture("", [framed(1, "Anna", picture=data)], NO_FONTS)) for data in (moving, plain))
    assert ImageChops.difference(one, same).getbbox() is None


def test_the_same_podium_is_the_same_file() -> None:
    frames = [framed(1, "Anna"), framed(2, "Ben")]
    assert podium_picture("Again", frames, NO_FONTS) == podium_picture("Again", frames, NO_FONTS)


def test_six_large_pictures_take_less_than_two_seconds() -> None:
    """On an idle core a second, most of it for reading the files."""
    large = encoded(Image.effect_noise((1600, 1200), 60).convert("RGB"), "PNG", compress_level=1)
    frames = [framed(place, f"Member {place}", picture=large) for place in range(1, 7)]
    begun = time.process_time()
    opened(podium_picture("Quick", frames))
    assert time.process_time() - begun < 2.0


def test_without_letters_for_a_name_the_next_one_is_drawn() -> None:
    assert Lettering(NO_FONTS).drawable("日本さん", "nihon") == "nihon"
    assert Lettering(NO_FONTS).drawable("日本さん", "★") == ""
    same = [podium_picture("", [framed(1, *names)], NO_FONTS) for names in (("日本さん", "nihon"), ("nihon",))]
    assert same[0] == same[1]


def test_nobody_can_be_named_and_the_place_is_still_there() -> None:
    opened(podium_picture("日本", [framed(1, "日本さん", caption="ハート12個")], NO_FONTS))


def test_accents_are_left_out_before_the_name_is() -> None:
    assert Lettering(NO_FONTS).drawable("Jörg Łukasz Straße", "fallback") == "Jorg Lukasz Strasse"
    assert in_plain_letters("Ждун") == "Ждун"


def test_a_folder_with_what_is_no_font_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "NotoSans-Regular.ttf").write_bytes(b"not a font")
    (tmp_path / "DejaVuSans.ttf").mkdir()
    assert Lettering([tmp_path, tmp_path / "none"]).drawable("Ждун", "plain") == "plain"


def test_a_font_of_the_machine_is_found_where_it_has_the_letters(tmp_path: Path) -> None:
    found = next((path for path in map(Path, _SOME_FONTS) if path.is_file()), None)
    if found is None:
        pytest.skip("this machine has no DejaVu font")
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "DejaVuSans.ttf").write_bytes(found.read_bytes())
    lettering = Lettering([tmp_path])
    assert lettering.drawable("Ждун", "plain") == "Ждун"
    assert lettering.drawable("\U00012000", "plain") == "plain"
    opened(podium_picture("Осень", [framed(1, "Ждун"), framed(2, "Anna")], [tmp_path]))


_SOME_FONTS = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("★ 𝓐𝓷𝓷𝓲𝓮 🇩🇪 👩‍👩‍👧", "Annie"),
        ("1️⃣ Ben ❤️", "1 Ben"),
        ("two\nlines\t\u200b", "two lines"),
        ("\u202eevil", "evil"),
        ("a" + "\u0301" * 9 + "b", "á\u0301\u0301\u0301b"),
        ("🎨", ""),
    ],
)
def test_emojis_ornaments_and_tricks_are_left_out(typed: str, written: str) -> None:
    assert tidy(typed) == written


@given(text=st.text(max_size=40))
def test_no_name_whatever_breaks_the_lettering(text: str) -> None:
    written = Lettering(NO_FONTS).drawable(text, "plain")
    assert written
    assert written == " ".join(written.split())


@given(text=st.text("abcdefgh ijk", min_size=1, max_size=60), width=st.integers(60, 400))
def test_a_long_name_is_shortened_to_what_fits(text: str, width: int) -> None:
    face: Face = Lettering(NO_FONTS).face("")
    short = face.shortened(text, 30, width)
    assert face.of_size(30).getlength(short) <= width
    assert short == text or (short.endswith("…") and text.startswith(short.removesuffix("…")))
