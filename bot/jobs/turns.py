"""Cards that share a channel share its allowance of edits: they take turns."""

from bot.jobs.pace import Clock, Pace


class Turns:
    """By place. A card that does not get a turn shows something newer at its next."""

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace
        self._last: dict[int, float] = {}

    def take(self, place_id: int) -> bool:
        """Whether a card there may be edited now; if so, the next one has to wait."""
        if self._clock.monotonic() < self._last.get(place_id, float("-inf")) + self._pace.between_edits_in_a_place:
            return False
        self.use(place_id)
        return True

    def use(self, place_id: int) -> None:
        """For an edit that waits for no turn: a card's last word."""
        now = self._clock.monotonic()
        over = now - self._pace.between_edits_in_a_place
        self._last = {place: at for place, at in self._last.items() if at > over}
        self._last[place_id] = now
