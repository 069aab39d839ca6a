"""The optimisation of one picture as a generator of events. No paths, no printing, no exit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

import torch
from PIL import Image
from torch import Tensor

from nst_engine import start
from nst_engine.adam import Adam
from nst_engine.contract.events import Progress, Started, Stopped
from nst_engine.contract.params import NEUTRAL_STRENGTH, Init, StylizeParams, style_weight_factor
from nst_engine.contract.plan import Size, Stage, fit
from nst_engine.contract.presets import PRESETS, AdamRecipe, LbfgsRecipe, Preset, stages_of
from nst_engine.errors import NotFinite
from nst_engine.images import encode_preview
from nst_engine.lbfgs import Lbfgs
from nst_engine.objective import Objective
from nst_engine.pace import Pace
from nst_engine.pixels import resample, to_picture, to_tensor
from nst_engine.vgg import Vgg19

PREVIEW_SIDE_PX = 512
REPORTS_PER_PREVIEW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """The result. `objective` is that of the last scale, to measure what becomes of the picture on disk."""

    picture: Image.Image
    steps: int
    seconds: float
    objective: Objective


class Solver(Protocol):
    """Moves a picture towards a lower loss, one evaluation of the network a step."""

    def step(self) -> Tensor:
        """Returns the loss just evaluated, on the device."""
        ...

    @property
    def picture(self) -> Tensor:
        """The answer so far, (1, 3, H, W) in [0, 1]."""
        ...


def never() -> bool:
    """Go on until the end."""
    return False


def stylize(
    content: Image.Image,
    styles: Sequence[Image.Image],
    params: StylizeParams,
    network: Vgg19,
    *,
    report_every_seconds: float = 1.0,
    previews: bool = True,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Started | Progress | Painted | Stopped]:
    """Paint RGB `content` in the style of RGB `styles`.

    First Started; then Progress after the first step, every `report_every_seconds` and after the last, every second
    one with a preview; last Painted, or Stopped when `should_stop` said so between two steps. Only a report waits for
    the device. Raises NotFinite with the step.
    """
    job = _Job(content, styles, params, network)
    pace = Pace(job.stages, report_every_seconds)
    yield Started(width=job.size[0], height=job.size[1], steps=pace.steps)
    health = _Health(network.device)
    picture: Tensor | None = None
    reports = 0
    for stage in job.stages:
        objective = job.objective(stage)
        solver = job.solver(objective, job.start(stage, picture))
        for _ in range(stage.steps):
            if should_stop():
                yield Stopped()
                return
            health.watch(solver.step(), pace.step + 1)
            pace.count(stage)
            if pace.report_is_due:
                health.check()
                wanted = previews and (reports % REPORTS_PER_PREVIEW == 0 or pace.step == pace.steps)
                yield _progress(pace, _preview(solver.picture, job.size) if wanted else None)
                reports += 1
        picture = solver.picture
    yield Painted(picture=to_picture(solver.picture), steps=pace.step, seconds=pace.seconds, objective=objective)


class _Job:
    """What is needed to begin at each scale."""

    def __init__(
        self, content: Image.Image, styles: Sequence[Image.Image], params: StylizeParams, network: Vgg19
    ) -> None:
        self._content = content
        self._styles = styles
        self._params = params
        self._network = network
        self._preset: Preset = PRESETS[params.preset]
        self.stages: tuple[Stage, ...] = stages_of(params, content.size)
        self.size: Size = self.stages[-1].size

    def objective(self, stage: Stage) -> Objective:
        factor = style_weight_factor(self._params.strength)
        content, styles = self._content_at(stage), self._styles_at(stage)
        return Objective(self._preset, self._network, content, styles, style_factor=factor)

    def start(self, stage: Stage, coarser: Tensor | None) -> Tensor:
        """The coarser scale's answer made larger, or the beginning of all."""
        if coarser is not None:
            return resample(coarser, stage.size)
        content = self._content_at(stage)
        match self._params.init or self._preset.init:
            case Init.NOISE:
                return start.noise(content, self._params.seed)
            case Init.CONTENT if self._preset.match_colours:
                share = min(1.0, self._params.strength / NEUTRAL_STRENGTH)
                return start.match_colours(content, self._styles_at(stage), share)
            case Init.CONTENT:
                return content
            case unknown:
                assert_never(unknown)

    def solver(self, objective: Objective, picture: Tensor) -> Solver:
        recipe = self._preset.solver
        match recipe:
            case AdamRecipe():
                return Adam(objective, picture, recipe)
            case LbfgsRecipe():
                return Lbfgs(objective, picture, recipe)
            case _:
                assert_never(recipe)

    def _content_at(self, stage: Stage) -> Tensor:
        return to_tensor(self._content, stage.size, self._network.device)

    def _styles_at(self, stage: Stage) -> list[Tensor]:
        """The styles at the size of the scale, so that a stroke is as large against the picture as in the painting."""
        longer = max(stage.size)
        return [to_tensor(style, fit(style.size, longer), self._network.device) for style in self._styles]


class _Health:
    """Remembers on the device the first step whose loss was not finite."""

    def __init__(self, device: torch.device) -> None:
        self._bad_step = torch.zeros((), dtype=torch.int64, device=device)

    def watch(self, loss: Tensor, step: int) -> None:
        is_first = ~torch.isfinite(loss) & (self._bad_step == 0)
        self._bad_step = torch.where(is_first, step, self._bad_step)

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


def _preview(picture: Tensor, size: Size) -> bytes:
    """A small JPEG that keeps its size while the scales grow."""
    return encode_preview(to_picture(resample(picture, fit(size, min(PREVIEW_SIDE_PX, max(size))))))
