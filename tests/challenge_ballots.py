"""Galleries and ballots of challenges, as members open and press them."""

from typing import Any

import discord

from bot.challenges.values import Challenge, Entry
from bot.ui.challenges.buttons import ChallengeButton, Verb
from bot.ui.words import words_for
from tests.bot_world import World
from tests.challenge_rounds import COLOURS, Rounds
from tests.test_bot_library_page import world_message

ENGLISH = words_for("en-US")


class Booth:
    """Where members of a world look at entries and vote."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rounds = Rounds(world)
        self.entries: list[Entry] = []

    async def open(self, *authors: Any, **changes: Any) -> Challenge:
        """Open for entries, with one of each author."""
        challenge = await self.rounds.confirmed(**changes)
        await self.enter(challenge, *authors)
        return challenge

    async def voting(self, *authors: Any, **changes: Any) -> Challenge:
        return await self.end(await self.open(*authors, **changes))

    async def enter(self, challenge: Challenge, *authors: Any) -> None:
        for author in authors:
            colour = COLOURS[len(self.entries) % len(COLOURS)]
            self.entries.append(await self.rounds.enter(challenge, author, colour=colour))

    async def end(self, challenge: Challenge) -> Challenge:
        """End the phase that it was in."""
        ended: Challenge = await self.rounds.desk.challenges.end_early(
            challenge.tenant_id, challenge.id, challenge.phase, self.rounds.now
        )
        return ended

    async def cancel(self, challenge: Challenge) -> None:
        await self.rounds.desk.challenges.cancel(challenge.tenant_id, challenge.id, "no time", self.rounds.now)

    def crowd(self, count: int) -> list[Any]:
        return [self.world.member(f"painter{number}") for number in range(1, count + 1)]

    async def press(self, member: Any, verb: Verb, challenge: Challenge) -> Any:
        """The answer to a button under a message about the challenge."""
        view = discord.ui.LayoutView(timeout=None)
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(ChallengeButton(challenge.id, verb, ENGLISH))
        view.add_item(row)
        place = self.world.app.client.get_partial_messageable(self.world.channel.id)
        return await member.click(await place.send(view=view), custom_id=f"challenge:{challenge.id}:{verb}")

    async def gallery(self, member: Any, challenge: Challenge) -> discord.Message:
        return await self._opened(member, Verb.GALLERY, challenge)

    async def ballot(self, member: Any, challenge: Challenge) -> discord.Message:
        return await self._opened(member, Verb.VOTE, challenge)

    async def heart(self, member: Any, ballot: discord.Message, entry: Entry) -> Any:
        return await member.click(ballot, custom_id=f"challenge:{entry.challenge_id}:heart:{entry.id}")

    async def hearts(self, member: Any, challenge: Challenge) -> set[int]:
        """The entries that have the member's hearts, in the database."""
        return set(await self.rounds.desk.votes.hearts_of(challenge.id, str(member.id)))

    def entry(self, entry_id: int) -> Entry:
        return next(entry for entry in self.entries if entry.id == entry_id)

    def now(self, message: discord.Message) -> discord.Message:
        """As it stands by now."""
        return world_message(self.world, message)

    async def _opened(self, member: Any, verb: Verb, challenge: Challenge) -> discord.Message:
        answer = await self.press(member, verb, challenge)
        assert answer.ephemeral
        message: discord.Message = answer.response.message
        return message


def pressable(message: discord.Message) -> dict[str, discord.ui.Button[Any]]:
    """Buttons by id."""
    view = discord.ui.LayoutView.from_message(message)
    return {str(item.custom_id): item for item in view.walk_children() if isinstance(item, discord.ui.Button)}


def heart_labels(message: discord.Message) -> dict[int, str]:
    """What the heart under each entry says."""
    buttons = pressable(message).items()
    return {int(key.split(":")[3]): str(button.label) for key, button in buttons if ":heart:" in key}


def shown(message: discord.Message) -> list[discord.MediaGalleryItem]:
    """The pictures, in their order."""
    view = discord.ui.LayoutView.from_message(message)
    galleries = [item for item in view.walk_children() if isinstance(item, discord.ui.MediaGallery)]
    return [item for gallery in galleries for item in gallery.items]


def entry_ids(message: discord.Message) -> list[int]:
    """Of the pictures, in their order."""
    names = [item.media.url.split("?")[0].rsplit("/", 1)[-1] for item in shown(message)]
    return [int(name.removeprefix("SPOILER_").removeprefix("entry-").removesuffix(".jpg")) for name in names]


def assert_within_limits(view: discord.ui.LayoutView) -> None:
    """What Discord would refuse."""
    items = list(view.walk_children())
    texts = [item.content for item in items if isinstance(item, discord.ui.TextDisplay)]
    buttons = [item for item in items if isinstance(item, discord.ui.Button)]
    galleries = [item for item in items if isinstance(item, discord.ui.MediaGallery)]
    assert len(items) <= 40
    assert sum(map(len, texts)) <= 4000
    assert all(texts)
    assert len({button.custom_id for button in buttons}) == len(buttons)
    assert all(len(str(button.custom_id)) <= 100 and len(str(button.label)) <= 80 for button in buttons)
    assert sum(len(gallery.items) for gallery in galleries) <= 10
    assert all(len(str(item.description)) <= 1024 for gallery in galleries for item in gallery.items)
