"""Commands that were let in and are not jobs yet: the queue cannot count them, and they take up the bot's memory."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bot.config import LimitSettings
from bot.jobs.admission import Refused, refuse_open_jobs


class UnderWay:
    """Counts them by member."""

    def __init__(self, limits: LimitSettings) -> None:
        self._limits = limits
        self._by_member: Counter[int] = Counter()

    @contextmanager
    def admitted(self, member_id: int, *, open_of_member: int, open_of_all: int) -> Iterator[None]:
        """One more command, until it is a job or refused. Raises Refused where it would be one too many."""
        why = refuse_open_jobs(
            of_member=open_of_member + self._by_member[member_id],
            of_all=open_of_all + self._by_member.total(),
            limits=self._limits,
        )
        if why is not None:
            raise Refused(why)
        self._by_member[member_id] += 1
        try:
            yield
        finally:
            self._by_member.subtract([member_id])
            self._by_member = +self._by_member  # forgets members who have none
