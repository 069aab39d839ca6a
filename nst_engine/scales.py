"""What is needed to begin at each size of the pyramid: pictures brought to it, targets, a start, a solver."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

import torch
from PIL import Image, ImageOps
from torch import Tensor

from nst_engine import keep_colours, start
from nst_engine.adam import Adam
from nst_engine.contract.params import (
    MAX_SIZE_PX,
    NEUTRAL_STRENGTH,
    Init,
    KeepColours,
    StylizeParams,
    style_weight_factor,
)
from nst_engine.contract.plan import Size, Stage, fit
from nst_engine.contract.presets import AdamRecipe, LbfgsRecipe, Preset, recipe_of
from nst_engine.errors import BadInput
from nst_engine.lbfgs import Lbfgs
from nst_engine.measures import ByLayer
from nst_engine.objective import Anchor, Objective, measure_style, pass_for
from nst_engine.pixels import resample, to_mask, to_tensor
from nst_engine.regions import Region, Style, regions_of, together
from nst_engine.style_cache import StyleCache, digest_of
from nst_engine.vgg import Vgg19


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The pictures of one job: RGB, and masks of mode "L", one for each style or none at all."""

    content: Image.Image
    styles: Sequence[Image.Image]
    masks: Sequence[Image.Image | None] = ()
    start: Image.Image | None = None
    """Cut to the content's shape where it has another."""


class Solver(Protocol):
    """Moves B pictures towards lower losses, one evaluation of the network a step."""

    def step(self) -> Tensor:
        """Returns the losses just evaluated, (B,) on the device."""
        ...

    @property
    def picture(self) -> Tensor:
        """The answers so far, (B, 3, H, W) in [0, 1]."""
        ...


class Scales:
    """Several jobs with the same choices and the same size, or one."""

    def __init__(
        self,
        jobs: Sequence[Sources],
        params: StylizeParams,
        network: Vgg19,
        *,
        cache: StyleCache | None = None,
        anchor: Anchor | None = None,
    ) -> None:
        self._jobs = jobs
        self._params = params
        self._network = network
        self._recipe: Preset = recipe_of(params)
        self._way = pass_for(self._recipe, network)
        self._cache = cache
        self._anchor = anchor
        self._digests: dict[int, str] = {}

    def objective(self, stage: Stage) -> Objective:
        content = self._stacked([self._content(job, stage) for job in self._jobs])
        regions = [self._regions(job, stage) for job in self._jobs]
        factor = style_weight_factor(self._params.strength)
        found = regions[0] if len(regions) == 1 else together(regions)
        anchor = self._anchor if self._anchor and self._anchor.picture.shape[-2:] == content.shape[-2:] else None
        return Objective(
            self._recipe, self._network, content, found, style_factor=factor, anchor=anchor, in_grey=self._greys
        )

    def begin(self, stage: Stage) -> Tensor:
        """The pictures that the first scale starts from."""
        picture = self._stacked([self._begin(job, stage) for job in self._jobs])
        return keep_colours.luminance_of(picture) if self._greys else picture

    def solver(self, objective: Objective, picture: Tensor) -> Solver:
        recipe = self._recipe.solver
        match recipe:
            case AdamRecipe():
                return Adam(objective, picture, recipe)
            case LbfgsRecipe():
                return Lbfgs(objective, picture, recipe)
            case _:
                assert_never(recipe)

    def finish(self, picture: Tensor, size: Size) -> Tensor:
        """What a person sees of the optimised pictures, at `size`."""
        picture = resample(picture, size)
        if not (self._greys or self._jobs[0].masks):
            return picture
        contents = self._stacked([to_tensor(job.content, size, self._network.device) for job in self._jobs])
        if self._greys:
            picture = keep_colours.with_luminance_of(contents, picture)
        claimed = self._claimed(self._jobs[0], size) if self._jobs[0].masks else None
        return picture if claimed is None else torch.lerp(contents, picture, claimed)

    def _claimed(self, job: Sources, size: Size) -> Tensor | None:
        """Where any style paints, (1, 1, H, W); None where that is everywhere. The rest is the photo itself."""
        masks = [mask for mask, weight in zip(job.masks, self._weights(job), strict=True) if weight > 0.0]
        if None in masks:
            return None
        found = [to_mask(mask, size, self._network.device) for mask in masks if mask is not None]
        return torch.stack(found).sum(0).clamp(max=1.0)

    def _begin(self, job: Sources, stage: Stage) -> Tensor:
        init = self._params.init or self._recipe.init
        match init:
            case Init.NOISE:
                return start.noise(self._content(job, stage), self._params.seed)
            case Init.CONTENT:
                return start.varied(self._content(job, stage), self._params.seed)
            case Init.MATCHED:
                share = self._recipe.matched_share * min(1.0, self._params.strength / NEUTRAL_STRENGTH)
                styles = [self._style(job, number, stage) for number in range(len(job.styles))]
                matched = start.match_colours(self._content(job, stage), styles, share, self._weights(job))
                return start.varied(matched, self._params.seed)
            case Init.PICTURE:
                if job.start is None:
                    raise BadInput("a start from a picture was asked for, but no picture to start from was given")
                return to_tensor(ImageOps.fit(job.start, stage.size), stage.size, self._network.device)
            case _:
                assert_never(init)

    def _content(self, job: Sources, stage: Stage) -> Tensor:
        picture = to_tensor(job.content, stage.size, self._network.device)
        return keep_colours.luminance_of(picture) if self._greys else picture

    @property
    def _greys(self) -> bool:
        return self._params.keep_colours is KeepColours.LUMINANCE

    def _regions(self, job: Sources, stage: Stage) -> tuple[Region, ...]:
        masks = job.masks or [None] * len(job.styles)
        return regions_of(
            [
                Style(
                    moments=self._moments(job, number, stage),
                    weight=weight,
                    mask=None if mask is None else to_mask(mask, stage.size, self._network.device),
                )
                for number, (weight, mask) in enumerate(zip(self._weights(job), masks, strict=True))
            ]
        )

    def _weights(self, job: Sources) -> Sequence[float]:
        return self._params.style_weights or [1.0] * len(job.styles)

    def _moments(self, job: Sources, number: int, stage: Stage) -> ByLayer:
        def measure() -> ByLayer:
            return measure_style(self._way, self._style(job, number, stage))

        return measure() if self._cache is None else self._cache.get(self._key(job, number, stage), measure)

    def _key(self, job: Sources, number: int, stage: Stage) -> tuple[object, ...]:
        """All that the moments of a style depend on; only where colours are kept is the content one of them."""
        keep = self._params.keep_colours
        content = None if keep is KeepColours.NO else (self._digest(job.content), stage.size)
        style = job.styles[number]
        recipe = self._recipe
        return (
            self._digest(style),
            self._style_size(style, stage),
            keep,
            content,
            self._way.layers,
            recipe.pooling,
            recipe.edges,
        )

    def _digest(self, picture: Image.Image) -> str:
        if id(picture) not in self._digests:
            self._digests[id(picture)] = digest_of(picture)
        return self._digests[id(picture)]

    def _style_size(self, style: Image.Image, stage: Stage) -> Size:
        """As large as the scale, times what was asked: a stroke is as large against the picture as in the painting."""
        return fit(style.size, min(MAX_SIZE_PX, max(1, round(max(stage.size) * self._params.style_scale))))

    def _style(self, job: Sources, number: int, stage: Stage) -> Tensor:
        picture = job.styles[number]
        style = to_tensor(picture, self._style_size(picture, stage), self._network.device)
        match self._params.keep_colours:
            case KeepColours.NO:
                return style
            case KeepColours.LUMINANCE:
                grey = keep_colours.luminance_of(style)
                return keep_colours.match_luminance(grey, self._content(job, stage))
            case KeepColours.TRANSFER:
                return keep_colours.transfer_colours(style, self._content(job, stage))
            case unknown:
                assert_never(unknown)

    @staticmethod
    def _stacked(pictures: Sequence[Tensor]) -> Tensor:
        return pictures[0] if len(pictures) == 1 else torch.cat(list(pictures))
