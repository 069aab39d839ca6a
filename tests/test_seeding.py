"""The project's own paintings on their way into everybody's library, `bot/jobs/seeding.py` and its gallery."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.jobs.errors import CheckUnavailable, NotDrawn
from bot.jobs.gallery import ChildGallery
from bot.jobs.seeding import Seeding
from bot.paintings.gallery import GALLERY
from bot.store.styles import EVERYBODY, StyleLibrary, tidy_name
from nst_engine.queue.blobs import DirectoryBlobs
from nst_engine.queue.database import Database
from tests.bot_world import FakeCheck, FakeThumbnails, World, bot_world
from tests.fake_engine import picture

PAINTINGS = {"night": "Night wind", "wave": "Breaker"}


class FakeGallery:
    """Paints each name in its own colour, and remembers what it was asked for."""

    def __init__(self, titles: Mapping[str, str] = PAINTINGS, *, broken: tuple[str, ...] = ()) -> None:
        self.drawn: list[str] = []
        self._titles = titles
        self._broken = broken

    async def titles(self) -> Mapping[str, str]:
        if not self._titles:
            raise NotDrawn("no numpy")
        return self._titles

    async def draw(self, name: str) -> bytes:
        self.drawn.append(name)
        if name in self._broken:
            raise NotDrawn("out of paint")
        return picture({"night": "navy", "wave": "teal"}[name])


def seeding(database: Database, folder: Path, gallery: FakeGallery, check: FakeCheck | None = None) -> Seeding:
    return Seeding(
        gallery=gallery,
        library=StyleLibrary(database),
        blobs=DirectoryBlobs(folder / "blobs"),
        check=check or FakeCheck(),
        thumbnails=FakeThumbnails(),
    )


async def until_hung(world: World, paintings: int) -> None:
    deadline = asyncio.get_running_loop().time() + 8
    while len(await world.app.client.services.library.listed("4711")) != paintings:
        assert asyncio.get_running_loop().time() < deadline, "the paintings are not there in time"
        await asyncio.sleep(0.005)


async def test_everybody_gets_the_paintings_with_their_small_pictures(database: Database, tmp_path: Path) -> None:
    await seeding(database, tmp_path, FakeGallery()).run()
    breaker, night = await StyleLibrary(database).listed("4711")
    assert (breaker.name, night.name, night.is_own, night.added_by) == ("Breaker", "Night wind", False, None)
    assert (night.width, night.height) == (64, 48)
    blobs = DirectoryBlobs(tmp_path / "blobs")
    assert await blobs.get(night.blob) == picture("navy")
    assert await blobs.get(night.thumbnail_blob) == picture("olive", kind="JPEG")


async def test_only_those_that_are_missing_are_drawn(database: Database, tmp_path: Path) -> None:
    await seeding(database, tmp_path, FakeGallery({"night": "Night wind"})).run()
    again = FakeGallery()
    await seeding(database, tmp_path, again).run()
    await seeding(database, tmp_path, again).run()
    assert again.drawn == ["wave"]


async def test_one_that_cannot_be_drawn_does_not_keep_back_the_others(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await seeding(database, tmp_path, FakeGallery(broken=("night",))).run()
    assert [style.name for style in await StyleLibrary(database).listed(EVERYBODY)] == ["Breaker"]
    assert "painting not added name=night why=NotDrawn('out of paint')" in caplog.text


async def test_where_pictures_cannot_be_checked_the_next_start_tries_again(database: Database, tmp_path: Path) -> None:
    check = FakeCheck()
    check.fault = CheckUnavailable("no processes left")
    await seeding(database, tmp_path, FakeGallery(), check).run()
    assert await StyleLibrary(database).listed(EVERYBODY) == []
    await seeding(database, tmp_path, FakeGallery()).run()
    assert len(await StyleLibrary(database).listed(EVERYBODY)) == 2


async def test_without_a_worker_the_library_stays_empty_and_the_log_says_why(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        await seeding(database, tmp_path, FakeGallery({})).run()
    assert "no paintings for the library why=NotDrawn('no numpy')" in caplog.text


async def test_the_running_bot_draws_them_beside_its_work_and_once(tmp_path: Path) -> None:
    gallery = FakeGallery()
    async with bot_world(tmp_path, gallery=gallery) as world:
        await until_hung(world, 2)
        await world.restart()
        await world.stylize()
        await until_hung(world, 2)
        assert gallery.drawn == ["night", "wave"]


async def test_the_worker_knows_every_painting_by_a_name_that_a_library_takes() -> None:
    titles = await ChildGallery().titles()
    assert titles == {painting.name: painting.title for painting in GALLERY}
    assert [tidy_name(title) for title in titles.values()] == list(titles.values())
    assert len({title.casefold() for title in titles.values()}) == len(titles)


async def test_the_worker_says_what_is_wrong() -> None:
    with pytest.raises(NotDrawn, match="the worker ended with 1: KeyError: 'sunflowers: there are night, "):
        await ChildGallery().draw("sunflowers")
