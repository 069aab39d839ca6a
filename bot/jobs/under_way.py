"""Requests that were let in and are not jobs yet: the queue cannot count them, and they take up the bot's memory."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from nst_engine.queue.quota import QueueLimits, Usage, excess


class UnderWay:
    """Counts them by member and by where they were made."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def admitted(self, owner_id: str, tenant_id: str, usage: Usage, limits: QueueLimits) -> Iterator[None]:
        """One more request, until it is a job or refused. Raises what forbids it where it would be one too many."""
        why = excess(self._with_these(usage, owner_id, tenant_id), limits)
        if why is not None:
            raise why
        self._requests[owner_id, tenant_id] += 1
        try:
            yield
        finally:
            self._requests.subtract([(owner_id, tenant_id)])
            self._requests = +self._requests  # forgets members who have none

    def _with_these(self, usage: Usage, owner_id: str, tenant_id: str) -> Usage:
        """As if they were jobs."""
        here = self._requests[owner_id, tenant_id]
        of_owner = sum(count for (owner, _), count in self._requests.items() if owner == owner_id)
        return replace(
            usage,
            open_of_owner=usage.open_of_owner + of_owner,
            open_here=usage.open_here + here,
            open_in_all=usage.open_in_all + self._requests.total(),
            made_here=(usage.now,) * here + usage.made_here,
            last_here=usage.now if here else usage.last_here,
        )
