"""Trying again while a store is away."""

import pytest

from nst_engine.errors import FencedOut, QueueUnavailable
from nst_engine.queue.outage import Outage, pauses


class Store:
    """Answers after so many failures."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    async def ask(self) -> str:
        if self.failures:
            self.failures -= 1
            raise QueueUnavailable("no route to host")
        return "answer"


def test_pauses_double_up_to_the_longest_and_never_overflow() -> None:
    pause = pauses(0.2, 30.0)
    assert [pause(failures) for failures in (0, 1, 2, 7, 8, 10_000)] == [0.2, 0.4, 0.8, 25.6, 30.0, 30.0]


async def test_it_tries_until_the_store_answers_and_logs_the_outage_once(caplog: pytest.LogCaptureFixture) -> None:
    assert await Outage("the database").until_done(Store(2).ask) == "answer"
    assert caplog.text.count("the database is away, trying again until it answers: no route to host") == 1
    assert caplog.text.count("the database is back after") == 1


async def test_one_try_gives_none_while_the_store_is_away() -> None:
    outage, store = Outage("the database"), Store(1)
    assert await outage.once(store.ask) is None
    assert await outage.once(store.ask) == "answer"


async def test_other_errors_pass_through() -> None:
    async def fenced() -> None:
        raise FencedOut("job a moved on")

    with pytest.raises(FencedOut):
        await Outage("the database").until_done(fenced)
