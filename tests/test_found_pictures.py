"""Pictures that somebody pointed at are remembered, across a restart, for a while."""

from pathlib import Path

from bot.store.found_pictures import FoundPicture, FoundPictures
from bot.store.notes import Notes
from nst_engine.queue.database import open_database

CAT = FoundPicture(name="cat.png", url="https://cdn.discordapp.com/cat.png", size_bytes=10, content_type="image/png")
WAVE = FoundPicture(name="wave", url="https://cdn.discordapp.com/wave.png")


async def test_a_picture_is_remembered_across_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    async with open_database(url) as database:
        await FoundPictures(database).keep(7, CAT, forget_before=0)
        await FoundPictures(database).keep(8, WAVE, forget_before=0)
    async with open_database(url) as database:
        found = FoundPictures(database)
        assert [await found.find(number) for number in (7, 8, 9)] == [CAT, WAVE, None]


async def test_old_ones_are_forgotten_and_nothing_else_is(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path}/bot.db") as database:
        found, notes = FoundPictures(database), Notes(database)
        await notes.write("commands", "registered")
        await found.keep(99, CAT, forget_before=0)
        await found.keep(1000, WAVE, forget_before=0)
        await found.keep(10_000, CAT, forget_before=1000)
        assert [await found.find(number) for number in (99, 1000, 10_000)] == [None, WAVE, CAT]
        assert await notes.read("commands") == "registered"
