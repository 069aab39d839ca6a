"""A bar on stderr with speed and time left, both as the engine reports them."""

from types import TracebackType
from typing import Never, Self

from tqdm import tqdm

from nst_engine.contract.events import Progress

_FORMAT = "{percentage:3.0f}% {bar} {n_fmt}/{total_fmt} {unit}, {elapsed} gone{postfix}"


class ProgressBar:
    """tqdm draws it. Its own estimate takes all steps for equal, and ours differ by the scale they are at."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def begin(self, steps: int) -> None:
        """Draw an empty bar."""
        self._bar = tqdm(total=steps, unit="step" if steps == 1 else "steps", bar_format=_FORMAT, dynamic_ncols=True)

    def show(self, progress: Progress) -> None:
        """Move the bar to a report."""
        if self._bar is None:
            return
        left = tqdm.format_interval(round(progress.seconds_left))
        self._bar.set_postfix_str(f"{left} left, {progress.steps_per_second:.2f} steps/s", refresh=False)
        self._bar.update(progress.step - self._bar.n)
