"""What moderators take along: a table that no spreadsheet runs, and archives that fit an upload and lose no picture."""

import csv
import io
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.challenges.export import COLUMNS, TABLE_NAME, Part, entries_csv, harmless, zip_parts
from bot.challenges.ranking import rank_by_duels, rank_by_hearts
from bot.challenges.values import Entry, EntryState, Placed
from tests.challenge_samples import entries_numbered, entry_numbered
from tests.fake_pictures import encoded, quarters

AMPLE = 8 * 2**20


class KeptPictures:
    """Blobs by key; whoever asks for another fails, as in the store."""

    def __init__(self, kept: dict[str, bytes]) -> None:
        self._kept = kept

    async def put(self, data: bytes) -> str:
        raise AssertionError("nothing is kept by an export")

    async def get(self, key: str) -> bytes:
        return self._kept[key]

    async def has(self, key: str) -> bool:
        return key in self._kept


def rows(table: bytes) -> list[dict[str, str]]:
    assert table.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def noise(number: int, side_px: int = 120) -> bytes:
    data = random.Random(number).randbytes(side_px * side_px * 3)
    return encoded(Image.frombytes("RGB", (side_px, side_px), data), "PNG")


async def parts_of(
    entries: Sequence[Entry], placed: Sequence[Placed], blobs: KeptPictures, *, limit_bytes: int = AMPLE
) -> list[Part]:
    return [part async for part in zip_parts(entries, placed, blobs, limit_bytes=limit_bytes)]


def files(part: Part) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(part.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def kept(entries: Sequence[Entry]) -> KeptPictures:
    return KeptPictures({entry.picture.blob: noise(entry.id) for entry in entries})


def test_the_table_has_the_ranking_first_and_then_what_has_no_place() -> None:
    shown, out = entries_numbered(3), entry_numbered(4, state=EntryState.REMOVED)
    out = replace(out, reason="Not yours, says the painter")
    found = rows(entries_csv([out, *shown], rank_by_hearts(shown, {2: 5, 3: 5, 1: 1})))
    assert tuple(found[0]) == COLUMNS
    assert [(row["place"], row["entry"], row["hearts or duels won"]) for row in found] == [
        ("1", "2", "5"),
        ("1", "3", "5"),
        ("3", "1", "1"),
        ("", "4", ""),
    ]
    assert found[0]["author id"] == "<@1002>"
    assert found[0]["entered at"] == "2026-05-28T20:26:42+00:00"
    assert (found[3]["state"], found[3]["reason"]) == ("removed", "Not yours, says the painter")


def test_duels_come_with_chance_and_interval() -> None:
    shown = entries_numbered(2)
    first, _ = rows(entries_csv(shown, rank_by_duels(shown, [(2, 1)] * 3)))
    assert (first["entry"], first["hearts or duels won"], first["duels shown in"]) == ("2", "3", "3")
    assert 0 < float(first["low"]) < float(first["score"]) < float(first["high"]) < 100


def test_before_the_end_there_are_no_counts() -> None:
    (row,) = rows(entries_csv([entry_numbered(1)], []))
    assert [row[column] for column in ("place", "hearts or duels won", "duels shown in", "score", "low", "high")] == [
        ""
    ] * 6


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_a_name_that_would_be_calculated_is_only_text(begin: str) -> None:
    name = begin + 'HYPERLINK("//evil")'
    (row,) = rows(entries_csv([entry_numbered(1, name=name)], []))
    assert row["name"] == "'" + name
    assert harmless("Anna = Ben") == "Anna = Ben"


@given(name=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_any_name_comes_back_and_never_as_a_formula(name: str) -> None:
    (row,) = rows(entries_csv([entry_numbered(1, name=name)], []))
    assert row["name"].removeprefix("'") == name.removeprefix("'")
    assert not row["name"].strip().startswith(("=", "+", "-", "@"))


async def test_all_pictures_are_in_named_by_place_and_author() -> None:
    shown = [entry_numbered(1, name="Jörg / Ann"), entry_numbered(2, name="日本 🎨 さん", covered=True)]
    gone = entry_numbered(3, name="../../🎨", state=EntryState.WITHDRAWN)
    placed = rank_by_hearts(shown, {2: 1})
    (part,) = await parts_of([*shown, gone], placed, kept([*shown, gone]))
    found = files(part)
    assert list(found) == [TABLE_NAME, "01-日本-さん-2.png", "02-Jörg-Ann-1.png", "withdrawn-member-3.png"]
    assert found[TABLE_NAME] == entries_csv([*shown, gone], placed)
    assert found["02-Jörg-Ann-1.png"] == noise(1)
    assert (part.number, part.pictures, part.missing) == (1, 3, ())


async def test_parts_stay_under_the_limit_and_together_have_everything() -> None:
    entries = entries_numbered(9)
    limit = 3 * len(noise(1)) + 2000
    parts = await parts_of(entries, [], kept(entries), limit_bytes=limit)
    assert [part.number for part in parts] == [1, 2, 3]
    assert all(len(part.data) <= limit for part in parts)
    names = [name for part in parts for name in files(part)]
    assert names == [TABLE_NAME, *(f"shown-Member-{number}-{number}.png" for number in range(1, 10))]
    assert sum(part.pictures for part in parts) == 9


@pytest.mark.parametrize("limit", range(60_000, 60_400, 40))
async def test_the_limit_is_kept_to_the_byte(limit: int) -> None:
    entries = entries_numbered(6)
    pictures = KeptPictures({entry.picture.blob: noise(entry.id, 70 + 3 * entry.id) for entry in entries})
    parts = await parts_of(entries, [], pictures, limit_bytes=limit)
    assert all(len(part.data) <= limit for part in parts)
    assert sum(part.pictures for part in parts) == 6


async def test_a_picture_that_is_too_large_by_itself_becomes_a_jpeg() -> None:
    entry = entry_numbered(1)
    large = noise(1, 400)
    (part,) = await parts_of([entry], [], KeptPictures({entry.picture.blob: large}), limit_bytes=len(large) // 3)
    assert len(part.data) <= len(large) // 3
    picture = files(part)["shown-Member-1-1.jpg"]
    assert Image.open(io.BytesIO(picture)).format == "JPEG"


async def test_a_picture_that_is_lost_is_told_and_the_others_come() -> None:
    entries = entries_numbered(3)
    (part,) = await parts_of(entries, [], kept(entries[:2]))
    assert (part.pictures, part.missing) == (2, (entries[2],))


async def test_without_entries_there_is_still_the_table() -> None:
    (part,) = await parts_of([], [], KeptPictures({}))
    assert list(files(part)) == [TABLE_NAME]


async def test_the_same_challenge_makes_the_same_archive() -> None:
    entries = entries_numbered(2)
    one, other = [await parts_of(entries, [], kept(entries)) for _ in range(2)]
    assert one == other


async def test_a_limit_that_nothing_fits_is_an_error() -> None:
    entry = entry_numbered(1)
    with pytest.raises(ValueError, match="no picture fits"):
        await parts_of([entry], [], KeptPictures({entry.picture.blob: encoded(quarters(), "PNG")}), limit_bytes=200)


def test_a_table_of_a_hundred_takes_no_time() -> None:
    entries = entries_numbered(100)
    placed = rank_by_hearts(entries, {number: number for number in range(100)})
    begun = time.thread_time()
    assert len(rows(entries_csv(entries, placed))) == 100
    assert time.thread_time() - begun < 0.5
