"""What stands in the gallery of a challenge; before its end there are neither names nor numbers of votes in it."""

from typing import assert_never

from bot.challenges.values import Challenge, Entry, Phase, Placed, VotingMode
from bot.ui.text import paging
from bot.ui.text.challenges import amounts, buttons
from bot.ui.text.challenges.card import NO_ENTRIES, author, from_now, moment, name
from bot.ui.text.challenges.scores import MEDALS, about_scores
from bot.ui.text.names import LONGEST_ALT_TEXT, LONGEST_NAME, cut, plain
from bot.ui.words import Words, later

YOURS = later("Yours")
NO_PICTURE = later("This picture cannot be shown at the moment.")


def heading(challenge: Challenge, entries: int, page: int, pages: int, say: Words) -> str:
    """`entries` are those that can be seen; pages count from 1."""
    where = paging.counted(amounts.entries(entries, say), page, pages, say)
    return "\n".join((f"## {name(challenge)}", f"-# {where}", state(challenge, say)))


def state(challenge: Challenge, say: Words) -> str:
    """What can be done with the pictures, and until when."""
    times = challenge.schedule
    match challenge.phase:
        case Phase.DRAFT:
            return say(
                "Entries open {moment}, {from_now}.",
                moment=moment(times.opens_at),
                from_now=from_now(times.opens_at),
            )
        case Phase.OPEN:
            return say(
                "Open for entries until {moment}, {from_now}; then everybody votes.",
                moment=moment(times.entries_end_at),
                from_now=from_now(times.entries_end_at),
            )
        case Phase.VOTING:
            return _voting(challenge, say)
        case Phase.CLOSED:
            return f"{say('This is the result.')} {about_scores(challenge.terms.mode, say)}".strip()
        case Phase.CANCELLED:
            return say("This challenge was cancelled: there is no result.")
        case _:
            assert_never(challenge.phase)


def order(say: Words) -> str:
    return f"-# {say('Everybody sees the entries in an order of their own, so that none has an advantage.')}"


def nothing_here(challenge: Challenge, say: Words) -> str:
    match challenge.phase:
        case Phase.DRAFT | Phase.OPEN:
            return say("There are no entries yet.")
        case Phase.VOTING | Phase.CLOSED | Phase.CANCELLED:
            return say(NO_ENTRIES)
        case _:
            assert_never(challenge.phase)


def alt_text(number: int, entries: int, say: Words) -> str:
    """Of a picture whose author is not told; `number` counts from 1."""
    return say("Entry {number} of {entries}", number=number, entries=entries)


def placed_alt_text(placed: Placed, say: Words) -> str:
    who = cut(plain(placed.entry.author.name) or placed.entry.author.username, LONGEST_NAME)
    return cut(say("Place {place}: the entry of {name}", place=placed.place, name=who), LONGEST_ALT_TEXT)


def caption(entry: Entry, viewer_id: str, say: Words) -> str:
    """Over a picture before the end; nothing but whether it is the viewer's own."""
    return f"**{say(YOURS)}**" if entry.author.user_id == viewer_id else ""


def placed_caption(placed: Placed, viewer_id: str, say: Words, *, is_shared: bool) -> str:
    """Over a picture in the ranking: its place, its author, and how it did."""
    place = say("Place {n}, shared", n=placed.place) if is_shared else say("Place {n}", n=placed.place)
    parts = [
        f"{MEDALS[placed.place]} {place}" if placed.is_on_podium else place,
        f"**{author(placed)}**",
        caption(placed.entry, viewer_id, say),
    ]
    return " · ".join(part for part in parts if part)


def _voting(challenge: Challenge, say: Words) -> str:
    ends = from_now(challenge.schedule.voting_ends_at)
    match challenge.terms.mode:
        case VotingMode.DUELS:
            return say(
                "Voting ends {from_now}. **{vote}** shows you two entries at a time.",
                from_now=ends,
                vote=say(buttons.VOTE),
            )
        case VotingMode.APPROVAL:
            return say("Voting ends {from_now}. Nobody sees who votes for what.", from_now=ends)
        case _:
            assert_never(challenge.terms.mode)
