"""A challenge as people live through it: commands, buttons, forms and uploads only; what they see is all there is."""

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

import discord
from simcord.results import to_discord_message

from tests.bot_world import CAT, WAVE, World, until, words
from tests.challenge_ballots import entry_ids, heart_labels, pressable
from tests.challenge_photos import delivered, results_of

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
ENTER_IT = "Enter this picture"


@dataclass
class Fair:
    """Where moderators make challenges and members take part; `where` is its channel."""

    world: World
    where: Any = None

    def __post_init__(self) -> None:
        self.where = self.where or self.world.channel
        self.mo = self.moderator("mo")

    def moderator(self, name: str) -> Any:
        rights = ("manage_events", "manage_messages", "send_messages", "manage_roles", "mention_everyone")
        return self.world.member(name, **dict.fromkeys(rights, True))

    def members(self, *names: str) -> list[Any]:
        return [self.world.member(name) for name in names]

    async def later(self, seconds: float) -> None:
        await self.world.env.advance_time(seconds)

    def now(self, message: discord.Message) -> discord.Message:
        """As it stands by now."""
        stored = self.world.env.backend.get_message(message.channel.id, message.id)
        return to_discord_message(self.world.env, stored)

    async def preview(self, **options: Any) -> discord.Message:
        """What a moderator sees of a new challenge before anybody else does."""
        given = {"title": "Waves", "style": WAVE, "lasts": "1d", "voting": "12h", **options}
        given = {name: value for name, value in given.items() if value is not None}
        preview = seen(await self.mo.slash(self.where, "challenge create", **given))
        assert preview.flags.components_v2, preview.content
        return preview

    async def announced(self, **options: Any) -> discord.Message:
        """The card of a challenge that a moderator made and announced."""
        preview = await self.preview(**options)
        label = next(label for label in labels(preview) if label.startswith("Announce"))
        await self.mo.click(preview, label=label)
        return await self.posted(f"## {options.get('title', 'Waves')}")

    async def posted(self, beginning: str, *, times: int = 1) -> discord.Message:
        """The public message that begins so, once it is there for the `times`-th time."""

        def found() -> discord.Message | None:
            those = self.public(beginning)
            return those[times - 1] if len(those) >= times else None

        message: discord.Message = await until(found)
        return message

    def public(self, beginning: str = "") -> list[discord.Message]:
        """What the bot has posted for everybody, oldest first, that has a line which begins so."""
        posted = self.world.history(self.where)
        return [one for one in posted if any(line.startswith(beginning) for line in words(one).splitlines())]

    async def shows(self, message: discord.Message, claim: str) -> discord.Message:
        """A public message once it says this."""
        await until(lambda: claim in words(self.now(message)))
        return self.now(message)

    async def hand_in(self, who: Any, card: discord.Message, **values: Any) -> Any:
        """The answer to the form behind Enter."""
        shown = await who.click(card, label="Enter")
        return await who.submit_modal(shown, {"photo": [CAT]} | values)

    async def paint(self) -> None:
        """The engine finishes the job that waits next, and its owner is told."""
        job = await self.world.engine.claim()
        await self.world.engine.finish(job)
        await delivered(self.world, job.id)

    async def painted(self, who: Any, card: discord.Message, **values: Any) -> discord.Message:
        """The finished picture, which only its owner sees."""
        await self.hand_in(who, card, **values)
        await self.paint()
        return results_of(self.world, who)[-1]

    async def entered(self, who: Any, card: discord.Message, **values: Any) -> int:
        """The id of the member's newest entry, as its picture in *My entry* is called."""
        picture = await self.painted(who, card, **values)
        await who.user.click(picture, label=ENTER_IT)
        return (await self.mine(who, card))[0]

    async def mine(self, who: Any, card: discord.Message) -> list[int]:
        """The member's entries, newest first."""
        return entry_ids(seen(await who.click(card, label="My entry")))

    async def withdrawn(self, who: Any, card: discord.Message) -> Any:
        """The member's newest entry."""
        asked = await who.click(seen(await who.click(card, label="My entry")), label="Withdraw")
        return await who.click(seen(asked), label="Yes, withdraw it")

    async def opened(self, who: Any, message: discord.Message, label: str = "Vote") -> discord.Message:
        """What a button of a public message shows to one member."""
        return seen(await who.click(message, label=label))

    async def heart(self, who: Any, ballot: discord.Message, entry_id: int) -> discord.Message:
        """Give it, or take it back, on whichever page it is; the ballot after that."""
        custom_id = f"challenge:{challenge_of(ballot)}:heart:{entry_id}"
        for way in ("Next", "Previous"):
            while custom_id not in pressable(self.now(ballot)) and self.leads_on(ballot, way):
                await who.click(self.now(ballot), label=way)
        await who.click(self.now(ballot), custom_id=custom_id)
        return self.now(ballot)

    def leads_on(self, message: discord.Message, way: str) -> bool:
        return any(button.label == way and not button.disabled for button in pressable(self.now(message)).values())

    async def hearts(self, who: Any, vote: discord.Message, *entry_ids: int) -> None:
        ballot = await self.opened(who, vote, "Vote" if "Vote" in labels(self.now(vote)) else "Gallery")
        for entry_id in entry_ids:
            ballot = await self.heart(who, ballot, entry_id)
            assert heart_labels(ballot)[entry_id] == "Has your heart"

    async def manage(self, title: str = "Waves", who: Any = None) -> discord.Message:
        return seen(await (who or self.mo).slash(self.where, "challenge manage", challenge=title))

    async def press(self, message: discord.Message, *buttons: str, who: Any = None) -> discord.Message:
        """One after the other, each in the message as the last one left it."""
        for label in buttons:
            await (who or self.mo).click(self.now(message), label=label)
        return self.now(message)

    async def table(self, title: str = "Waves") -> list[dict[str, str]]:
        """What the exported CSV says."""
        answer = await self.mo.click(await self.manage(title), label="Export (CSV)")
        (file,) = seen(answer).attachments
        return list(csv.DictReader(io.StringIO((await file.read()).decode("utf-8-sig"))))

    def letters(self, who: Any) -> list[str]:
        """What the bot wrote to the member in private, but for pictures."""
        channel = who.user.dm_channel
        return [words(message) for message in self.world.history(channel) if message.flags.components_v2]


def seen(answer: Any) -> discord.Message:
    """The private message that an answer showed or changed, the last of several."""
    said = answer.followups[-1] if answer.followups else answer.response
    assert said is not None, answer
    assert said.ephemeral
    message: discord.Message = said.message
    return message


def challenge_of(message: discord.Message) -> int:
    """As the ids of the buttons under it say."""
    return int(next(key for key in pressable(message) if key.startswith("challenge:")).split(":")[1])


def labels(message: discord.Message) -> list[str]:
    return [str(button.label) for button in pressable(message).values()]


def ranking(message: discord.Message) -> list[str]:
    """The lines of a podium message or of a result that name a place."""
    return [line for line in words(message).splitlines() if re.match(r"🥇|🥈|🥉|\*\*\d+\.\*\*", line)]
