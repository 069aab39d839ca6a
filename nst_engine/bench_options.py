"""What the subjects of `bench` take on the command line, and the pairs and programs it stands for. No torch here."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nst_engine.arguments import file_name, whole
from nst_engine.contract.params import MAX_SIZE_PX, MAX_STEPS, MIN_SIZE_PX, PresetName
from nst_engine.shell import raising_on_interrupt

if TYPE_CHECKING:
    from nst_engine.bench.pairs import Pair
    from nst_engine.bench.programs import Program


def add_pairs(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--pairs",
        type=file_name,
        metavar="DIR",
        help="a folder of NAME-content.* and NAME-style.* (default: the project's own samples)",
    )
    which.add_argument(
        "--pair",
        type=file_name,
        nargs=2,
        action="append",
        metavar=("CONTENT", "STYLE"),
        help="one pair; may be given several times",
    )


def add_size(parser: argparse.ArgumentParser, default: int) -> None:
    parser.add_argument(
        "--size",
        type=whole(MIN_SIZE_PX, MAX_SIZE_PX),
        default=default,
        metavar="N",
        help=f"longer side of the results, {MIN_SIZE_PX} to {MAX_SIZE_PX} pixels (default: %(default)s)",
    )


def add_sizes(parser: argparse.ArgumentParser, default: tuple[int, ...], what: str) -> None:
    parser.add_argument(
        "--sizes",
        type=whole(MIN_SIZE_PX, MAX_SIZE_PX),
        nargs="+",
        default=default,
        metavar="N",
        help=f"{what}, {MIN_SIZE_PX} to {MAX_SIZE_PX} pixels (default: {' '.join(map(str, default))})",
    )


def add_count(parser: argparse.ArgumentParser, name: str, default: int, what: str) -> None:
    parser.add_argument(
        name,
        type=whole(1, MAX_STEPS),
        default=default,
        metavar="N",
        help=f"{what}, 1 to {MAX_STEPS} (default: %(default)s)",
    )


def add_preset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--preset",
        default=PresetName.DEFAULT.value,
        choices=[name.value for name in PresetName],
        help="our recipe (default: %(default)s)",
    )


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder for sample paintings and results, gone afterwards, on Ctrl-C too."""
    with raising_on_interrupt(), tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def pairs_of(chosen: argparse.Namespace, folder: Path, count: int | None = None) -> "tuple[Pair, ...]":
    """Raises BadInput."""
    from nst_engine.bench.pairs import SAMPLES, named_pairs, pairs_in, sample_pairs  # noqa: PLC0415 - needs Pillow

    if chosen.pairs:
        return pairs_in(chosen.pairs)
    if chosen.pair:
        return named_pairs([(content, style) for content, style in chosen.pair])
    return sample_pairs(folder, count or len(SAMPLES))


def our_program(chosen: argparse.Namespace) -> "Program":
    from nst_engine.bench.programs import ours  # noqa: PLC0415 - only two subjects need it

    return ours(chosen.preset, chosen.weights)
