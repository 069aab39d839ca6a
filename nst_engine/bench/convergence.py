"""How soon the bounded solver is where neural-style-pt's comes to: the same loss, pair and size, in one run.

Losses are those of the delivered picture, clipped and rounded to 8 bits, unless they are called internal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from nst_engine.bench.ceilings import Ceilings, Machine
from nst_engine.bench.descent import Reference, Step, bounded
from nst_engine.bench.gram_objective import GramObjective
from nst_engine.bench.loss_weights import NEURAL_STYLE
from nst_engine.bench.pairs import Pair
from nst_engine.bench.tables import heading, number, table
from nst_engine.contract.plan import Size, fit
from nst_engine.images import read_picture
from nst_engine.pixels import to_tensor
from nst_engine.vgg import Vgg19

TINY = 1e-30
"""Of a content that is its own style nothing is left to lose."""
WATCH_EVERY = 20
"""Evaluations between two points of a plotted curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How long each solver runs."""

    evaluations: int
    """Of ours."""
    iterations: int
    """Of the reference, an evaluation each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of a curve."""

    evaluations: int
    seconds: float
    delivered: float
    internal: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One pair. `None` is what was not reached within the evaluations that were taken."""

    pair: str
    width: int
    height: int
    reference: Point
    ours: Point
    ratio: float
    """Delivered loss of ours over the reference's."""
    evaluations_to_reach: int | None
    """Of ours, to the reference's delivered loss."""
    seconds_to_reach: float | None
    time_ratio: float | None
    """Those seconds over all of the reference's."""
    reference_curve: tuple[Point, ...]
    curve: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Convergence:
    """A run, and what it comes to over all pairs."""

    machine: Machine
    pairs: tuple[Compared, ...]
    median_ratio: float
    worst_ratio: float
    median_time_ratio: float | None
    worst_time_ratio: float | None
    worst_delivered_over_internal: float
    """Of ours."""


def measure_convergence(
    network: Vgg19, pairs: Sequence[Pair], size: int, lengths: Lengths, ceilings: Ceilings
) -> Convergence:
    """Both solvers on every pair, brought to a longer side of `size` pixels."""
    ceilings.sample()
    compared = []
    for pair in pairs:
        compared.append(_compare(network, pair, size, lengths))
        ceilings.sample()
    return summary(ceilings.machine(), compared)


def summary(machine: Machine, pairs: Sequence[Compared]) -> Convergence:
    """Medians and worst of at least one pair; a time that was never reached is worse than any."""
    times = [float("inf") if pair.time_ratio is None else pair.time_ratio for pair in pairs]
    return Convergence(
        machine=machine,
        pairs=tuple(pairs),
        median_ratio=median(pair.ratio for pair in pairs),
        worst_ratio=max(pair.ratio for pair in pairs),
        median_time_ratio=_finite(median(times)),
        worst_time_ratio=_finite(max(times)),
        worst_delivered_over_internal=max(pair.ours.delivered / max(pair.ours.internal, TINY) for pair in pairs),
    )


def convergence_table(measured: Convergence) -> str:
    """The same for people."""
    columns = (
        *("pair", "size", "reference", "internal", "seconds", "ours", "internal", "seconds", "ratio"),
        *("reached after", "seconds", "of its time"),
    )
    rows = [_row(pair) for pair in measured.pairs]
    count = measured.pairs[0]
    return "\n".join(
        (
            heading(measured.machine),
            f"reference: torch.optim.LBFGS from the content, {count.reference.evaluations} evaluations; "
            f"ours: bounded, {count.ours.evaluations} evaluations; losses J of the picture as written, and internal",
            "",
            table(columns, rows),
            "",
            f"ratio: median {measured.median_ratio:.2f}, worst {measured.worst_ratio:.2f}; "
            f"time to the reference's loss over its time: median {number(measured.median_time_ratio, '.3f')}, "
            f"worst {number(measured.worst_time_ratio, '.3f')}; "
            f"delivered over internal of ours, worst: {measured.worst_delivered_over_internal:.4f}",
        )
    )


def _row(pair: Compared) -> tuple[str, ...]:
    return (
        pair.pair,
        f"{pair.width}×{pair.height}",
        f"{pair.reference.delivered:.3e}",
        f"{pair.reference.internal:.3e}",
        f"{pair.reference.seconds:.1f}",
        f"{pair.ours.delivered:.3e}",
        f"{pair.ours.internal:.3e}",
        f"{pair.ours.seconds:.1f}",
        f"{pair.ratio:.2f}",
        number(pair.evaluations_to_reach, "d"),
        number(pair.seconds_to_reach, ".1f"),
        number(pair.time_ratio, ".3f"),
    )


def _compare(network: Vgg19, pair: Pair, size: int, lengths: Lengths) -> Compared:
    photo, painting = read_picture(pair.content, name="content"), read_picture(pair.style, name="style")
    result: Size = fit(photo.size, size)
    content = to_tensor(photo, result, network.device)
    style = to_tensor(painting, fit(painting.size, size), network.device)
    objective = GramObjective(NEURAL_STYLE, network, content, style)
    end, watched = Reference(objective, content).run(lengths.iterations, WATCH_EVERY)
    reference = _point(objective, end)
    steps = list(bounded(objective, content, style, lengths.evaluations))
    ours = _point(objective, steps[-1])
    reached = first_reached(objective, steps, reference.delivered)
    return Compared(
        pair=pair.name,
        width=result[0],
        height=result[1],
        reference=reference,
        ours=ours,
        ratio=ours.delivered / max(reference.delivered, TINY),
        evaluations_to_reach=reached.evaluations if reached else None,
        seconds_to_reach=reached.seconds if reached else None,
        time_ratio=reached.seconds / reference.seconds if reached else None,
        reference_curve=(*(_point(objective, step) for step in watched), reference),
        curve=(*(_point(objective, step) for step in steps[:: WATCH_EVERY // 4]), ours),
    )


def first_reached(objective: GramObjective, steps: Sequence[Step], delivered: float) -> Step | None:
    """The first step whose picture has this loss as it is written, which is hardly ever less than the internal one."""
    candidates = (step for step in steps if step.internal <= delivered)
    return next((step for step in candidates if objective.delivered(step.picture) <= delivered), None)


def _point(objective: GramObjective, step: Step) -> Point:
    delivered = objective.delivered(step.picture)
    return Point(evaluations=step.evaluations, seconds=step.seconds, delivered=delivered, internal=step.internal)


def _finite(ratio: float) -> float | None:
    return ratio if ratio < float("inf") else None
