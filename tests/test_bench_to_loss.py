"""Painting until the written picture has a given loss, with the real network."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from nst_engine.bench.gram_objective import GramObjective
from nst_engine.bench.loss_weights import NEURAL_STYLE
from nst_engine.bench.to_loss import Answer, Target, command, main, paint_to_loss
from nst_engine.images import read_picture
from nst_engine.pixels import to_tensor
from nst_engine.weights import load_network
from tests.bench_samples import random_pair


def target(folder: Path, loss: float) -> Target:
    pair = random_pair(folder)
    return Target(
        content=pair.content,
        style=pair.style,
        output=folder / "out.png",
        size=64,
        style_size=48,
        weights=NEURAL_STYLE,
        loss=loss,
        evaluations=3,
    )


def test_it_stops_where_the_file_has_the_loss(tmp_path: Path) -> None:
    wanted = target(tmp_path, loss=1e30)
    answer = paint_to_loss(wanted, "cpu", "pastiche")
    assert (answer.reached, answer.evaluations) == (True, 1)
    cpu = torch.device("cpu")
    content, style = (
        to_tensor(read_picture(path, name="picture"), size, cpu)
        for path, size in (
            (wanted.content, (64, 48)),
            (wanted.style, (43, 48)),
        )
    )
    written = to_tensor(Image.open(wanted.output), (64, 48), cpu)
    loss = GramObjective(NEURAL_STYLE, load_network("pastiche", cpu), content, style).total(written)
    again = paint_to_loss(target(tmp_path, loss=loss * 1.0001), "cpu", "pastiche")
    assert again.evaluations == 1


def test_it_says_where_it_did_not_come_to_the_loss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = command(target(tmp_path, loss=0.0), device="cpu", network="pastiche")
    assert words[1:3] == ("-m", "nst_engine.bench.to_loss")
    assert main(words[3:]) == 0
    answer = Answer.model_validate_json(capsys.readouterr().out)
    assert (answer.reached, answer.evaluations) == (False, 3)
    assert (tmp_path / "out.png").exists()
