"""Challenges in a simulated server, without the forms that people make and enter them with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
from sqlalchemy import Connection, select, update

from bot.challenges.desk import ChallengeDesk
from bot.challenges.tasks import TaskKind
from bot.challenges.values import (
    Author,
    Challenge,
    ChallengeStyle,
    Entry,
    NewChallenge,
    Phase,
    Picture,
    Terms,
)
from bot.store.schema import challenge_tasks, challenges
from nst_engine.queue.database import open_database
from tests.bot_world import World, WorldClock, bot_world, words
from tests.fake_engine import picture

HOUR = 3600.0
DAY = 24 * HOUR
COLOURS = ("teal", "navy", "orange", "olive", "maroon", "gold", "plum", "gray")


def unguarded(_connection: Connection) -> None:
    """Nothing stands in the way."""


def terms(**changes: Any) -> Terms:
    return Terms.model_validate({"voting_seconds": DAY} | changes)


@asynccontextmanager
async def challenge_world(folder: Path, **options: Any) -> AsyncIterator[World]:
    """One whose clock the challenges go by."""
    async with bot_world(folder, clock=WorldClock(), **options) as world:
        yield world


class Rounds:
    """What happens in challenges of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._pictures = 0

    @property
    def desk(self) -> ChallengeDesk:
        return self.world.app.client.services.challenges

    @property
    def now(self) -> float:
        return self.world.app.client.services.clock.now()

    async def style(self, name: str = "Great Wave", colour: str = "navy") -> ChallengeStyle:
        blob = await self.world.app.blobs.put(picture(colour, kind="JPEG"))
        return ChallengeStyle(name=name, blob=blob, thumbnail_blob=blob, width=64, height=48)

    async def drafted(
        self, title: str = "Waves", *, opens_in: float = 0.0, lasts: float = DAY, channel: Any = None, **changes: Any
    ) -> Challenge:
        new = NewChallenge(
            tenant_id=str(self.world.guild.id),
            title=title,
            terms=terms(**({"styles": (await self.style(),)} | changes)),
            channel_id=(channel or self.world.channel).id,
            opens_at=self.now + opens_in,
            entries_end_at=self.now + opens_in + lasts,
            created_by="1",
        )
        return await self.desk.challenges.create(new, self.now)

    async def confirmed(self, title: str = "Waves", **options: Any) -> Challenge:
        """Confirmed by a moderator; nobody has been told yet."""
        draft = await self.drafted(title, **options)
        return await self.desk.challenges.confirm(draft.tenant_id, draft.id, self.now)

    async def announced(self, title: str = "Waves", **options: Any) -> Challenge:
        """With its card in the channel."""
        challenge = await self.confirmed(title, **options)
        return await self.when(challenge, lambda found: found.announcement_id is not None)

    async def when(self, challenge: Challenge, claim: Callable[[Challenge], bool]) -> Challenge:
        """The challenge once this is true of it and all that there is to tell has been told."""
        async with asyncio.timeout(8):
            while True:
                found = await self.desk.challenges.get(challenge.id)
                if found is not None and claim(found) and not await self.untold(challenge):
                    return found
                await asyncio.sleep(0.005)

    async def when_tried_again(self, challenge: Challenge, claim: Callable[[Challenge], bool]) -> Challenge:
        """The same, where that takes some of the bot's time."""
        async with asyncio.timeout(8):
            while True:
                await self.world.env.advance_time(1)
                found = await self.desk.challenges.get(challenge.id)
                if found is not None and claim(found) and not await self.untold(challenge):
                    return found
                await asyncio.sleep(0.02)

    async def when_in(self, challenge: Challenge, phase: Phase) -> Challenge:
        return await self.when(challenge, lambda found: found.phase is phase)

    async def untold(self, challenge: Challenge) -> list[str]:
        """The kinds of what is still to be told."""
        query = select(challenge_tasks.c.kind).where(
            challenge_tasks.c.challenge_id == challenge.id, challenge_tasks.c.done_at.is_(None)
        )
        return await self.world.app.database.read(lambda connection: list(connection.execute(query).scalars()))

    async def killed_before_noting(self, challenge: Challenge) -> None:
        """The bot posts what it told last and is killed before it notes that. The next one begins."""
        await self.world.stack.aclose()
        async with open_database(self.world.config.database.url) as database:
            await database.write(lambda connection: _forget_last(connection, challenge.id))
        await self.world.start_again()
        await self.when(challenge, lambda found: found.announcement_id is not None)

    async def enter(self, challenge: Challenge, member: Any, *, colour: str = "teal", covered: bool = False) -> Entry:
        return await self.enter_as(challenge, member.id, member.name, colour=colour, covered=covered)

    async def enter_as(
        self, challenge: Challenge, user_id: int, name: str, *, colour: str = "", covered: bool = False
    ) -> Entry:
        """Somebody's picture who need not be in the server, as it was when the deadline had not passed."""
        self._pictures += 1
        colour = colour or COLOURS[self._pictures % len(COLOURS)]
        entered = Picture(
            job_id=str(self._pictures),
            blob=await self.world.app.blobs.put(picture(colour)),
            thumbnail_blob=await self.world.app.blobs.put(picture(colour, kind="JPEG")),
            width=64,
            height=48,
            covered=covered,
        )
        author = Author(user_id=str(user_id), name=name, username=name.lower()[:32], locale="en-US")
        return await self.desk.entries.enter(
            challenge.id, author, entered, asked_at=self.now, now=self.now, guard=unguarded
        )

    async def heart(self, challenge: Challenge, member: Any, *entries: Entry) -> None:
        for entry in entries:
            await self.desk.votes.give_heart(
                challenge.id, str(member.id), entry.id, given=True, now=self.now, guard=unguarded
            )

    def called(self, message: discord.Message) -> tuple[list[int], list[int]]:
        """The ids of members and of roles that a message calls, whomever it mentions."""
        stored = self.world.env.backend.messages[message.channel.id][message.id]
        return list(stored.ping_user_ids), list(stored.ping_role_ids)

    def said(self, where: Any = None) -> list[str]:
        """The texts of the bot's messages in a place, oldest first."""
        return [words(message) for message in self.world.history(where or self.world.channel)]


def _forget_last(connection: Connection, challenge_id: int) -> None:
    """It was begun, and its lease has run out."""
    newest = select(challenge_tasks.c.id).where(challenge_tasks.c.challenge_id == challenge_id)
    task_id = connection.execute(newest.order_by(challenge_tasks.c.id.desc()).limit(1)).scalar_one()
    again = update(challenge_tasks).where(challenge_tasks.c.id == task_id).values(done_at=None, due_at=0.0)
    kind = connection.execute(again.returning(challenge_tasks.c.kind)).scalar_one()
    if kind == TaskKind.ANNOUNCE:
        this_one = update(challenges).where(challenges.c.id == challenge_id)
        connection.execute(this_one.values(place_id=None, announcement_id=None))
