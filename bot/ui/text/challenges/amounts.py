"""How many there are of what a challenge counts."""

from bot.ui.words import Words


def entries(n: int, say: Words) -> str:
    return say.count("{n} entry", "{n} entries", n)


def members(n: int, say: Words) -> str:
    return say.count("{n} member", "{n} members", n)


def waiting(n: int, say: Words) -> str:
    """Entries that only moderators see as yet."""
    return say.count("{n} waits for approval", "{n} wait for approval", n)


def not_approved(n: int, say: Words) -> str:
    """Entries that still waited at the end."""
    return say.count("{n} not approved", "{n} not approved", n)


def voters(n: int, say: Words) -> str:
    return say.count("{n} member has voted", "{n} members have voted", n)
