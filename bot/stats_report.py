"""The figures of `python -m bot stats` as text for a person, or as JSON for a program."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.stats import Period, Stats
from nst_engine.queue.jobs import EngineInfo

WIDTH = 26


def as_json(stats: Stats) -> str:
    return json.dumps(dataclasses.asdict(stats), indent=2)


def as_text(stats: Stats) -> str:
    return "\n".join(_lines(stats))


def _lines(stats: Stats) -> Iterator[str]:
    yield f"{datetime.fromtimestamp(stats.at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield f"bot: {stats.bot}"
    yield f"engines alive: {len(stats.engines)}"
    yield from (f"  {_engine(engine)}" for engine in stats.engines)
    yield f"queue: {stats.waiting} waiting, {stats.running} being painted"
    yield f"deliveries under way: {_deliveries(stats)}"
    yield ""
    yield from _table(stats.day, stats.week)
    yield from _ranking("failures in 7 days, by reason", stats.week.failures)
    yield from _ranking("most pictures in 7 days, by server", stats.servers)


def _engine(engine: EngineInfo) -> str:
    speed = "speed not known yet" if engine.speed is None else f"{engine.speed:.2f} megapixel evaluations/s"
    return f"{engine.device} on {engine.host}, version {engine.version}: {speed}"


def _deliveries(stats: Stats) -> str:
    due = stats.deliveries
    if due.oldest_seconds is None:
        return str(due.under_way)
    return f"{due.under_way}, the oldest for {_seconds(due.oldest_seconds)}, at most {due.most_attempts} attempts"


def _table(day: Period, week: Period) -> Iterator[str]:
    yield _row("", f"{day.hours} hours", f"{week.hours // 24} days")
    yield _row("handed in", str(day.handed_in), str(week.handed_in))
    for state in week.states:
        yield _row(f"  {state}", str(day.states.get(state, 0)), str(week.states[state]))
    yield _row("median wait", _seconds(day.median_wait_seconds), _seconds(week.median_wait_seconds))
    yield _row("median painting", _seconds(day.median_painting_seconds), _seconds(week.median_painting_seconds))


def _row(name: str, day: str, week: str) -> str:
    return f"{name:<{WIDTH}}{day:>10}{week:>10}"


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f} s"


def _ranking(title: str, counts: Mapping[str, int]) -> Iterator[str]:
    if not counts:
        return
    yield ""
    yield title
    for name, count in counts.items():
        yield f"{'  ' + name:<{WIDTH}}{count:>10}"
