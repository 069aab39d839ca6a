"""Channels, roles and members as Discord shows them, never too many at a time."""

from collections.abc import Sequence

from bot.ui.words import Words

MOST_MENTIONS = 10


def channels(ids: Sequence[int], say: Words) -> list[str]:
    return some([f"<#{channel_id}>" for channel_id in ids], say)


def roles(ids: Sequence[int], say: Words) -> list[str]:
    return some([f"<@&{role_id}>" for role_id in ids], say)


def some(mentions: list[str], say: Words) -> list[str]:
    """All, or the first few and how many more there are."""
    rest = len(mentions) - MOST_MENTIONS
    return mentions if rest <= 0 else [*mentions[:MOST_MENTIONS], say.count("{n} more", "{n} more", rest)]
