"""What `/status` says to moderators: the queue, the engines, and the last day in numbers."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.stats import Deliveries, EngineSeen, Period
from bot.ui.text.durations import duration
from bot.ui.text.names import cut, unformatted
from bot.ui.words import Words, later
from nst_engine.contract.events import FailureReason
from nst_engine.contract.jobs import JobState

DESCRIPTION = later("How the bot is doing: queue, engines and failures; for moderators")
TITLE = later("How I am doing")
QUEUE = later("Queue")
ENGINES = later("Engines")
LAST_DAY = later("Last 24 hours")
KEPT = later("What is kept")
ALL_SERVERS = later("These numbers are of all servers of this bot together.")
NO_ENGINE = later("⚠️ No engine is running: pictures wait until one does.")
NO_ENGINE_SEEN = later("⚠️ No engine has been seen in 24 hours: pictures wait until one runs.")
LITTLE_ROOM = later("⚠️ Little room is left. Without room, every request is refused.")
NOTHING_FAILED = later("Nothing failed.")

GIB = 2**30
LITTLE_ROOM_BYTES = GIB
MOST_ENGINES = 10
LONGEST_NAME = 60

FAILURES: Mapping[str, str] = MappingProxyType(
    {
        FailureReason.BAD_PICTURE: later("a picture that cannot be used"),
        FailureReason.OUT_OF_MEMORY: later("not enough memory"),
        FailureReason.NOT_FINITE: later("a painting that went astray"),
        FailureReason.TIMED_OUT: later("took too long"),
        FailureReason.ENGINE_LOST: later("the engine stopped every time"),
        FailureReason.ENGINE_ERROR: later("a fault of the engine"),
    }
)
_OTHER = later("another reason")


def queue(waiting: int, running: int, deliveries: Deliveries, say: Words) -> str:
    lines = [
        say("Waiting: **{n}**", n=say.number(waiting)),
        say("Being painted: **{n}**", n=say.number(running)),
    ]
    due = deliveries.under_way
    if deliveries.oldest_seconds is None:
        lines.append(say("Painted and still to be delivered: **{n}**", n=say.number(due)))
    else:
        lines.append(
            say(
                "Painted and still to be delivered: **{n}**, the oldest for {time}",
                n=say.number(due),
                time=duration(deliveries.oldest_seconds, say),
            )
        )
    return "\n".join(lines)


def engines(seen: Sequence[EngineSeen], say: Words) -> str:
    """Those that are alive, and those that were during the last day."""
    if not seen:
        return say(NO_ENGINE_SEEN)
    lines = [] if any(one.is_alive for one in seen) else [say(NO_ENGINE)]
    lines += [_engine(one, say) for one in seen[:MOST_ENGINES]]
    if len(seen) > MOST_ENGINES:
        more = len(seen) - MOST_ENGINES
        lines.append(say.count("… and {n} more.", "… and {n} more.", more))
    return "\n".join(lines)


def last_day(day: Period, say: Words) -> str:
    lines = [
        say(
            "Asked for: **{asked}** · painted: **{painted}** · cancelled: **{cancelled}** · failed: **{failed}**",
            asked=say.number(day.handed_in),
            painted=say.number(day.states.get(JobState.DONE, 0)),
            cancelled=say.number(day.states.get(JobState.CANCELLED, 0)),
            failed=say.number(day.states.get(JobState.FAILED, 0)),
        )
    ]
    if day.median_wait_seconds is not None:
        lines.append(say("Usual wait: **{time}**", time=_short(day.median_wait_seconds, say)))
    if day.median_painting_seconds is not None:
        lines.append(say("Usual time to paint: **{time}**", time=_short(day.median_painting_seconds, say)))
    lines += [_failure(reason, count, say) for reason, count in day.failures.items()]
    return "\n".join(lines if day.failures else [*lines, say(NOTHING_FAILED)])


def kept(database_bytes: int | None, database_free: int | None, pictures_free: int | None, say: Words) -> str:
    """None where nobody can tell: the database is on another machine, for example."""
    lines = []
    if database_bytes is not None:
        lines.append(say("Database: {size}", size=_size(database_bytes, say)))
    if database_free is not None and database_free != pictures_free:
        lines.append(say("Room left for the database: {size}", size=_size(database_free, say)))
    if pictures_free is not None:
        lines.append(say("Room left for pictures: {size}", size=_size(pictures_free, say)))
    if any(free is not None and free < LITTLE_ROOM_BYTES for free in (database_free, pictures_free)):
        lines.append(say(LITTLE_ROOM))
    return "\n".join(lines) or say("Kept on another machine.")


def _engine(seen: EngineSeen, say: Words) -> str:
    """Without the name of its machine, which is the operator's affair."""
    info = seen.info
    parts = [say("version {version}", version=unformatted(info.version)), _speed(info.speed, say)]
    silent = duration(seen.seconds_silent, say)
    parts.append(say("seen {time} ago", time=silent) if seen.is_alive else say("gone for {time}", time=silent))
    device = unformatted(cut(info.device, LONGEST_NAME))
    return f"{'🟢' if seen.is_alive else '⚪'} **{device}**\n-# {' · '.join(parts)}"


def _speed(speed: float | None, say: Words) -> str:
    if speed is None:
        return say("speed not measured yet")
    return say("{speed} megapixel passes a second", speed=say.number(speed, 1))


def _failure(reason: str, count: int, say: Words) -> str:
    return say("- Failed, {reason}: {n}", reason=say(FAILURES.get(reason, _OTHER)), n=say.number(count))


def _short(seconds: float, say: Words) -> str:
    """Below ten seconds with a digit after the point."""
    return say("{seconds} s", seconds=say.number(seconds, 1)) if seconds < 10 else duration(seconds, say)


def _size(size_bytes: int, say: Words) -> str:
    if size_bytes >= GIB:
        return say("{size} GiB", size=say.number(size_bytes / GIB, 1))
    return say("{size} MiB", size=say.number(size_bytes / 2**20, 1))
