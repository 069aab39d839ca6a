"""`/challenge list`: what goes on in a server, and what comes every week."""

from collections.abc import Sequence

from bot.challenges.series import Series
from bot.challenges.values import Challenge
from bot.ui.text.challenges import card
from bot.ui.text.challenges.links import linked
from bot.ui.text.names import unformatted
from bot.ui.text.paging import place
from bot.ui.words import Words, later

LIST_DESCRIPTION = later("Show this server's challenges, to enter, to look and to vote")
TITLE = later("Challenges")
NOTHING = later("There is no challenge here at the moment.")
MOST_SERIES = 3


def heading(page: int, pages: int, say: Words) -> str:
    title = f"## {say(TITLE)}"
    return f"{title}\n-# {place(page, pages, say)}" if pages > 1 else title


def nothing(create: str | None, say: Words) -> str:
    """`create`: the command, for whoever may make one."""
    if create is None:
        return say(NOTHING)
    return f"{say(NOTHING)} {say('You can make one with {create}.', create=create)}"


def entry(challenge: Challenge, say: Words) -> str:
    """Its name, which leads to its announcement, and where it stands."""
    return f"### {linked(card.name(challenge), challenge)}\n{card.status(challenge, (), say)}"


def series(running: Sequence[Series], say: Words) -> str:
    """What moderators see of those that go on."""
    lines = [_next(one, say) for one in running[:MOST_SERIES]]
    if more := len(running) - len(lines):
        lines.append(say.count("… and {n} more.", "… and {n} more.", more))
    return "\n".join([f"**{say('Every week')}**", *(f"- {line}" for line in lines)])


def _next(one: Series, say: Words) -> str:
    styles = one.styles[one.next_number - 1 :]
    return say.count(
        "{title}: the last one opens {when}, with {style}.",
        "{title}: the next of {n} opens {when}, with {style}.",
        len(styles),
        title=f"**{unformatted(one.title)}**",
        when=f"<t:{round(one.next_at or 0.0)}:F>",
        style=unformatted(styles[0].name) if styles else "–",
    )
