"""What is said about challenges that are over: who won, who has won most, and where to look."""

from collections.abc import Sequence

from bot.challenges.archive import Page, Standing
from bot.challenges.values import Challenge, Placed
from bot.ui.text import paging
from bot.ui.text.challenges.amounts import entries, members
from bot.ui.text.challenges.card import NO_ENTRIES, name, named, nobody_won, numbered
from bot.ui.text.challenges.links import link_line, linked
from bot.ui.text.challenges.scores import MEDALS, about_scores, score
from bot.ui.text.names import cut, plain, unformatted
from bot.ui.words import Words, later

STANDINGS_DESCRIPTION = later("Who has won most in this server's challenges")
HISTORY_DESCRIPTION = later("The challenges that are over, and who won them")
PUBLIC_OPTION = later("Show it to everybody in the channel")

LOOK = later("Look at a result…")
STANDINGS_TITLE = later("All-time standings")
HISTORY_TITLE = later("Past challenges")
NO_HISTORY = later("No challenge has ended here yet.")
NO_STANDINGS = later("Nobody has taken part in a finished challenge here yet.")
NOT_YET_THERE = later("You have not taken part in a finished challenge here yet.")

LONGEST_OPTION = 100
MOST_WINNERS = 3
"""Of one challenge that are named where several are listed."""


def history_title(page: Page, say: Words) -> str:
    count = say.count("{n} challenge", "{n} challenges", page.total)
    return _title(say(HISTORY_TITLE), count, page.number, page.pages, say)


def standings_title(page: Page, say: Words) -> str:
    return _title(say(STANDINGS_TITLE), members(page.total, say), page.number, page.pages, say)


def result_title(challenge: Challenge, total: int, page: int, pages: int, say: Words) -> str:
    """Over one ranking of so many entries; pages count from 1."""
    return _title(numbered(name(challenge), challenge), _when_and_how_many(challenge, total, say), page, pages, say)


def past(challenge: Challenge, ranking: Sequence[Placed], say: Words) -> str:
    """One of the history."""
    heading = linked(numbered(name(challenge), challenge), challenge)
    when = _when_and_how_many(challenge, len(ranking), say)
    return f"**{heading}**\n{_won(challenge, ranking, say)}\n-# {when}"


def option(challenge: Challenge) -> str:
    """Of a menu, where nothing is formatted."""
    return cut(numbered(plain(challenge.title), challenge), LONGEST_OPTION)


def option_hint(ranking: Sequence[Placed], say: Words) -> str | None:
    winners = list(dict.fromkeys(plain(placed.entry.author.name) for placed in ranking if placed.has_won))
    return cut(say("Won by {names}", names=say.listed(winners)), LONGEST_OPTION) if winners else None


def small_print(challenge: Challenge, say: Words) -> str:
    """Under a ranking: what its numbers mean, and where it was announced."""
    meaning = about_scores(challenge.terms.mode, say)
    lines = [f"-# {meaning}" if meaning else "", link_line(challenge, say)]
    return "\n".join(line for line in lines if line)


def standing(one: Standing, say: Words, *, own: bool = False) -> str:
    """A line of the standings; medals that were not won are left out."""
    shown = unformatted(one.name)
    who = say("**{name}** (you)", name=shown) if own else shown
    won = ((1, one.firsts), (2, one.seconds), (3, one.thirds))
    medals = [f"{MEDALS[place]} {say.number(times)}" for place, times in won if times]
    return f"**{one.place}.** {who} · {' · '.join([*medals, entries(one.entries, say)])}"


def _title(title: str, count: str, page: int, pages: int, say: Words) -> str:
    return f"## {title}\n-# {paging.counted(count, page, pages, say)}"


def _when_and_how_many(challenge: Challenge, total: int, say: Words) -> str:
    return f"<t:{round(challenge.schedule.voting_ends_at)}:D> · {entries(total, say)}"


def _won(challenge: Challenge, ranking: Sequence[Placed], say: Words) -> str:
    winners = [one for one in ranking if one.has_won]
    if winners:
        return f"{MEDALS[1]} {named(winners, say, most=MOST_WINNERS)} · {score(winners[0], challenge.terms.mode, say)}"
    if not ranking:
        return say(NO_ENTRIES)
    return nobody_won(ranking, say)
