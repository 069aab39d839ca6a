"""How long people wait for a large challenge: 100 entries and 5,000 votes, through commands and buttons in a simulated
Discord, which takes its share of the time. For `tests.measure`."""

import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any

from bot.challenges.values import Challenge, VotingMode
from bot.ui.challenges.buttons import Verb
from tests.bot_world import WorldClock, bot_world
from tests.challenge_acts import moderator
from tests.challenge_ballots import Booth
from tests.measure_challenges import ENTRIES, VOTES_EACH, Row, vote

SAMPLES = 5


async def command_rows(folder: Path) -> list[Row]:
    """From the press to the settled answer, pictures included."""
    rows: list[Row] = []
    for mode in VotingMode:
        async with bot_world(folder / mode.value, clock=WorldClock()) as world:
            rows += await _rows(Booth(world), mode)
    return rows


async def _rows(booth: Booth, mode: VotingMode) -> list[Row]:
    world = booth.world
    painters, boss = booth.crowd(ENTRIES), moderator(world)
    challenge = await booth.voting(*painters, mode=mode)
    await vote(world.app.database, challenge, booth.entries, VOTES_EACH)
    viewers = [world.member(f"viewer{number}") for number in range(SAMPLES)]
    took: dict[str, list[float]] = {
        "Gallery": [await _ms(booth.press(viewer, Verb.GALLERY, challenge)) for viewer in viewers],
        "Vote": [await _ms(booth.press(viewer, Verb.VOTE, challenge)) for viewer in viewers],
        "a vote": [await _ms(_voted(booth, viewer, challenge)) for viewer in viewers],
        **await _by(boss, world.channel, ("challenge list", "challenge manage"), challenge),
    }
    await booth.end(challenge)
    closed = ("challenge standings", "challenge history", "challenge manage")
    took |= {f"{what}, after the end": ms for what, ms in (await _by(boss, world.channel, closed, challenge)).items()}
    took["Gallery, after the end"] = [await _ms(booth.press(viewer, Verb.GALLERY, challenge)) for viewer in viewers]
    size = f"{ENTRIES} entries, {ENTRIES * VOTES_EACH} votes by {mode.value}"
    return [(f"{what}, {size}", "ms", values) for what, values in took.items()]


async def _voted(booth: Booth, viewer: Any, challenge: Challenge) -> None:
    """The ballot is open already when the time begins, or nearly: opening it is a part of this."""
    ballot = await booth.ballot(viewer, challenge)
    first = "heart" if challenge.terms.mode is VotingMode.APPROVAL else "duel"
    await viewer.click(ballot, custom_id=_first_id(ballot, f"challenge:{challenge.id}:{first}:"))


def _first_id(ballot: Any, beginning: str) -> str:
    for component in _all(ballot.components):
        if str(getattr(component, "custom_id", "") or "").startswith(beginning):
            return str(component.custom_id)
    raise AssertionError(f"no {beginning} on this ballot")


def _all(components: Sequence[Any]) -> list[Any]:
    found = []
    for component in components:
        found += [component, *_all(getattr(component, "children", None) or ())]
    return found


async def _by(who: Any, channel: Any, commands: Sequence[str], challenge: Challenge) -> dict[str, list[float]]:
    took = {}
    for name in commands:
        options = {"challenge": str(challenge.id)} if name.endswith("manage") else {}
        took[f"/{name}"] = [await _ms(who.slash(channel, name, **options)) for _ in range(SAMPLES)]
    return took


async def _ms(act: Awaitable[object]) -> float:
    start = time.perf_counter()
    await act
    return 1000 * (time.perf_counter() - start)
