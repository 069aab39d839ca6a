"""The optimisation of pictures as a generator of events. No paths, no printing, no exit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from nst_engine.contract.events import Progress, Started, Stopped
from nst_engine.contract.params import StylizeParams
from nst_engine.contract.plan import Size, Stage, fit
from nst_engine.contract.presets import stages_of
from nst_engine.errors import BadInput, NotFinite
from nst_engine.graphs import recorded
from nst_engine.images import encode_preview
from nst_engine.keep_colours import luminance_of
from nst_engine.objective import Anchor, Losses, Objective
from nst_engine.pace import Pace
from nst_engine.pixels import resample, to_picture, to_tensor
from nst_engine.scales import Scales, Solver, Sources
from nst_engine.style_cache import StyleCache
from nst_engine.vgg import Vgg19

PREVIEW_SIDE_PX = 512
REPORTS_PER_PREVIEW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A picture of the way from the start to the result, its longer side at most `PREVIEW_SIDE_PX`."""

    picture: Image.Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """The result. `objective` is that of the last scale, to measure what becomes of the picture on disk."""

    picture: Image.Image
    steps: int
    seconds: float
    objective: Objective

    def losses_of(self, picture: Image.Image) -> Losses:
        """The losses of a picture of the result's size, under the preset's own normalisation."""
        seen = to_tensor(picture, self.picture.size, self.objective.device)
        with torch.no_grad():
            return self.objective(luminance_of(seen) if self.objective.in_grey else seen)


def never() -> bool:
    """Go on until the end."""
    return False


def stylize(  # noqa: PLR0913 - the pictures, and then what most callers leave out
    content: Image.Image,
    styles: Sequence[Image.Image],
    params: StylizeParams,
    network: Vgg19,
    *,
    masks: Sequence[Image.Image | None] = (),
    start: Image.Image | None = None,
    anchor: Anchor | None = None,
    stages: Sequence[Stage] | None = None,
    style_cache: StyleCache | None = None,
    report_every_seconds: float = 1.0,
    previews: bool = True,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Started | Progress | Snapshot | Painted | Stopped]:
    """Paint RGB `content` in the style of RGB `styles`.

    First Started; then Progress after the first step, every `report_every_seconds` and after the last, every second
    one with a preview; between them `params.timelapse_frames` snapshots, the first of the start and the last of the
    result; last Painted, or Stopped when `should_stop` said so between two steps. `stages` are run instead of the
    preset's; an `anchor` counts at the scale that has its size. Only a report waits for the device. Raises NotFinite
    with the step, OutOfMemory, and BadInput for a start from a picture that is not there.
    """
    job = Sources(content=content, styles=styles, masks=masks, start=start)
    scales = Scales([job], params, network, cache=style_cache, anchor=anchor)
    run = _Run(scales, stages or stages_of(params, content.size), network.device, report_every_seconds)
    yield Started(width=run.size[0], height=run.size[1], steps=run.pace.steps)
    shown = _Timelapse(params.timelapse_frames, run.pace)
    reports = 0
    for _ in run.steps():
        while shown.take():
            yield Snapshot(picture=run.seen())
        if run.pace.step < run.pace.steps and should_stop():
            yield Stopped()
            return
        if run.pace.step > 0 and run.pace.report_is_due:
            run.health.check()
            wanted = previews and (reports % REPORTS_PER_PREVIEW == 0 or run.pace.step == run.pace.steps)
            yield _progress(run.pace, encode_preview(run.seen()) if wanted else None)
            reports += 1
    [picture] = run.results()
    yield Painted(picture=picture, steps=run.pace.step, seconds=run.pace.seconds, objective=run.objective)


def stylize_together(
    batch: Sequence[tuple[Image.Image, Sequence[Image.Image]]],
    params: StylizeParams,
    network: Vgg19,
    *,
    style_cache: StyleCache | None = None,
) -> list[Image.Image]:
    """Paint several contents, each in its own styles, as one batch; they must come out at one size.

    Each picture is optimised on its own, as if alone. Raises BadInput where the sizes differ, NotFinite, OutOfMemory.
    """
    plans = {stages_of(params, content.size) for content, _ in batch}
    if len(plans) != 1:
        sizes = sorted({f"{plan[-1].size[0]}×{plan[-1].size[1]}" for plan in plans})
        raise BadInput(f"pictures of one batch must have one size, and these have {' and '.join(sizes) or 'none'}")
    jobs = [Sources(content=content, styles=styles) for content, styles in batch]
    run = _Run(Scales(jobs, params, network, cache=style_cache), plans.pop(), network.device)
    for _ in run.steps():
        pass
    run.health.check()
    return run.results()


class _Run:
    """Solvers at one scale after the other, each beginning with the answer of the one before."""

    def __init__(
        self, scales: Scales, stages: Sequence[Stage], device: torch.device, report_every_seconds: float = 1.0
    ) -> None:
        self._scales = scales
        self._stages = stages
        self._device = device
        self.size: Size = stages[-1].size
        self.pace = Pace(stages, report_every_seconds)
        self.health = _Health(device)
        self.objective: Objective
        self._solver: Solver

    def steps(self) -> Iterator[None]:
        """Comes back before the first step of all and after every one."""
        for number, stage in enumerate(self._stages):
            picture = self._enlarged(stage) if number else self._scales.begin(stage)
            self.objective = self._scales.objective(stage)
            self._solver = self._scales.solver(self.objective, picture)
            if number == 0:
                yield
            yield from self._steps_at(stage, self._solver)

    def _enlarged(self, stage: Stage) -> Tensor:
        """The answer so far at the next size; the solver that found it, and all it remembers, is let go."""
        picture = resample(self._solver.picture, stage.size)
        del self._solver, self.objective
        return picture

    def _steps_at(self, stage: Stage, solver: Solver) -> Iterator[None]:
        step = recorded(lambda: self.health.watch(solver.step()), self._device, stage.steps)
        for _ in range(stage.steps):
            step()
            self.pace.count(stage)
            yield

    def seen(self) -> Image.Image:
        """What there is to see of the first picture, in a size that stays while the scales grow."""
        size = fit(self.size, min(PREVIEW_SIDE_PX, max(self.size)))
        return to_picture(self._scales.finish(self._solver.picture, size)[:1])

    def results(self) -> list[Image.Image]:
        """Call it after the last step."""
        finished = self._scales.finish(self._solver.picture, self.size)
        return [to_picture(finished[k : k + 1]) for k in range(len(finished))]


class _Timelapse:
    """When to keep a picture of the way: evenly spaced in work, the first before the first step."""

    def __init__(self, frames: int, pace: Pace) -> None:
        self._frames = frames
        self._pace = pace
        self._taken = 0

    def take(self) -> bool:
        """Whether one is due, which then counts as taken. A lone one is the result."""
        at = 1.0 if self._frames == 1 else self._taken / max(1, self._frames - 1)
        due = self._taken < self._frames and self._pace.share_done >= at - 1e-9
        self._taken += due
        return due


class _Health:
    """Remembers on the device the first step whose loss was not finite."""

    def __init__(self, device: torch.device) -> None:
        self._step = torch.zeros((), dtype=torch.int64, device=device)
        self._bad_step = torch.zeros((), dtype=torch.int64, device=device)

    def watch(self, losses: Tensor) -> Tensor:
        """Count a step with these losses (B,), and return them."""
        self._step += 1
        is_first = ~torch.isfinite(losses).all() & (self._bad_step == 0)
        self._bad_step.copy_(torch.where(is_first, self._step, self._bad_step))
        return losses

    def check(self) -> None:
        """Waits for the device. Raises NotFinite."""
        step = int(self._bad_step.item())
        if step:
            raise NotFinite(step)


def _progress(pace: Pace, preview: bytes | None) -> Progress:
    steps_per_second, seconds_left = pace.report()
    return Progress(
        step=pace.step,
        steps=pace.steps,
        steps_per_second=steps_per_second,
        seconds_left=seconds_left,
        preview=preview,
    )
