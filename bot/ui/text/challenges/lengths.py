"""How long something lasts that was planned: days and hours, not seconds."""

from bot.ui.words import Words

_MINUTE, _HOUR, _DAY = 60, 3600, 24 * 3600


def length(seconds: float, say: Words) -> str:
    """No finer than it is worth saying: `7 days`, `1 day and 12 hours`, `1 hour and 30 minutes`."""
    minutes = max(1, round(seconds / _MINUTE))
    days, minutes = divmod(minutes, _DAY // _MINUTE)
    hours, minutes = divmod(minutes, _HOUR // _MINUTE)
    parts = [
        say.count("{n} day", "{n} days", days) if days else "",
        say.count("{n} hour", "{n} hours", hours) if hours else "",
        say.count("{n} minute", "{n} minutes", minutes) if minutes and not days else "",
    ]
    return say.listed([part for part in parts if part])
