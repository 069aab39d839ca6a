"""Links to where a challenge was announced."""

from bot.challenges.values import Challenge
from bot.ui.words import Words


def linked(title: str, challenge: Challenge) -> str:
    """The title, which leads to the announcement, or to where that was; a mere title before there is one."""
    where = address(challenge)
    return title if where is None else f"[{title}]({where})"


def link_line(challenge: Challenge, say: Words) -> str:
    """In small print; empty before there is an announcement."""
    where = address(challenge)
    return "" if where is None else f"-# [{say('Go to the announcement')}]({where})"


def address(challenge: Challenge) -> str | None:
    """Of the announcement, or of where that was; None before there is one."""
    if challenge.place_id is None:
        return None
    where = f"https://discord.com/channels/{challenge.tenant_id}/{challenge.place_id}"
    return where if challenge.announcement_id is None else f"{where}/{challenge.announcement_id}"
