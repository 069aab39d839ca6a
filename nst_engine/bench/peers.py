"""This project against other programs: whole process against whole process, the same pictures and size, in one run.

Ours has two rows a pair: `stylize` as people use it, and beside every other program a process that minimises that
program's own loss until the picture it writes has what the other's written picture has.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from torch import Tensor

from nst_engine.bench.ceilings import Ceilings, Machine
from nst_engine.bench.gram_objective import GramObjective
from nst_engine.bench.loss_weights import NEURAL_STYLE
from nst_engine.bench.measures import looks
from nst_engine.bench.pairs import Pair
from nst_engine.bench.processes import last_json, run_process
from nst_engine.bench.programs import Errand, Program, StyleSide, same_longer_side
from nst_engine.bench.tables import NOT_REACHED, heading, mebibytes, table
from nst_engine.bench.to_loss import Answer, Target
from nst_engine.bench.to_loss import command as to_loss_command
from nst_engine.contract.plan import fit
from nst_engine.errors import EngineError
from nst_engine.images import read_picture
from nst_engine.pixels import to_tensor
from nst_engine.vgg import Vgg19

_PAINTED = "painted.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Our process on another program's loss."""

    seconds: float
    peak_memory_bytes: int
    evaluations: int
    times_less: float
    """The other's seconds over ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLoss:
    """The loss that another program minimises, of the picture it wrote; J where its loss is of another kind."""

    loss: float
    reached: Reached | None
    """None where ours did not come to that loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One program on one pair."""

    pair: str
    program: str
    width: int
    height: int
    seconds: float
    peak_memory_bytes: int
    j: float
    """neural-style-pt's loss of the written picture, total variation aside."""
    swd: float
    crel: float
    own: OwnLoss | None
    """None in our own row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """A run."""

    machine: Machine
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is the same for all programs of a run."""

    size: int
    evaluations: int
    """At most, for ours to come to another program's loss."""
    folder: Path
    """Where pictures are written."""
    network: str
    """The source of our network's weights."""


def measure_peers(
    network: Vgg19,
    pairs: Sequence[Pair],
    us: Program,
    others: Sequence[Program],
    settings: Settings,
    ceilings: Ceilings,
) -> Peers:
    """Every program on every pair, ours first. The network here only judges the pictures."""
    ceilings.sample()
    rows: list[Row] = []
    for pair in pairs:
        rows.append(_paint(network, pair, us, settings))
        for other in others:
            painted = _paint(network, pair, other, settings)
            rows.append(replace(painted, own=_own_loss(network, pair, other, painted, settings)))
        ceilings.sample()
    return Peers(machine=ceilings.machine(), rows=tuple(rows))


def peers_table(measured: Peers) -> str:
    """The same for people."""
    columns = (
        *("pair", "program", "seconds", "memory", "J", "swd", "crel"),
        *("own loss", "ours to it", "memory", "evaluations", "times less"),
    )
    lines = [heading(measured.machine), "", table(columns, [_words(row) for row in measured.rows])]
    return "\n".join((*lines, "", *_medians(measured.rows)))


def _words(row: Row) -> tuple[str, ...]:
    own = ("",) * 5 if row.own is None else _own_words(row.own)
    return (
        row.pair,
        row.program,
        f"{row.seconds:.1f}",
        mebibytes(row.peak_memory_bytes),
        f"{row.j:.3e}",
        f"{row.swd:.3f}",
        f"{row.crel:.3f}",
        *own,
    )


def _own_words(own: OwnLoss) -> tuple[str, ...]:
    reached = own.reached
    if reached is None:
        return (f"{own.loss:.3e}", *(NOT_REACHED,) * 4)
    return (
        f"{own.loss:.3e}",
        f"{reached.seconds:.1f}",
        mebibytes(reached.peak_memory_bytes),
        f"{reached.evaluations}",
        f"{reached.times_less:.1f}",
    )


def _medians(rows: Sequence[Row]) -> list[str]:
    """A line for each program."""
    lines = []
    for program in dict.fromkeys(row.program for row in rows):
        own = [row for row in rows if row.program == program]
        middle = [median(values) for values in zip(*((row.seconds, row.swd, row.crel) for row in own), strict=True)]
        line = f"{program}: median {middle[0]:.1f} s, swd {middle[1]:.3f}, crel {middle[2]:.3f}"
        ratios = [row.own.reached.times_less for row in own if row.own and row.own.reached]
        if ratios:
            line += f"; ours at its loss in {median(ratios):.1f} times less time, at worst {min(ratios):.1f}"
        lines.append(line)
    return lines


def _paint(network: Vgg19, pair: Pair, program: Program, settings: Settings) -> Row:
    """Let a program paint and judge the file that it wrote."""
    output = settings.folder / _PAINTED
    output.unlink(missing_ok=True)
    errand = Errand(
        content=pair.content.resolve(),
        style=pair.style.resolve(),
        output=output,
        size=settings.size,
        on_gpu=network.device.type == "cuda",
    )
    ended = run_process(
        program.name, program.command(errand), folder=settings.folder, more_environment=program.environment
    )
    if not output.exists():
        raise EngineError(f"{program.name} ended without a picture")
    picture, content, style = _pictures(network, pair, output, same_longer_side)
    found = looks(network, picture, content, style)
    return Row(
        pair=pair.name,
        program=program.name,
        width=picture.shape[-1],
        height=picture.shape[-2],
        seconds=ended.seconds,
        peak_memory_bytes=ended.peak_memory_bytes,
        j=GramObjective(NEURAL_STYLE, network, content, style).total(picture),
        swd=found.swd,
        crel=found.crel,
        own=None,
    )


def _own_loss(network: Vgg19, pair: Pair, program: Program, painted: Row, settings: Settings) -> OwnLoss:
    """The loss of what the program has just painted, and a process of ours that paints until its picture has it."""
    picture, content, style = _pictures(network, pair, settings.folder / _PAINTED, program.style_side)
    target = Target(
        content=pair.content.resolve(),
        style=pair.style.resolve(),
        output=settings.folder / "ours.png",
        size=settings.size,
        style_size=max(style.shape[-2:]),
        weights=program.weights,
        loss=GramObjective(program.weights, network, content, style).total(picture),
        evaluations=settings.evaluations,
    )
    command = to_loss_command(target, device=network.device.type, network=settings.network)
    ended = run_process("our own process", command, folder=settings.folder)
    answer = Answer.model_validate(last_json(ended))
    reached = Reached(
        seconds=ended.seconds,
        peak_memory_bytes=ended.peak_memory_bytes,
        evaluations=answer.evaluations,
        times_less=painted.seconds / ended.seconds,
    )
    return OwnLoss(loss=target.loss, reached=reached if answer.reached else None)


def _pictures(network: Vgg19, pair: Pair, written: Path, style_side: StyleSide) -> tuple[Tensor, Tensor, Tensor]:
    """What was written, the content at its size, and the style at the size asked for."""
    picture = read_picture(written, name="result", min_side_px=1)
    photo, painting = read_picture(pair.content, name="content"), read_picture(pair.style, name="style")
    size = fit(painting.size, style_side(picture.size, painting.size))
    return (
        to_tensor(picture, picture.size, network.device),
        to_tensor(photo, picture.size, network.device),
        to_tensor(painting, size, network.device),
    )
