"""The commands of `python -m nst_engine`. Each imports what it needs when it runs: only two of them need torch."""

import argparse
import sys
from collections.abc import Callable, Sequence

from nst_engine.arguments import file_name, whole
from nst_engine.bench_command import add_bench
from nst_engine.errors import BadInput, EngineError
from nst_engine.shell import EXIT_INTERRUPTED
from nst_engine.stylize_options import add_stylize_options
from nst_engine.stylize_request import request_of

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
    stylize = commands.add_parser("stylize", help="paint a picture")
    add_stylize_options(stylize)
    stylize.set_defaults(run=_stylize)
    serve = commands.add_parser("serve", help="take jobs from the queue and paint them")
    serve.add_argument("--config", type=file_name, required=True, metavar="FILE", help="config.toml")
    serve.add_argument("--supervised", action="store_true", help="end when stdin ends: whoever started us is gone")
    serve.set_defaults(run=_serve)
    health = commands.add_parser("health", help="say whether an engine of this machine is alive")
    health.add_argument("--config", type=file_name, required=True, metavar="FILE", help="config.toml")
    health.set_defaults(run=_health)
    check = commands.add_parser("check-picture", help="say whether the picture on stdin can be used")
    parts = ("content", "style", "mask", "start")
    check.add_argument("--name", default="content", choices=parts, help="what it is, and is called in messages")
    check.set_defaults(run=_check_picture)
    small = commands.add_parser("thumbnail", help="make a small JPEG of the picture on stdin")
    small.add_argument("--name", default="content", choices=parts, help="what it is, and is called in messages")
    small.add_argument("--side", type=whole(16, 2048), default=320, metavar="PX", help="its longer side at most")
    small.set_defaults(run=_thumbnail)
    add_bench(commands.add_parser("bench", help="measure this machine"))
    return parser


def _stylize(chosen: argparse.Namespace) -> int:
    from nst_engine.stylize_command import run_stylize  # noqa: PLC0415 - needs Pillow

    run_stylize(request_of(chosen), chosen)
    return EXIT_DONE


def _serve(chosen: argparse.Namespace) -> int:
    from nst_engine.contract.settings import EngineConfig, load_config  # noqa: PLC0415 - only this command's
    from nst_engine.serve import run_serve  # noqa: PLC0415 - the same

    return run_serve(load_config(chosen.config, EngineConfig), supervised=chosen.supervised)


def _health(chosen: argparse.Namespace) -> int:
    from nst_engine.contract.settings import EngineConfig, load_config  # noqa: PLC0415 - needs the database
    from nst_engine.health import run_health  # noqa: PLC0415 - the same

    return run_health(load_config(chosen.config, EngineConfig))


def _check_picture(chosen: argparse.Namespace) -> int:
    from nst_engine.picture_check import Part, run_check  # noqa: PLC0415 - needs Pillow

    return run_check(Part(chosen.name))


def _thumbnail(chosen: argparse.Namespace) -> int:
    from nst_engine.picture_check import Part  # noqa: PLC0415 - needs Pillow
    from nst_engine.thumbnail import run_thumbnail  # noqa: PLC0415 - the same

    return run_thumbnail(Part(chosen.name), chosen.side)
