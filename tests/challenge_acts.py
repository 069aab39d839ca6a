"""Moderators of challenges in a simulated server, and answers as one person reads them."""

from typing import Any

from bot.challenges.values import Challenge, EntryState
from tests.bot_world import World, words
from tests.challenge_rounds import Rounds


async def states(rounds: Rounds, challenge: Challenge) -> dict[str, EntryState]:
    """By the names of the authors."""
    return {entry.author.name: entry.state for entry in await rounds.desk.entries.all(challenge.id)}


def moderator(world: World, name: str = "mo") -> Any:
    """Runs challenges and judges entries."""
    return world.member(name, manage_events=True, manage_messages=True)


def page(answer: Any) -> Any:
    """The private message that an answer showed or changed."""
    assert answer.response is not None, answer
    assert answer.response.ephemeral
    return answer.response.message


def read(answer: Any) -> str:
    return words(page(answer))
