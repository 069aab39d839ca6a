"""How entries did: in a ranking, under a picture of the gallery, and on the podium."""

from typing import assert_never

from bot.challenges.values import Placed, VotingMode
from bot.ui.text.challenges.card import author
from bot.ui.words import Words

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}


def line(placed: Placed, mode: VotingMode, say: Words) -> str:
    """Of a ranking. A place is bold: with a plain number at the start, Discord makes a list and numbers it itself."""
    place = MEDALS[placed.place] if placed.is_on_podium else f"**{placed.place}.**"
    who = f"**{author(placed)}**" if placed.is_on_podium else author(placed)
    return f"{place} {who} · {score(placed, mode, say)}"


def score(placed: Placed, mode: VotingMode, say: Words) -> str:
    """With how sure it is."""
    match mode:
        case VotingMode.APPROVAL:
            return short_score(placed, mode, say)
        case VotingMode.DUELS if not placed.duels:
            return say("was in no duel")
        case VotingMode.DUELS:
            won = say.count("won {won} of {n} duel", "won {won} of {n} duels", placed.duels, won=placed.votes)
            chance, low, high = (say.number(share) for share in (placed.score, placed.low, placed.high))
            return f"{say('{chance} % ({low} to {high} %)', chance=chance, low=low, high=high)} · {won}"
        case _:
            assert_never(mode)


def short_score(placed: Placed, mode: VotingMode, say: Words) -> str:
    """Where there is little room."""
    match mode:
        case VotingMode.APPROVAL:
            return say.count("{n} heart", "{n} hearts", placed.votes)
        case VotingMode.DUELS:
            return say("{chance} %", chance=say.number(placed.score))
        case _:
            assert_never(mode)


def about_scores(mode: VotingMode, say: Words) -> str:
    """What the numbers mean, where they do not say so."""
    match mode:
        case VotingMode.APPROVAL:
            return ""
        case VotingMode.DUELS:
            return say(
                "The percentage is the chance to win a duel against an average entry; in brackets, where it lies with "
                "a certainty of 95 %."
            )
        case _:
            assert_never(mode)
