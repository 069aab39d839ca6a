"""Commands under way count like open jobs."""

from contextlib import ExitStack

import pytest

from bot.config import LimitSettings
from bot.jobs.admission import Refused, TooManyOpenJobs
from bot.jobs.under_way import UnderWay

LIMITS = LimitSettings(max_open_jobs_per_member=3, max_open_jobs=4)
ANN, BOB = 1, 2


def refused(under_way: UnderWay, member: int, *, open_of_member: int = 0, open_of_all: int = 0) -> object:
    with pytest.raises(Refused) as caught:
        under_way.admitted(member, open_of_member=open_of_member, open_of_all=open_of_all).__enter__()
    return caught.value.refusal


def test_open_jobs_and_commands_under_way_count_together() -> None:
    under_way = UnderWay(LIMITS)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(under_way.admitted(ANN, open_of_member=1, open_of_all=1))
        assert refused(under_way, ANN, open_of_member=1, open_of_all=1) == TooManyOpenJobs(3, of_member=True)
        stack.enter_context(under_way.admitted(BOB, open_of_member=0, open_of_all=1))
        assert refused(under_way, BOB, open_of_all=1) == TooManyOpenJobs(4, of_member=False)


def test_a_command_that_ended_leaves_room_for_another() -> None:
    under_way = UnderWay(LIMITS)
    with pytest.raises(ZeroDivisionError), under_way.admitted(ANN, open_of_member=2, open_of_all=2):
        raise ZeroDivisionError("a bug in the middle of a command")
    with under_way.admitted(ANN, open_of_member=2, open_of_all=2):
        assert refused(under_way, ANN, open_of_member=2, open_of_all=2) == TooManyOpenJobs(3, of_member=True)
