"""Paints an animation frame by frame, so that what stands still in it stands still in the painting.

After Ruder, Dosovitskiy and Brox, "Artistic style transfer for videos" (GCPR 2016): a frame starts from the painting of
the one before it, moved where things moved, and its loss has a term that holds it there. No paths here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import assert_never

import torch
from PIL import Image
from torch import Tensor

from nst_engine.carry import Canvas, Carried, carry, is_cut
from nst_engine.contract.events import Progress, Started, Stopped
from nst_engine.contract.params import Init, KeepColours, StylizeParams
from nst_engine.contract.plan import Stage
from nst_engine.contract.presets import following_stage_of, stages_of
from nst_engine.errors import NotFinite
from nst_engine.images import encode_preview
from nst_engine.images.animation import Animation
from nst_engine.keep_colours import luminance_of
from nst_engine.objective import Anchor
from nst_engine.pace import Pace
from nst_engine.pixels import to_picture, to_tensor
from nst_engine.style_cache import StyleCache
from nst_engine.stylize import Painted, Snapshot, never, stylize
from nst_engine.vgg import Vgg19

_HOLD = 50.0
"""Strength of the temporal term in losses of the first frame: a change of 4/255, root mean square, costs 1.2 %."""
_FRAMES_TO_FINISH = 3
"""So many frames go on with a part of the picture that is new, before it is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintedAnimation:
    """The result. `last` is the last frame that was painted, to measure what becomes of it on disk."""

    animation: Animation
    last: Painted
    steps: int
    seconds: float


def animate(  # noqa: PLR0913 - as `stylize`
    animation: Animation,
    styles: Sequence[Image.Image],
    params: StylizeParams,
    network: Vgg19,
    *,
    masks: Sequence[Image.Image | None] = (),
    start: Image.Image | None = None,
    style_cache: StyleCache | None = None,
    report_every_seconds: float = 1.0,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Started | Progress | PaintedAnimation | Stopped]:
    """Paint the frames in the style of RGB `styles`, in the events of `stylize`; steps are those of all frames.

    The first frame, and one that begins a new scene, takes the whole recipe, the others a few steps at the last size,
    and one that equals its predecessor none. `masks` hold for all frames, `start` is for the first. Raises what
    `stylize` raises, NotFinite with the step of all.
    """
    frames = _plan(animation, params, network.device)
    pace = Pace([stage for frame in frames for stage in frame.stages], report_every_seconds)
    job = _Job(styles=styles, masks=masks, start=start, params=params, network=network, style_cache=style_cache)
    painter = _Painter(job, pace, should_stop)
    width, height = frames[0].stages[-1].size
    yield Started(width=width, height=height, steps=pace.steps)
    results: list[Image.Image] = []
    last: Painted
    for frame in frames:
        for event in painter.paint(frame) if frame.stages else ():
            match event:
                case Painted():
                    last = event
                case Progress():
                    yield event
                case Stopped():
                    yield event
                    return
                case _:
                    assert_never(event)
        results.append(last.picture)
    painted = Animation(frames=tuple(results), durations_ms=animation.durations_ms, loop=animation.loop)
    yield PaintedAnimation(animation=painted, last=last, steps=pace.step, seconds=pace.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """`stages` is empty for one that equals its predecessor."""

    content: Image.Image
    stages: tuple[Stage, ...]
    begins_scene: bool


def _plan(animation: Animation, params: StylizeParams, device: torch.device) -> list[_Frame]:
    first = animation.frames[0]
    full, few = stages_of(params, first.size), (following_stage_of(params, first.size),)
    frames = [_Frame(content=first, stages=full, begins_scene=True)]
    for before, content in pairwise(animation.frames):
        if content.tobytes() == before.tobytes():
            frames.append(_Frame(content=content, stages=(), begins_scene=False))
        else:
            cut = is_cut(to_tensor(before, before.size, device), to_tensor(content, content.size, device))
            frames.append(_Frame(content=content, stages=full if cut else few, begins_scene=cut))
    return frames


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    styles: Sequence[Image.Image]
    masks: Sequence[Image.Image | None]
    start: Image.Image | None
    params: StylizeParams
    network: Vgg19
    style_cache: StyleCache | None


class _Painter:
    """Paints one frame after the other onto what there is of the one before."""

    def __init__(self, job: _Job, pace: Pace, should_stop: Callable[[], bool]) -> None:
        self._job = job
        self._pace = pace
        self._should_stop = should_stop
        self._canvas: Canvas | None = None
        self._loss = 1.0
        self._preview: bytes | None = None

    def paint(self, frame: _Frame) -> Iterator[Progress | Painted | Stopped]:
        """Reports count the steps of all frames. Raises NotFinite with such a step."""
        before = self._pace.step
        content = to_tensor(frame.content, frame.stages[-1].size, self._job.network.device)
        carried = None if self._canvas is None or frame.begins_scene else carry(self._canvas, content)
        try:
            for event in self._events(frame, carried):
                match event:
                    case Progress():
                        self._pace.reach(before + event.step)
                        if self._pace.report_is_due:
                            yield self._report(event.preview)
                    case Painted():
                        yield self._kept(event, content, carried)
                    case Stopped():
                        yield event
                    case Started() | Snapshot():
                        pass
                    case _:
                        assert_never(event)
        except NotFinite as error:
            raise NotFinite(before + error.step) from error
        self._pace.reach(before + sum(stage.steps for stage in frame.stages))

    def _events(
        self, frame: _Frame, carried: Carried | None
    ) -> Iterator[Started | Progress | Snapshot | Painted | Stopped]:
        job = self._job
        changes: dict[str, object] = {"timelapse_frames": 0}
        guide = None if carried is None else self._as_optimised(carried.picture)
        if carried is not None:
            changes["init"] = Init.PICTURE
        return stylize(
            frame.content,
            job.styles,
            job.params.model_copy(update=changes),
            job.network,
            masks=job.masks,
            start=job.start if guide is None else to_picture(guide),
            anchor=self._anchor(carried, guide),
            stages=frame.stages,
            style_cache=job.style_cache,
            report_every_seconds=self._pace.report_every_seconds,
            previews=carried is None,
            should_stop=self._should_stop,
        )

    def _anchor(self, carried: Carried | None, guide: Tensor | None) -> Anchor | None:
        if carried is None or guide is None:
            return None
        return Anchor(picture=guide, weights=carried.finished, strength=_HOLD * self._loss)

    def _as_optimised(self, picture: Tensor) -> Tensor:
        """A painting as the network sees it: where only light and dark are painted, that is all there is of it."""
        keeps_hues = self._job.params.keep_colours is KeepColours.LUMINANCE
        return luminance_of(picture) if keeps_hues else picture

    def _tensor(self, picture: Image.Image) -> Tensor:
        return to_tensor(picture, picture.size, self._job.network.device)

    def _report(self, preview: bytes | None) -> Progress:
        steps_per_second, seconds_left = self._pace.report()
        return Progress(
            step=self._pace.step,
            steps=self._pace.steps,
            steps_per_second=steps_per_second,
            seconds_left=seconds_left,
            preview=preview or self._preview,
        )

    def _kept(self, painted: Painted, content: Tensor, carried: Carried | None) -> Painted:
        """Where nothing has happened the painting stays as it was, to the last bit."""
        if self._canvas is None or carried is None:
            self._loss = painted.losses_of(painted.picture).total.sum().item()
            painting = self._tensor(painted.picture)
            self._canvas = Canvas(content=content, painting=painting, finished=torch.ones_like(content[:, :1]))
        else:
            picture = to_picture(torch.lerp(self._tensor(painted.picture), self._canvas.painting, carried.rest))
            painted = replace(painted, picture=picture)
            self._canvas = Canvas(
                content=torch.lerp(content, self._canvas.content, carried.rest),
                painting=self._tensor(painted.picture),
                finished=(carried.finished + 1.0 / _FRAMES_TO_FINISH + 0.01).clamp(max=1.0),
            )
        self._preview = encode_preview(painted.picture)
        return painted
