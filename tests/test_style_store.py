"""The style libraries of servers, `bot/store/styles.py`."""

import asyncio
from pathlib import Path

import pytest

from bot.store.errors import LibraryFull, NameTaken, NameUnusable, NoSuchStyle
from bot.store.styles import EVERYBODY, LibraryStyle, NewStyle, StyleLibrary
from nst_engine.queue.database import Database, open_database

HERE, THERE = "4711", "99"


@pytest.fixture
def library(database: Database) -> StyleLibrary:
    return StyleLibrary(database)


def new(name: str, tenant_id: str = HERE, *, blob: str = "a" * 64, added_by: str | None = "7") -> NewStyle:
    return NewStyle(
        tenant_id=tenant_id, name=name, blob=blob, thumbnail_blob="b" * 64, width=640, height=480, added_by=added_by
    )


async def names(library: StyleLibrary, tenant_id: str = HERE) -> list[str]:
    return [style.name for style in await library.listed(tenant_id)]


async def test_a_style_comes_back_as_it_was_added(library: StyleLibrary) -> None:
    added = await library.add(new("Night wind"))
    assert added == LibraryStyle(
        id=added.id,
        name="Night wind",
        blob="a" * 64,
        thumbnail_blob="b" * 64,
        width=640,
        height=480,
        added_by="7",
        is_own=True,
    )
    assert await library.find(HERE, "Night wind") == added
    assert await library.find_id(HERE, added.id) == added


async def test_a_style_is_found_whatever_the_case_and_the_spaces(library: StyleLibrary) -> None:
    await library.add(new("  Große \n  Straße "))
    found = await library.find(HERE, "GROSSE  strasse")
    assert found is not None
    assert found.name == "Große Straße"


async def test_two_ways_to_write_one_letter_are_one(library: StyleLibrary) -> None:
    await library.add(new("Cafe\u0301"))
    with pytest.raises(NameTaken):
        await library.add(new("Caf\u00e9"))


async def test_what_cannot_be_seen_is_left_out_of_a_name(library: StyleLibrary) -> None:
    added = await library.add(new("\u202eNight\x00\u200b"))
    assert added.name == "Night"


async def test_a_name_has_no_comma_since_names_are_listed_with_commas_between_them(library: StyleLibrary) -> None:
    assert (await library.add(new("Night,wind, at sea"))).name == "Night wind at sea"


@pytest.mark.parametrize(("name", "length"), [("", 0), (" \n ", 0), ("\u200b", 0), ("x" * 33, 33)])
async def test_a_name_has_1_to_32_letters(library: StyleLibrary, name: str, length: int) -> None:
    with pytest.raises(NameUnusable) as refused:
        await library.add(new(name))
    assert (refused.value.length, refused.value.limit) == (length, 32)
    assert (await library.add(new("x" * 32))).name == "x" * 32


async def test_the_key_of_the_widest_name_fits_its_column(library: StyleLibrary) -> None:
    widest = "\u0390" * 32
    await library.add(new(widest))
    assert await library.find(HERE, widest) is not None


async def test_servers_do_not_see_each_others_styles(library: StyleLibrary) -> None:
    added = await library.add(new("Ours"))
    await library.add(new("Theirs", THERE))
    assert await names(library) == ["Ours"]
    assert await names(library, THERE) == ["Theirs"]
    assert await library.find(THERE, "Ours") is None
    assert await library.find_id(THERE, added.id) is None


async def test_a_server_has_its_own_and_everybodys_by_name(library: StyleLibrary) -> None:
    for name in ("Wave", "avenue"):
        await library.add(new(name, EVERYBODY, added_by=None))
    await library.add(new("Bridge"))
    listed = await library.listed(HERE)
    assert [(style.name, style.is_own) for style in listed] == [("avenue", False), ("Bridge", True), ("Wave", False)]


async def test_a_taken_name_is_refused_as_it_is_written_there(library: StyleLibrary) -> None:
    await library.add(new("Wave", EVERYBODY))
    await library.add(new("Bridge"))
    for name, written in (("wave", "Wave"), ("BRIDGE", "Bridge")):
        with pytest.raises(NameTaken) as refused:
            await library.add(new(name))
        assert refused.value.name == written
        with pytest.raises(NameTaken):
            await library.check(HERE, name)
    await library.check(THERE, "Bridge")


async def test_a_name_added_twice_at_once_is_there_once(library: StyleLibrary) -> None:
    tries = await asyncio.gather(
        *(library.add(new("Wave", blob=f"{n}" * 64)) for n in range(5)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in tries) == ["LibraryStyle", *["NameTaken"] * 4]
    assert await names(library) == ["Wave"]


async def test_a_name_added_at_once_by_two_programs_is_there_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'two.db'}"
    async with open_database(url) as one, open_database(url) as other:
        libraries = [StyleLibrary(one), StyleLibrary(other)] * 4
        tries = await asyncio.gather(*(library.add(new("Wave")) for library in libraries), return_exceptions=True)
        assert sorted(type(one).__name__ for one in tries) == ["LibraryStyle", *["NameTaken"] * 7]


async def test_a_server_may_have_only_so_many_of_its_own(database: Database) -> None:
    small = StyleLibrary(database, most_own=2)
    for name in ("one", "two", "three"):
        await small.add(new(name, EVERYBODY))
    tries = await asyncio.gather(*(small.add(new(f"mine {n}")) for n in range(4)), return_exceptions=True)
    full = [error for error in tries if isinstance(error, LibraryFull)]
    assert [error.limit for error in full] == [2, 2]
    assert len(await small.listed(HERE)) == 5
    with pytest.raises(LibraryFull):
        await small.check(HERE, "mine 5")
    await small.add(new("there is room elsewhere", THERE))


async def test_a_style_of_ones_own_is_deleted(library: StyleLibrary) -> None:
    added = await library.add(new("Wave"))
    assert await library.remove(HERE, "wave") == added
    assert await names(library) == []
    assert await library.taken_out(HERE) == []
    again = await library.add(new("Wave"))
    assert again.id != added.id, "a button of the old one must not mean the new one"


async def test_one_of_everybodys_is_taken_out_for_one_server_and_put_back(library: StyleLibrary) -> None:
    wave = await library.add(new("Wave", EVERYBODY))
    await library.remove(HERE, "wave")
    assert (await names(library), await names(library, THERE)) == ([], ["Wave"])
    assert await library.find(HERE, "Wave") is None
    assert await library.find_id(HERE, wave.id) is None
    assert [style.name for style in await library.taken_out(HERE)] == ["Wave"]
    with pytest.raises(NoSuchStyle):
        await library.remove(HERE, "wave")
    assert (await library.restore(HERE, "WAVE")).name == "Wave"
    assert await names(library) == ["Wave"]
    with pytest.raises(NoSuchStyle):
        await library.restore(HERE, "wave")


async def test_a_server_may_have_its_own_of_a_name_that_it_took_out(library: StyleLibrary) -> None:
    await library.add(new("Wave", EVERYBODY))
    await library.remove(HERE, "Wave")
    own = await library.add(new("wave"))
    assert await library.listed(HERE) == [own]
    with pytest.raises(NameTaken):
        await library.restore(HERE, "Wave")
    await library.remove(HERE, "Wave")
    assert await names(library) == [], "everybody's stays out"


async def test_a_new_one_of_everybodys_does_not_push_out_a_servers_own(library: StyleLibrary) -> None:
    own = await library.add(new("Wave"))
    await library.add(new("wave", EVERYBODY))
    assert await library.listed(HERE) == [own]
    await library.remove(HERE, "wave")
    assert [style.is_own for style in await library.listed(HERE)] == [False]


async def test_names_that_begin_as_typed_come_first(library: StyleLibrary) -> None:
    for name in ("Rose window", "Night wind", "Windmill", "Whirlwind", "Koi"):
        await library.add(new(name))
    found = await library.matching(HERE, " WIND")
    assert [style.name for style in found] == ["Windmill", "Night wind", "Rose window", "Whirlwind"]
    assert [style.name for style in await library.matching(HERE, "WIND", limit=2)] == ["Windmill", "Night wind"]
    assert [style.name for style in await library.matching(HERE, "", limit=2)] == ["Koi", "Night wind"]
    assert await library.matching(HERE, "xyz") == []


async def test_what_is_no_name_is_found_nowhere(library: StyleLibrary) -> None:
    with pytest.raises(NoSuchStyle) as refused:
        await library.remove(HERE, "Wave")
    assert refused.value.name == "Wave"
    assert await library.find(HERE, "") is None
