"""Button presses under way, so that a double click is one press."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class AlreadyPressed(Exception):
    """The same is being done at this moment."""


class Presses:
    """Of one process: after a restart nothing is under way."""

    def __init__(self) -> None:
        self._under_way: set[Hashable] = set()

    @contextmanager
    def one_at_a_time(self, press: Hashable) -> Iterator[None]:
        """Raises AlreadyPressed."""
        if press in self._under_way:
            raise AlreadyPressed(repr(press))
        self._under_way.add(press)
        try:
            yield
        finally:
            self._under_way.discard(press)
