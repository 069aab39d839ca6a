"""What is said in public of a challenge: it opens, lasts longer, is voted on, has a result, or was called off."""

from collections.abc import Sequence

from bot.challenges.values import Challenge, Counts, Phase, Placed
from bot.ui.text.challenges import amounts
from bot.ui.text.challenges.card import author, from_now, how_to_vote, moment, name, named, nobody_won
from bot.ui.text.challenges.scores import line
from bot.ui.text.names import LONGEST_ALT_TEXT, cut, plain, unformatted
from bot.ui.words import Words

LONGEST_RANKING = 10
MOST_MENTIONED = 10
"""Of winners that share the first place."""


def opened(challenge: Challenge, say: Words) -> str:
    ends = challenge.schedule.entries_end_at
    heading = say("{title} is open", title=name(challenge))
    line = say("Enter until {moment}, {from_now}.", moment=moment(ends), from_now=from_now(ends))
    return f"### {heading}\n{line}"


def extended(challenge: Challenge, say: Words) -> str:
    """Of the phase that lasts longer."""
    ends = challenge.schedule.deadline or 0
    facts = {"title": name(challenge), "moment": moment(ends), "from_now": from_now(ends)}
    if challenge.phase is Phase.VOTING:
        return say("More time for **{title}**: vote until {moment}, {from_now}.", **facts)
    return say("More time for **{title}**: enter until {moment}, {from_now}.", **facts)


def voting_title(challenge: Challenge, say: Words) -> str:
    return f"## {say('Vote now: {title}', title=name(challenge))}"


def voting(challenge: Challenge, counts: Counts, say: Words) -> str:
    ends = challenge.schedule.voting_ends_at
    lines = [
        _to_vote_on(counts, say),
        how_to_vote(challenge.terms, say),
        say(
            "Votes are secret, and can be changed until {moment}, {from_now}.",
            moment=moment(ends),
            from_now=from_now(ends),
        ),
    ]
    return "\n".join(lines)


def result_title(challenge: Challenge, say: Words) -> str:
    return f"## {say('The result of {title}', title=name(challenge))}"


def nobody_entered(challenge: Challenge, say: Words) -> str:
    return say("**{title}** is over, and nobody entered. Maybe next time!", title=name(challenge))


def congratulation(winners: Sequence[Placed], placed: Sequence[Placed], say: Words) -> str:
    """`winners` are of `placed`; they are mentioned."""
    if len(placed) == 1 and placed[0].place == 1 and not winners:
        return say("There is only the entry of {name}, so nobody won.", name=f"**{author(placed[0])}**")
    if not winners:
        return nobody_won(placed, say)
    mentions = [f"<@{user_id}>" for user_id in mentioned(winners)]
    return say("Congratulations, {winners}!", winners=say.listed(mentions) if mentions else named(winners, say))


def mentioned(winners: Sequence[Placed]) -> list[str]:
    """The ids of members that a congratulation mentions, each once; none where there are too many."""
    user_ids = list(dict.fromkeys(placed.entry.author.user_id for placed in winners))
    return user_ids if len(user_ids) <= MOST_MENTIONED else []


def ranking(challenge: Challenge, placed: Sequence[Placed], say: Words) -> str:
    """The best ten, a line each."""
    lines = [line(one, challenge.terms.mode, say) for one in placed[:LONGEST_RANKING]]
    if len(placed) > LONGEST_RANKING:
        lines.append(say.count("… and {n} more entry", "… and {n} more entries", len(placed) - LONGEST_RANKING))
    return "\n".join(lines)


def turnout(counts: Counts, say: Words) -> str:
    return f"{amounts.entries(counts.entries, say)} · {amounts.voters(counts.voters, say)}"


def podium_alt_text(placed: Sequence[Placed], say: Words) -> str:
    names = [say("{place}. {name}", place=one.place, name=plain(one.entry.author.name)) for one in placed]
    return cut(say("The podium: {places}", places=say.listed(names)), LONGEST_ALT_TEXT)


def called_off(challenge: Challenge, say: Words) -> str:
    if not challenge.end_reason:
        return say("The challenge **{title}** was cancelled.", title=name(challenge))
    return say(
        "The challenge **{title}** was cancelled: {reason}",
        title=name(challenge),
        reason=unformatted(challenge.end_reason),
    )


def _to_vote_on(counts: Counts, say: Words) -> str:
    """All that there are may still wait for a moderator, or be painted."""
    if not counts.entries:
        return say("The entries are not ready yet: look again in a while.")
    return say.count("{n} entry is waiting for your vote.", "{n} entries are waiting for your vote.", counts.entries)
