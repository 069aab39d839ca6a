"""What the buttons of a duel carry, and what a voter has chosen so far, as values."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from bot.challenges.values import Duel, Entry


class Choice(StrEnum):
    """What a button of a duel does, as its id says it."""

    LEFT = "l"
    RIGHT = "r"
    SKIP = "s"
    BACK = "b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bout:
    """What the buttons of a duel know; no entries where there is no pair left. `skipped` pairs came before this one."""

    challenge_id: int
    left_id: int = 0
    right_id: int = 0
    skipped: int = 0

    @property
    def pair(self) -> frozenset[int]:
        return frozenset((self.left_id, self.right_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`choices` are the winner and the loser of each of the voter's duels, newest first; `possible` counts pairs."""

    choices: tuple[tuple[int, int], ...]
    possible: int

    def winner_of(self, pair: frozenset[int]) -> int | None:
        """None where the pair was not judged."""
        return next((choice[0] for choice in self.choices if frozenset(choice) == pair), None)

    def before(self, pair: frozenset[int]) -> tuple[int, int] | None:
        """The choice before the one between these two; the newest where they were not judged."""
        pairs = [frozenset(choice) for choice in self.choices]
        following = pairs.index(pair) + 1 if pair in pairs else 0
        return self.choices[following] if following < len(self.choices) else None


def pair_of(duel: Duel) -> frozenset[int]:
    return frozenset((duel.left.id, duel.right.id))


def arranged(voter_id: str, one: Entry, other: Entry) -> Duel:
    """Which of them stands left is left to chance, and is the same whenever the voter comes back to them."""
    first, second = sorted((one, other), key=lambda entry: entry.id)
    coin = hashlib.sha256(f"{voter_id} {first.id} {second.id}".encode()).digest()[0] % 2
    return Duel(left=first, right=second) if coin else Duel(left=second, right=first)
