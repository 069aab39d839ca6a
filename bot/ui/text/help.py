"""What `/help` says: what the bot does, its commands, and what is allowed to whoever asks."""

import math

from bot.jobs.admission import House, Visit
from bot.ui.text.durations import duration
from bot.ui.text.mentions import channels, roles
from bot.ui.words import Words, later
from nst_engine.queue.quota import QueueLimits, Usage, left_today, next_possible_at

DESCRIPTION = later("What I do, my commands, and what you can ask for here")
TITLE = later("I paint one picture in the style of another")
WHAT = later(
    "Give me a photo and a painting with {stylize}. I open a thread, show the picture while I paint it, and post it "
    "when it is done. The buttons under it go on from there."
)
COMMANDS = later("Commands")
MENUS = later("In the menu of a message or member, under Apps: {names}")
HERE = later("The rules here")
BLOCKED = later("The moderators of this server have blocked you from asking for pictures here.")


def here(visit: Visit, house: House, usage: Usage, limits: QueueLimits, say: Words) -> list[str]:
    """One line for each thing that holds for this member in this place."""
    settings = house.settings
    lines = [say("The largest size is {size} pixels.", size=settings.max_size_px)]
    if visit.block_reason is not None:
        lines.insert(0, say(BLOCKED))
    open_at_a_time = min(settings.max_open_jobs_per_member, house.limits.max_open_jobs_per_member)
    lines.append(
        say.count(
            "You can have {n} picture waiting or being painted at a time.",
            "You can have {n} pictures waiting or being painted at a time.",
            open_at_a_time,
        )
    )
    if limits.per_day is not None:
        lines.append(_quota(usage, limits.per_day, say))
    if limits.seconds_apart > 0:
        lines.append(
            say("From one picture to the next, you wait {duration}.", duration=duration(limits.seconds_apart, say))
        )
    return lines + _places(visit, house, say)


def _quota(usage: Usage, per_day: int, say: Words) -> str:
    left, next_at = left_today(usage, per_day), next_possible_at(usage, per_day)
    if next_at is None:
        return say("Members with your roles cannot ask for pictures in this server.")
    if left == 0:
        when = f"<t:{math.ceil(next_at)}:R>"
        return say("No picture is left for you in these 24 hours; the next is possible {when}.", when=when)
    return say.count(
        "You have {n} picture left of {most} in 24 hours.",
        "You have {n} pictures left of {most} in 24 hours.",
        left,
        most=per_day,
    )


def _places(visit: Visit, house: House, say: Words) -> list[str]:
    settings, lines = house.settings, []
    if settings.allowed_channels:
        where = say.listed(channels(settings.allowed_channels, say))
        lines.append(say("Pictures are painted in {channels}.", channels=where))
    if settings.allowed_roles and visit.role_ids.isdisjoint(settings.allowed_roles):
        lines.append(say("You need the role {roles}.", roles=say.either(roles(settings.allowed_roles, say))))
    return lines
