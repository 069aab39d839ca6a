"""The two solvers that are compared, on the same objective: ours within [0, 1], and torch's L-BFGS without bounds.

Both are timed here, and only while they work: what a caller does with a step costs them nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor

from nst_engine.bench.gram_objective import GramObjective
from nst_engine.contract.presets import LbfgsRecipe
from nst_engine.lbfgs import Lbfgs
from nst_engine.start import match_colours

RECIPE = LbfgsRecipe(history=40, first_step=0.02, smoothing=1.0)
"""Of the bounded solver, on Gram losses; docs/engine.md says what else was tried."""
REFERENCE_HISTORY = 100
"""torch's own default, and neural-style-pt's."""
_LEVELS = 255.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The state after so many evaluations."""

    evaluations: int
    seconds: float
    internal: float
    """Loss of the solver's own picture."""
    picture: Tensor
    """(1, 3, H, W); outside [0, 1] too where nothing bounds it."""


def bounded(objective: GramObjective, content: Tensor, style: Tensor, evaluations: int) -> Iterator[Step]:
    """Ours, from the content with the style's colours."""
    seconds, internal = 0.0, float("inf")
    began = perf_counter()
    start = match_colours(content, [style])
    solver = Lbfgs(objective, start, RECIPE)
    for taken in range(1, evaluations + 1):
        internal = min(internal, float(solver.step().sum()))  # waits for the device, once a step
        seconds += perf_counter() - began
        yield Step(evaluations=taken, seconds=seconds, internal=internal, picture=solver.picture.clone())
        began = perf_counter()


class Reference:
    """`torch.optim.LBFGS` as neural-style-pt runs it: from the content, on levels of 0 to 255, learning rate 1.

    One long call of its `step`, tolerances off, no line search: an evaluation an iteration.
    """

    def __init__(self, objective: GramObjective, content: Tensor) -> None:
        self._objective = objective
        levels = (_LEVELS * content).clone(memory_format=torch.contiguous_format)
        self._levels = levels.requires_grad_()

    def run(self, iterations: int, watch_every: int) -> tuple[Step, list[Step]]:
        """The end, and on the way there the state at every `watch_every`-th evaluation, outside the time taken."""
        watched: list[Step] = []
        began = perf_counter()
        paused, taken = 0.0, 0

        def evaluate() -> Tensor:
            nonlocal paused, taken
            optimizer.zero_grad()
            found: Tensor = self._objective(self._levels / _LEVELS).total.sum()
            found.backward()  # type: ignore[no-untyped-call]  # torch has no types for it
            if taken % watch_every == 0:
                stopped = perf_counter()
                watched.append(self._state(taken, stopped - began - paused, found.item()))
                paused += perf_counter() - stopped
            taken += 1
            return found

        optimizer = torch.optim.LBFGS(
            [self._levels], max_iter=iterations, tolerance_grad=-1, tolerance_change=-1, history_size=REFERENCE_HISTORY
        )
        optimizer.step(evaluate)  # type: ignore[no-untyped-call]  # torch has no types for it
        seconds = perf_counter() - began - paused
        end = self._state(taken, seconds, self._objective.total(self._picture()))
        return end, watched

    def _state(self, evaluations: int, seconds: float, internal: float) -> Step:
        return Step(evaluations=evaluations, seconds=seconds, internal=internal, picture=self._picture())

    def _picture(self) -> Tensor:
        return self._levels.detach() / _LEVELS
