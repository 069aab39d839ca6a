"""What the card of a challenge says: its name, its rules, what is going on, and until when."""

from collections.abc import Sequence
from typing import assert_never

from bot.challenges.values import Challenge, ChallengeStyle, Counts, Phase, Placed, Terms, VotingMode
from bot.ui.text.challenges import amounts
from bot.ui.text.challenges.lengths import length
from bot.ui.text.names import LONGEST_ALT_TEXT, cut, escaped, plain, unformatted
from bot.ui.words import Words, later

MOST_LINES = 12
"""Of a description; what follows is put on the last one."""
MOST_WINNERS = 8
"""That are named; the rest is counted."""
SECONDS_THAT_ARE_NOTHING = 60.0
NO_ENTRIES = later("There are no entries.")
NOBODY_VOTED = later("Nobody voted, so nobody won.")
WINNER_REMOVED = later("The winning entry was removed.")
OVER = later("This challenge is over.")
CANCELLED = later("This challenge was cancelled.")


def title(challenge: Challenge, say: Words) -> str:
    heading = f"## {name(challenge)}"
    if challenge.number is None:
        return heading
    return f"{heading}\n-# {say('No. {n} of the series', n=challenge.number)}"


def name(challenge: Challenge) -> str:
    """Its title, on one line, unable to format, mention or link anything."""
    return unformatted(challenge.title)


def numbered(title: str, challenge: Challenge) -> str:
    """One of a series has the same title as the others."""
    return title if challenge.number is None else f"{title} #{challenge.number}"


def words_of_moderator(text: str) -> str:
    """In their lines, unable to format, mention or link anything."""
    lines = [kept for line in text.splitlines() if (kept := plain(line))]
    shown = [*lines[: MOST_LINES - 1], " ".join(lines[MOST_LINES - 1 :])]
    return escaped("\n".join(line for line in shown if line))


def moment(at: float) -> str:
    """As the reader's own clock and calendar have it."""
    return f"<t:{round(at)}:F>"


def from_now(at: float) -> str:
    return f"<t:{round(at)}:R>"


def alt_text(style: ChallengeStyle, say: Words) -> str:
    return cut(say("The style {name}", name=style.name), LONGEST_ALT_TEXT)


def status(challenge: Challenge, winners: Sequence[Placed], say: Words) -> str:
    """Where it stands; `winners` are its first places, once it is over."""
    times = challenge.schedule
    match challenge.phase:
        case Phase.DRAFT:
            return _before(challenge, say)
        case Phase.OPEN:
            return say(
                "**Open for entries** until {moment}, {from_now}.",
                moment=moment(times.entries_end_at),
                from_now=from_now(times.entries_end_at),
            )
        case Phase.VOTING:
            return say(
                "**Open for votes** until {moment}, {from_now}.",
                moment=moment(times.voting_ends_at),
                from_now=from_now(times.voting_ends_at),
            )
        case Phase.CLOSED:
            return _over(winners, say)
        case Phase.CANCELLED if challenge.end_reason:
            return say("**Cancelled:** {reason}", reason=unformatted(challenge.end_reason))
        case Phase.CANCELLED:
            return say("**Cancelled.**")
        case _:
            assert_never(challenge.phase)


def counts(challenge: Challenge, numbers: Counts, say: Words) -> str:
    """What has come in; never how many votes an entry has."""
    if challenge.phase is Phase.DRAFT:
        return ""
    waiting = numbers.waiting if challenge.phase in {Phase.OPEN, Phase.VOTING} else 0
    if not numbers.entries and not waiting:
        return say("No entries yet: be the first!") if challenge.phase is Phase.OPEN else say(NO_ENTRIES)
    parts = [
        _entered(numbers, say),
        amounts.waiting(waiting, say) if waiting else "",
        amounts.voters(numbers.voters, say) if _is_voted_on(challenge) else "",
    ]
    return " · ".join(part for part in parts if part)


def rules(challenge: Challenge, say: Words) -> str:
    """A few plain lines: all of them before the vote, then those of the vote."""
    terms = challenge.terms
    if _is_voted_on(challenge):
        lines = [
            how_to_vote(terms, say),
            *_who(terms.model_copy(update={"enter_role_ids": ()}), say),
            say("Nobody votes for themselves, and votes can be changed until the end."),
        ]
    else:
        lines = [
            _what_to_bring(terms, say),
            say.count("One entry per member.", "Up to {n} entries per member.", terms.entries_per_member),
            *_who(terms, say),
            say("A moderator looks at each entry before it is shown.") if terms.needs_approval else "",
            _voting(terms, say),
        ]
    lines.append(say("Who made an entry, and how many votes it has, stays secret until the end."))
    return "\n".join(f"- {line}" for line in lines if line)


def how_to_vote(terms: Terms, say: Words) -> str:
    match terms.mode:
        case VotingMode.DUELS:
            return say("You are shown two entries at a time: choose the better one, as often as you like.")
        case VotingMode.APPROVAL if terms.hearts is None:
            return say("Give a heart to every entry that you like.")
        case VotingMode.APPROVAL:
            return say.count("You have {n} heart to give.", "You have {n} hearts to give.", terms.hearts)
        case _:
            assert_never(terms.mode)


def named(winners: Sequence[Placed], say: Words, *, most: int = MOST_WINNERS) -> str:
    """By the names that are kept of them, each once; a mention of somebody who left cannot be read."""
    names = list(dict.fromkeys(f"**{author(placed)}**" for placed in winners))
    shown, more = names[:most], len(names) - most
    if more > 0:
        shown.append(say.count("{n} other", "{n} others", more))
    return say.listed(shown)


def nobody_won(ranking: Sequence[Placed], say: Words) -> str:
    """Of a challenge with entries."""
    return say(NOBODY_VOTED if any(one.place == 1 for one in ranking) else WINNER_REMOVED)


def author(placed: Placed) -> str:
    return escaped(plain(placed.entry.author.name) or placed.entry.author.username)


def _before(challenge: Challenge, say: Words) -> str:
    times = challenge.schedule
    if not times.confirmed and times.opens_at - challenge.created_at < SECONDS_THAT_ARE_NOTHING:
        return say(
            "**Opens** as soon as it is announced; entries until {moment}, {from_now}.",
            moment=moment(times.entries_end_at),
            from_now=from_now(times.entries_end_at),
        )
    return say(
        "**Opens** {moment}, {from_now}; entries until {end}.",
        moment=moment(times.opens_at),
        from_now=from_now(times.opens_at),
        end=moment(times.entries_end_at),
    )


def _over(winners: Sequence[Placed], say: Words) -> str:
    if not winners:
        return f"**{say(OVER)}**"
    return say("**Over:** won by {names}.", names=named(winners, say))


def _entered(numbers: Counts, say: Words) -> str:
    entries = f"**{amounts.entries(numbers.entries, say)}**"
    if not numbers.entries:
        return entries
    return say("{entries} by {members}", entries=entries, members=amounts.members(numbers.authors, say))


def _is_voted_on(challenge: Challenge) -> bool:
    return challenge.phase is Phase.VOTING


def _what_to_bring(terms: Terms, say: Words) -> str:
    if not terms.styles:
        return say("Free theme: bring a photo, and the picture in whose style it is painted.")
    styles = say.listed([f"**{unformatted(style.name)}**" for style in terms.styles])
    return say("Bring a photo: it is painted in the style of {styles}.", styles=styles)


def _who(terms: Terms, say: Words) -> list[str]:
    enter, vote = _roles(terms.enter_role_ids, say), _roles(terms.vote_role_ids, say)
    lines = []
    if enter and enter == vote:
        lines.append(say("Members with {roles} can enter and vote.", roles=enter))
    else:
        lines.append(say("Members with {roles} can enter.", roles=enter) if enter else "")
        lines.append(say("Members with {roles} can vote.", roles=vote) if vote else "")
    if terms.member_for_seconds > 0:
        lines.append(
            say(
                "Members who have been here for {length} can enter and vote.",
                length=length(terms.member_for_seconds, say),
            )
        )
    return lines


def _roles(role_ids: tuple[int, ...], say: Words) -> str:
    return say.either([f"<@&{role_id}>" for role_id in role_ids]) if role_ids else ""


def _voting(terms: Terms, say: Words) -> str:
    lasts = length(terms.voting_seconds, say)
    match terms.mode:
        case VotingMode.DUELS:
            return say("Voting in duels lasts {length}: of two entries at a time, choose the better one.", length=lasts)
        case VotingMode.APPROVAL if terms.hearts is None:
            return say("Voting lasts {length}: give a heart to every entry that you like.", length=lasts)
        case VotingMode.APPROVAL:
            return say.count(
                "Voting lasts {length}: each member has {n} heart to give.",
                "Voting lasts {length}: each member has {n} hearts to give.",
                terms.hearts,
                length=lasts,
            )
        case _:
            assert_never(terms.mode)
