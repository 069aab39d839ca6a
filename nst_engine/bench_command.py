"""`python -m nst_engine bench SUBJECT`: options, and what is done around the measuring. It imports torch last."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from nst_engine.arguments import add_machine, file_name, network_of, whole
from nst_engine.bench.plots import (
    check_plot,
    plot_batches,
    plot_convergence,
    plot_iterations,
    plot_memory,
    plot_peers,
    save_plot,
)
from nst_engine.bench_options import (
    add_count,
    add_pairs,
    add_preset,
    add_size,
    add_sizes,
    our_program,
    pairs_of,
    working_folder,
)
from nst_engine.contract.params import MAX_STEPS, StylizeParams
from nst_engine.errors import OutOfMemory
from nst_engine.shell import answer

EXIT_DONE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A run of one subject, in the forms in which it is given out."""

    report: Any
    """A dataclass with a field `machine`."""
    table: str
    draw: Callable[[Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    name: str
    summary: str
    add_options: Callable[[argparse.ArgumentParser], None]
    measure: Callable[[argparse.Namespace], Shown]


def add_bench(parser: argparse.ArgumentParser) -> None:
    """The subjects and their options; `run` of what is parsed measures and prints."""
    subjects = parser.add_subparsers(required=True, metavar="SUBJECT")
    for subject in _SUBJECTS:
        options = subjects.add_parser(subject.name, help=subject.summary, description=subject.summary)
        subject.add_options(options)
        add_machine(options)
        options.add_argument("--json", action="store_true", help="one JSON object on stdout and no table")
        options.add_argument("--plot", type=file_name, metavar="FILE", help="draw it too, as a .png or .svg")
        options.set_defaults(run=_runner(subject))


def _runner(subject: _Subject) -> Callable[[argparse.Namespace], int]:
    def run(chosen: argparse.Namespace) -> int:
        if chosen.plot:
            check_plot(chosen.plot)
        shown = _within_memory(subject, chosen)
        answer(json.dumps(as_facts(shown.report)) if chosen.json else shown.table)
        if chosen.plot:  # only now: what took an hour is not lost with a full disk
            save_plot(chosen.plot, shown.draw)
        return EXIT_DONE

    return run


def _within_memory(subject: _Subject, chosen: argparse.Namespace) -> Shown:
    """Raises OutOfMemory where torch says so in its own words."""
    try:
        return subject.measure(chosen)
    except RuntimeError as error:
        from nst_engine.memory import is_out_of_memory  # noqa: PLC0415 - imports torch, which is there by now

        if not is_out_of_memory(error):
            raise
        raise OutOfMemory("the memory does not hold what was to be measured; take a smaller size") from error


def as_facts(report: Any) -> dict[str, object]:
    """A report as one flat object: the machine's facts first."""
    facts: dict[str, object] = asdict(report)
    machine = facts.pop("machine")
    return {**(machine if isinstance(machine, dict) else {}), **facts}


def _iteration_options(parser: argparse.ArgumentParser) -> None:
    add_sizes(parser, (128, 256, 512), "sides of the squares to measure")
    parser.add_argument(
        "--repeats",
        type=whole(1, 1000),
        default=5,
        metavar="N",
        help="measurements of each, 1 to 1000; their median is shown (default: %(default)s)",
    )


def _measure_iteration(chosen: argparse.Namespace) -> Shown:
    from nst_engine.bench.ceilings import Ceilings  # noqa: PLC0415 - imports torch
    from nst_engine.bench.iteration import iterations_table, measure_iterations  # noqa: PLC0415 - imports torch

    network = network_of(chosen)
    ceilings = Ceilings(network.device, chosen.repeats)
    measured = measure_iterations(network, chosen.sizes, chosen.repeats, ceilings)
    return Shown(
        report=measured, table=iterations_table(measured), draw=lambda figure: plot_iterations(figure, measured)
    )


def _convergence_options(parser: argparse.ArgumentParser) -> None:
    add_pairs(parser)
    add_size(parser, 256)
    add_count(parser, "--evaluations", 100, "of the bounded solver")
    add_count(parser, "--iterations", 300, "of torch.optim.LBFGS, the reference")


def _measure_convergence(chosen: argparse.Namespace) -> Shown:
    from nst_engine.bench.ceilings import Ceilings  # noqa: PLC0415 - imports torch
    from nst_engine.bench.convergence import Lengths, convergence_table, measure_convergence  # noqa: PLC0415 - imports torch

    with working_folder() as folder:
        pairs, network = pairs_of(chosen, folder), network_of(chosen)
        lengths = Lengths(evaluations=chosen.evaluations, iterations=chosen.iterations)
        measured = measure_convergence(network, pairs, chosen.size, lengths, Ceilings(network.device))
    return Shown(
        report=measured, table=convergence_table(measured), draw=lambda figure: plot_convergence(figure, measured)
    )


def _peers_options(parser: argparse.ArgumentParser) -> None:
    add_pairs(parser)
    add_size(parser, 256)
    add_count(parser, "--evaluations", 300, "at most, of ours to another program's loss")
    add_preset(parser)
    parser.add_argument(
        "--crowsonkb", type=file_name, metavar="DIR", help="a checkout of style-transfer-pytorch to compare with"
    )
    parser.add_argument(
        "--neural-style", metavar="COMMAND", help="what starts neural-style-pt, as 'python neural_style.py'"
    )


def _measure_peers(chosen: argparse.Namespace) -> Shown:
    from nst_engine.bench.ceilings import Ceilings  # noqa: PLC0415 - imports torch
    from nst_engine.bench.peers import Settings, measure_peers, peers_table  # noqa: PLC0415 - imports torch
    from nst_engine.bench.programs import installed  # noqa: PLC0415 - the same

    others = installed(chosen.crowsonkb, chosen.neural_style)
    with working_folder() as folder:
        settings = Settings(size=chosen.size, evaluations=chosen.evaluations, folder=folder, network=chosen.weights)
        pairs, network = pairs_of(chosen, folder), network_of(chosen)
        measured = measure_peers(network, pairs, our_program(chosen), others, settings, Ceilings(network.device))
    return Shown(report=measured, table=peers_table(measured), draw=lambda figure: plot_peers(figure, measured))


def _memory_options(parser: argparse.ArgumentParser) -> None:
    add_pairs(parser)
    add_sizes(parser, (256, 512, 1024), "longer sides of the results")
    add_preset(parser)


def _measure_memory(chosen: argparse.Namespace) -> Shown:
    from nst_engine.bench.ceilings import Ceilings  # noqa: PLC0415 - imports torch
    from nst_engine.bench.memory import measure_memory, memory_table  # noqa: PLC0415 - imports torch
    from nst_engine.device import choose_device  # noqa: PLC0415 - the same

    with working_folder() as folder:
        pair, ceilings = pairs_of(chosen, folder, 1)[0], Ceilings(choose_device(chosen.device))
        measured = measure_memory(our_program(chosen), pair, chosen.sizes, ceilings, folder)
    return Shown(report=measured, table=memory_table(measured), draw=lambda figure: plot_memory(figure, measured))


def _batch_options(parser: argparse.ArgumentParser) -> None:
    add_pairs(parser)
    add_size(parser, 512)
    add_preset(parser)
    parser.add_argument(
        "--jobs", type=whole(1, 64), nargs="+", default=(1, 2, 4, 8), metavar="N", help="jobs in a batch, 1 to 64 each"
    )
    parser.add_argument(
        "--steps", type=whole(1, MAX_STEPS), metavar="N", help="of each job (default: as the recipe says)"
    )


def _measure_batch(chosen: argparse.Namespace) -> Shown:
    from nst_engine.bench.batch import Work, batches_table, measure_batches  # noqa: PLC0415 - imports torch
    from nst_engine.bench.ceilings import Ceilings  # noqa: PLC0415 - imports torch
    from nst_engine.images import read_picture  # noqa: PLC0415 - needs Pillow
    from nst_engine.stylize import stylize_together  # noqa: PLC0415 - imports torch

    params = StylizeParams(preset=chosen.preset, size=chosen.size, steps=chosen.steps)
    with working_folder() as folder:
        pair = pairs_of(chosen, folder, 1)[0]
        job = (read_picture(pair.content, name="content"), [read_picture(pair.style, name="style")])
    work = Work(name=pair.name, job=job, params=params)
    network = network_of(chosen)
    measured = measure_batches(network, work, chosen.jobs, stylize_together, Ceilings(network.device))
    return Shown(report=measured, table=batches_table(measured), draw=lambda figure: plot_batches(figure, measured))


_SUBJECTS = (
    _Subject(
        name="iteration",
        summary="evaluations of the network against this machine's ceiling",
        add_options=_iteration_options,
        measure=_measure_iteration,
    ),
    _Subject(
        name="convergence",
        summary="the bounded solver against torch.optim.LBFGS on neural-style-pt's loss",
        add_options=_convergence_options,
        measure=_measure_convergence,
    ),
    _Subject(
        name="peers",
        summary="whole processes against other programs: time, memory, losses and looks",
        add_options=_peers_options,
        measure=_measure_peers,
    ),
    _Subject(
        name="memory",
        summary="the peak of a fresh process at each size",
        add_options=_memory_options,
        measure=_measure_memory,
    ),
    _Subject(
        name="batch",
        summary="jobs painted together against one after the other",
        add_options=_batch_options,
        measure=_measure_batch,
    ),
)
