"""Ten members do as chance has it, with double clicks and restarts, and every vote is counted once and none is lost."""

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import pytest

from tests.bot_world import words
from tests.challenge_ballots import heart_labels, pressable
from tests.challenge_fair import DAY, ENTER_IT, HOUR, Fair, ranking, seen
from tests.challenge_photos import results_of
from tests.challenge_rounds import challenge_world
from tests.result_acts import pressed_at_once

ENTRIES, HEARTS = 2, 3
"""That one member may have, and may give."""
ACTIONS_BEFORE, ACTIONS_DURING = 50, 100
GIVE = "Give a heart"


@dataclass
class Booth:
    """One member, what they have, and what they see."""

    member: Any
    pictures: list[discord.Message] = field(default_factory=list)
    entered: dict[int, int] = field(default_factory=dict)
    """Which picture each entry is, also of those withdrawn; a picture that was replaced is in none."""
    entries: set[int] = field(default_factory=set)
    """Those that take part."""
    ballots: list[discord.Message] = field(default_factory=list)
    hearts: set[int] = field(default_factory=set)


class Session:
    """Does something by chance, and at the same time in a model that is simple enough to be right."""

    def __init__(self, fair: Fair, seed: int) -> None:
        self.fair = fair
        self.chance = random.Random(seed)
        self.booths = [Booth(member) for member in fair.members(*(f"member{number}" for number in range(10)))]
        self.card: Any = None
        self.vote: Any = None

    @property
    def taking_part(self) -> set[int]:
        return set().union(*(booth.entries for booth in self.booths))

    async def before(self) -> None:
        """One action while entries are open."""
        booth = self.chance.choice(self.booths)
        act = self.chance.choices((self.hand_in, self.enter, self.withdraw, self.restart), weights=(6, 10, 3, 1))[0]
        await act(booth)

    async def during(self) -> None:
        """One action while members vote."""
        booth = self.chance.choice(self.booths)
        acts = (self.open_ballot, self.turn, self.press_heart, self.withdraw, self.restart)
        await self.chance.choices(acts, weights=(4, 3, 16, 1, 1))[0](booth)

    async def hand_in(self, booth: Booth) -> None:
        if len(booth.entries) < ENTRIES:
            await self.fair.hand_in(booth.member, self.card)
            await self.fair.paint()
            booth.pictures = results_of(self.fair.world, booth.member)
            return
        refused = await booth.member.click(self.card, label="Enter")
        assert seen(refused).content.startswith("You have 2 entries already")

    async def enter(self, booth: Booth) -> None:
        """Any of the member's pictures, entered already or not; where there is no room, in place of one."""
        if not booth.pictures:
            await self.hand_in(booth)
        number = self.chance.randrange(len(booth.pictures))
        answers = await self.press(booth.member.user, booth.pictures[number], ENTER_IT)
        before, known = set(booth.entries), {picture: entry for entry, picture in booth.entered.items()}
        if known.get(number) in before:
            pass
        elif len(before) < ENTRIES:
            (new,) = await self.now_of(booth) - before
            booth.entered[new] = number
            booth.entries.add(new)
        else:
            await self.replace(booth, answers, number, known.get(number))
        assert await self.now_of(booth) == booth.entries

    async def replace(self, booth: Booth, answers: list[Any], number: int, earlier: int | None) -> None:
        """`earlier`: the entry that this picture was, until it was withdrawn."""
        (question,) = [seen(answer) for answer in answers if pressable(seen(answer))]
        button = self.chance.choice(list(pressable(question)))
        await booth.member.user.click(question, custom_id=button)
        replaced = int(button.split(":")[3])
        if earlier is None:
            booth.entered[replaced] = number
        else:
            booth.entries = booth.entries - {replaced} | {earlier}

    async def withdraw(self, booth: Booth) -> None:
        if not booth.entries:
            return
        entry_id = self.chance.choice(sorted(booth.entries))
        mine = seen(await booth.member.click(self.fair.now(self.card), label="My entry"))
        ask = next(key for key in pressable(mine) if key.endswith(f":withdraw:{entry_id}"))
        question = seen(await booth.member.click(mine, custom_id=ask))
        await self.press(booth.member, question, "Yes, withdraw it")
        booth.entries.remove(entry_id)

    async def restart(self, _booth: Booth) -> None:
        await self.fair.world.restart()
        await self.fair.later(self.chance.randrange(600))

    async def open_ballot(self, booth: Booth) -> None:
        booth.ballots.append(await self.fair.opened(booth.member, self.vote))
        assert self.given_on(booth.ballots[-1]) <= booth.hearts

    async def turn(self, booth: Booth) -> None:
        if not booth.ballots:
            await self.open_ballot(booth)
        ballot = self.fair.now(self.chance.choice(booth.ballots))
        turns = [button for button in pressable(ballot).values() if ":page:" in str(button.custom_id)]
        if ways := [str(button.custom_id) for button in turns if not button.disabled]:
            await booth.member.click(ballot, custom_id=self.chance.choice(ways))

    async def press_heart(self, booth: Booth) -> None:
        """On any ballot that the member has open, which may be older than what holds."""
        if not booth.ballots:
            await self.open_ballot(booth)
        ballot = self.fair.now(self.chance.choice(booth.ballots))
        if not (shown := heart_labels(ballot)):
            return
        entry_id, label = self.chance.choice(sorted(shown.items()))
        button = next(key for key in pressable(ballot) if key.endswith(f":heart:{entry_id}"))
        await self.press(booth.member, ballot, custom_id=button)
        if label != GIVE:
            booth.hearts.discard(entry_id)
        elif entry_id in self.taking_part and len(booth.hearts & self.taking_part) < HEARTS:
            booth.hearts.add(entry_id)

    async def press(
        self, who: Any, message: discord.Message, label: str | None = None, custom_id: str | None = None
    ) -> list[Any]:
        """Once, or twice before the bot has answered."""
        if self.chance.random() < 0.7:
            return [await who.click(message, label=label, custom_id=custom_id)]
        press = (who, message, label, custom_id)
        return await pressed_at_once(self.fair.world, press, press)

    async def now_of(self, booth: Booth) -> set[int]:
        return set(await self.fair.mine(booth.member, self.card))

    def given_on(self, ballot: discord.Message) -> set[int]:
        return {entry_id for entry_id, label in heart_labels(ballot).items() if label != GIVE}

    def counted(self) -> Counter[int]:
        """The hearts of each entry that takes part, as the model has them."""
        given = Counter(entry for booth in self.booths for entry in booth.hearts & self.taking_part)
        return Counter({entry: given[entry] for entry in self.taking_part})


def expected(session: Session) -> list[tuple[int, str, int]]:
    """Place, author and hearts of every entry that takes part."""
    hearts = session.counted()
    owners = {entry: booth.member.name for booth in session.booths for entry in booth.entries}
    return [
        (1 + sum(other > count for other in hearts.values()), owners[entry], count)
        for entry, count in sorted(hearts.items(), key=lambda item: (-item[1], item[0]))
    ]


def line(place: int, name: str, hearts: int) -> str:
    medal = "🥇🥈🥉"[place - 1] if place <= 3 and hearts else f"**{place}.**"
    who = f"**{name}**" if place <= 3 and hearts else name
    return f"{medal} {who} · {hearts} {'heart' if hearts == 1 else 'hearts'}"


@pytest.mark.parametrize("seed", [7])
async def test_whatever_ten_members_do_every_vote_counts_once_and_none_is_lost(tmp_path: Path, seed: int) -> None:
    async with challenge_world(tmp_path) as world:
        fair = Fair(world)
        session = Session(fair, seed)
        session.card = await fair.announced(entries_per_member=ENTRIES, hearts=HEARTS)
        for _ in range(ACTIONS_BEFORE):
            await session.before()
        assert len(session.taking_part) > 5
        gallery = words(await fair.opened(session.booths[0].member, session.card, "Gallery"))
        assert f"-# {len(session.taking_part)} entries" in gallery
        await fair.later(DAY)
        session.vote = await fair.posted("## Vote now: Waves")
        for _ in range(ACTIONS_DURING):
            await session.during()
        for booth in session.booths:
            left = f"{len(booth.hearts & session.taking_part)} of {HEARTS} hearts given"
            assert left in words(await fair.opened(booth.member, session.vote))
        await fair.later(12 * HOUR)
        result = await fair.posted("## The result of Waves")
        placed = expected(session)
        assert ranking(result) == [line(*one) for one in placed[:10]]
        counted = [row for row in await fair.table() if row["state"] == "shown"]
        assert [(int(row["place"]), row["name"], int(row["hearts or duels won"])) for row in counted] == placed
        assert {int(row["entry"]) for row in counted} == session.taking_part
        assert sum(count for *_, count in placed) > 10, "there was something to count"
