"""Requests under way count like jobs."""

from contextlib import ExitStack

import pytest

from bot.jobs.under_way import UnderWay
from nst_engine.errors import EngineError, QueueFull, QuotaUsed, TooSoon
from nst_engine.queue.quota import QueueLimits, Usage

LIMITS = QueueLimits(open_per_owner=3, open_in_all=4)
ANN, BOB = "1", "2"
HERE, THERE = "10", "20"


def usage(of_owner: int = 0, in_all: int = 0) -> Usage:
    return Usage(now=1000.0, open_of_owner=of_owner, open_here=of_owner, open_in_all=in_all)


def refused(under_way: UnderWay, member: str, found: Usage, limits: QueueLimits, where: str = HERE) -> EngineError:
    with pytest.raises(EngineError) as caught:
        under_way.admitted(member, where, found, limits).__enter__()
    return caught.value


def test_open_jobs_and_requests_under_way_count_together() -> None:
    under_way = UnderWay()
    with ExitStack() as stack:
        for where in (HERE, THERE):
            stack.enter_context(under_way.admitted(ANN, where, usage(1, 1), LIMITS))
        why = refused(under_way, ANN, usage(1, 1), LIMITS)
        assert isinstance(why, QueueFull)
        assert (why.limit, why.of_owner) == (3, True)
        stack.enter_context(under_way.admitted(BOB, HERE, usage(0, 1), LIMITS))
        why = refused(under_way, BOB, usage(0, 1), LIMITS)
        assert isinstance(why, QueueFull)
        assert (why.limit, why.of_owner) == (4, False)


def test_a_request_that_ended_leaves_room_for_another() -> None:
    under_way = UnderWay()
    with pytest.raises(ZeroDivisionError), under_way.admitted(ANN, HERE, usage(2, 2), LIMITS):
        raise ZeroDivisionError("a bug in the middle of a command")
    with under_way.admitted(ANN, HERE, usage(2, 2), LIMITS):
        assert isinstance(refused(under_way, ANN, usage(2, 2), LIMITS), QueueFull)


def test_a_servers_own_limits_count_what_is_under_way_there() -> None:
    under_way = UnderWay()
    with under_way.admitted(ANN, HERE, usage(), QueueLimits()):
        assert isinstance(refused(under_way, ANN, usage(), QueueLimits(per_day=1)), QuotaUsed)
        assert isinstance(refused(under_way, ANN, usage(), QueueLimits(seconds_apart=5)), TooSoon)
        assert isinstance(refused(under_way, ANN, usage(), QueueLimits(open_per_owner_here=1)), QueueFull)
        strict = QueueLimits(per_day=1, seconds_apart=5, open_per_owner_here=1)
        with under_way.admitted(ANN, THERE, usage(), strict):
            pass
