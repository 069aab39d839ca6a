"""How fast the work goes, how long it will still take, and when the next report is due."""

from collections.abc import Callable, Sequence
from time import perf_counter

from nst_engine.contract.plan import Stage
from nst_engine.contract.presets import stage_cost


class Pace:
    """Counts steps and their cost, which differs from scale to scale, against the clock."""

    def __init__(
        self, stages: Sequence[Stage], report_every_seconds: float, now: Callable[[], float] = perf_counter
    ) -> None:
        self._now = now
        self.report_every_seconds = report_every_seconds
        self._began = self._last_report = now()
        self._stages = tuple(stages)
        self._cost = self._cost_of(sum(stage.steps for stage in stages))
        self._done = 0.0
        self._marks: list[tuple[float, float]] = [(self._began, 0.0)]
        self.steps = sum(stage.steps for stage in stages)
        self.step = 0

    def count(self, stage: Stage) -> None:
        """One step at `stage` has been taken."""
        self.step += 1
        self._done += stage_cost(stage.size)

    def reach(self, step: int) -> None:
        """So many steps of all have been taken."""
        self.step = step
        self._done = self._cost_of(step)

    @property
    def share_done(self) -> float:
        """Of the whole work, from 0 to 1."""
        return self._done / self._cost

    @property
    def report_is_due(self) -> bool:
        """After the first step, the last one, and whenever so many seconds have passed."""
        return self.step in {1, self.steps} or self._now() - self._last_report >= self.report_every_seconds

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return self._now() - self._began

    def report(self) -> tuple[float, float]:
        """Steps per second since the last report, and the seconds left. Call it when the device has caught up.

        What is left is measured in cost and not in steps: a step at the full size takes many times as long as one at
        the first.
        """
        now = self._now()
        speed = self.step / max(1e-9, now - self._began)
        self._last_report = now
        self._marks = [*self._marks[-8:], (now, self._done)]
        since, before = self._marks[0]
        rate = (self._done - before) / max(1e-9, now - since)
        return speed, max(0.0, self._cost - self._done) / max(1e-9, rate)

    def _cost_of(self, steps: int) -> float:
        """Of the first so many steps."""
        cost = 0.0
        for stage in self._stages:
            taken = min(steps, stage.steps)
            cost += taken * stage_cost(stage.size)
            steps -= taken
        return cost
