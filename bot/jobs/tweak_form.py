"""The Tweak form as it is shown first: with the values of the job that it is about. Pure."""

from collections.abc import Callable

from bot.jobs.tweak import MORE, POOLINGS, STARTS, Before, Line, Typed, Word
from bot.jobs.variation import anew


def prefilled(before: Before, name_of: Callable[[Line], str], word_for: Callable[[Word], str]) -> Typed:
    """The form with the values of a job."""
    params = before.params
    values = _values(before)
    more = [f"{name_of(line)}: {_written(values[line], word_for)}".rstrip() for line in MORE if line in values]
    return Typed(
        preset=params.preset,
        strength=str(params.strength),
        size=str(min(params.size, before.max_size_px)),
        colours=params.keep_colours,
        more="\n".join(more),
    )


def with_preset(typed: Typed, first: Typed, of_preset: Typed) -> Typed:
    """What a preset of a server brings, but for the fields that were changed from how they stood there first."""

    def either(sent: str, before: str, brought: str) -> str:
        return brought if sent.strip() == before.strip() else sent

    return Typed(
        preset=of_preset.preset,
        strength=either(typed.strength, first.strength, of_preset.strength),
        size=typed.size,
        colours=either(typed.colours, first.colours, of_preset.colours),
        more=either(typed.more, first.more, of_preset.more),
    )


def _values(before: Before) -> dict[Line, object]:
    params = anew(before.params)
    starts = {init: word for word, init in STARTS.items()}
    poolings = {pooling: word for word, pooling in POOLINGS.items()}
    weights = {Line.STYLE_WEIGHTS: params.style_weights or (1.0,) * before.styles} if before.styles > 1 else {}
    return {
        Line.SEED: params.seed,
        Line.STROKE_SIZE: params.style_scale,
        **weights,
        Line.STEPS: params.steps,
        Line.SMOOTHNESS: params.tv,
        Line.START: starts[params.init] if params.init else None,
        Line.POOLING: poolings[params.pooling] if params.pooling else None,
        Line.CONTENT_LAYERS: params.content_layers,
        Line.STYLE_LAYERS: params.style_layers,
        Line.SPOILER: Word.YES if before.spoiler else Word.NO,
    }


def _written(value: object, word_for: Callable[[Word], str]) -> str:
    match value:
        case None:
            return ""
        case Word():
            return word_for(value)
        case tuple():
            return ", ".join(" ".join(map(_plain, part)) if isinstance(part, tuple) else _plain(part) for part in value)
        case _:
            return _plain(value)


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
