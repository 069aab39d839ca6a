"""A challenge as a table and as archives of pictures, for whoever runs it."""

import csv
import io
import os
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image

from bot.challenges.values import Author, Challenge, Phase, Picture
from bot.config import MIB
from bot.ui.challenges.exporting import LARGEST_PART_BYTES, MOST_PARTS, fitting_blobs, part_limit
from tests.bot_world import World, told
from tests.challenge_acts import moderator, page
from tests.challenge_rounds import Rounds, challenge_world, unguarded

FIRST = 10**6


def noise(side_px: int) -> bytes:
    """A picture that cannot be compressed."""
    buffer = io.BytesIO()
    Image.frombytes("RGB", (side_px, side_px), os.urandom(3 * side_px**2)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


async def enter_noise(rounds: Rounds, challenge: Challenge, count: int, side_px: int) -> None:
    key = await rounds.world.app.blobs.put(noise(side_px))
    for number in range(count):
        picture = Picture(
            job_id=f"n{number}", blob=key, thumbnail_blob=key, width=side_px, height=side_px, covered=False
        )
        author = Author(user_id=str(FIRST + number), name=f"Painter {number}", username="painter", locale="en-US")
        await rounds.desk.entries.enter(
            challenge.id, author, picture, asked_at=rounds.now, now=rounds.now, guard=unguarded
        )


async def export(world: World, who: Any, challenge: Challenge, label: str = "Export (CSV)") -> Any:
    panel = await who.slash(world.channel, "challenge manage", challenge=str(challenge.id))
    return await who.click(page(panel), label=label)


async def files(answer: Any) -> list[tuple[str, str, bytes]]:
    """What each private message said, and its file."""
    messages = [message for message in (answer.response, *answer.followups) if message is not None]
    assert all(message.ephemeral for message in messages)
    attached = [(said.message.content, file) for said in messages for file in said.message.attachments]
    return [(content, file.filename, await file.read()) for content, file in attached]


def rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


async def test_a_table_has_every_entry_and_before_the_end_no_votes(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await rounds.announced()
        entries = [await rounds.enter_as(challenge, FIRST + n, name) for n, name in enumerate(("Ada", "=Ben", "Cleo"))]
        await rounds.desk.entries.remove(challenge.tenant_id, entries[2].id, by="1", reason="Blurred", now=rounds.now)
        await rounds.desk.challenges.end_early(challenge.tenant_id, challenge.id, Phase.OPEN, rounds.now)
        await rounds.desk.votes.give_heart(
            challenge.id, str(mo.id), entries[1].id, given=True, now=rounds.now, guard=unguarded
        )
        ((said, name, table),) = await files(await export(world, mo, challenge))
        assert said == "3 entries as a table, for a spreadsheet."
        assert name == f"challenge-{challenge.id}.csv"
        assert [(row["name"], row["state"], row["place"]) for row in rows(table)] == [
            ("Ada", "shown", ""),
            ("'=Ben", "shown", ""),
            ("Cleo", "removed", ""),
        ]
        assert {row["hearts or duels won"] for row in rows(table)} == {""}
        await rounds.desk.challenges.end_early(challenge.tenant_id, challenge.id, Phase.VOTING, rounds.now)
        await world.restart()
        ((_, _, table),) = await files(await export(world, mo, challenge))
        assert [(row["name"], row["place"], row["hearts or duels won"]) for row in rows(table)] == [
            ("'=Ben", "1", "1"),
            ("Ada", "2", "0"),
            ("Cleo", "", ""),
        ]
        assert str(mo.id) not in table.decode("utf-8-sig")


async def test_pictures_are_whole_and_without_what_was_withdrawn_or_removed(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await rounds.announced()
        entries = [await rounds.enter_as(challenge, FIRST + n, f"Painter {n}") for n in range(4)]
        await rounds.desk.entries.withdraw(entries[1].id, entries[1].author.user_id)
        await rounds.desk.entries.remove(challenge.tenant_id, entries[2].id, by="1", reason="no", now=rounds.now)
        world.blob_path(entries[3].picture.blob).unlink()
        ((said, name, data),) = await files(await export(world, mo, challenge, "Export pictures"))
        assert said == "The pictures, and a table of them. 1 picture is no longer kept."
        assert name == f"challenge-{challenge.id}-1.zip"
        pictures = unzipped(data)
        table = rows(pictures.pop("entries.csv"))
        assert [row["name"] for row in table] == ["Painter 0", "Painter 3"]
        (picture,) = pictures.values()
        assert picture == await world.app.blobs.get(entries[0].picture.blob)


async def test_what_is_too_large_for_one_message_comes_in_parts(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await rounds.announced()
        await enter_noise(rounds, challenge, 3, side_px=1300)
        sent = await files(await export(world, mo, challenge, "Export pictures"))
        assert [said for said, _, _ in sent] == [
            "The pictures, part 1. More are coming.",
            "The pictures, part 2. More are coming.",
            "The pictures, part 3, which is the last.",
        ]
        assert all(len(data) <= 10 * MIB for _, _, data in sent)
        names = [name for _, _, data in sent for name in unzipped(data)]
        assert len(names) == 4
        assert sum(name.endswith(".png") for name in names) == 3


async def test_too_many_parts_are_avoided_by_smaller_files(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        await enter_noise(rounds, challenge, 12, side_px=256)
        entries, blobs = await rounds.desk.entries.all(challenge.id), world.app.blobs
        whole = len(await blobs.get(entries[0].picture.blob))
        assert await fitting_blobs(blobs, entries, whole * 12) is blobs
        limit = whole
        smaller = await fitting_blobs(blobs, entries, limit)
        picture = await smaller.get(entries[0].picture.blob)
        assert len(picture) * 12 <= MOST_PARTS * limit
        with Image.open(io.BytesIO(picture)) as made:
            assert (made.format, made.size) == ("JPEG", (256, 256))


async def test_where_there_is_nothing_to_export_that_is_said(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo = Rounds(world), moderator(world)
        challenge = await rounds.announced()
        nothing = "Nothing has been entered yet, so there is nothing to export."
        for label in ("Export (CSV)", "Export pictures"):
            assert told(await export(world, mo, challenge, label)) == nothing
        entry = await rounds.enter_as(challenge, FIRST, "Ada")
        await rounds.desk.entries.withdraw(entry.id, entry.author.user_id)
        said = told(await export(world, mo, challenge, "Export pictures"))
        assert said == "There are no pictures to export: every entry was withdrawn or removed."


async def test_a_part_stays_below_what_the_server_allows(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        guild = world.app.client.get_guild(world.guild.id)
        assert guild is not None
        assert 9 * MIB < part_limit(guild) < guild.filesize_limit == 10 * MIB
        assert part_limit(None) == part_limit(guild) < LARGEST_PART_BYTES
