"""Times that have passed, and times that are guesses."""

from bot.ui.words import Words


def duration(seconds: float, say: Words) -> str:
    """A time that has passed: `41 s`, `3 min 20 s`, `1 h 5 min`."""
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    if whole < 60:
        return say("{seconds} s", seconds=whole)
    if whole < 3600:
        if rest:
            return say("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
        return say("{minutes} min", minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    return say("{hours} h {minutes} min", hours=hours, minutes=minutes) if minutes else say("{hours} h", hours=hours)


def time_left(seconds: float, say: Words) -> str:
    """A time that is a guess, no finer than a guess should be."""
    if seconds < 8:
        return say("a few seconds left")
    if seconds < 90:
        return say("about {seconds} s left", seconds=5 * round(seconds / 5))
    if seconds < 5400:
        return say("about {minutes} min left", minutes=round(seconds / 60))
    return say("about {hours} h left", hours=say.number(seconds / 3600, 1))
