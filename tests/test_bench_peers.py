"""Whole process against whole process, with small scripts in the programs' places."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nst_engine.bench.loss_weights import NEURAL_STYLE, PASTICHE
from nst_engine.bench.peers import OwnLoss, Peers, Reached, Row, Settings, measure_peers, peers_table
from nst_engine.bench.programs import Errand, Program, same_longer_side
from nst_engine.errors import EngineError
from tests.bench_samples import MACHINE, quick_ceilings, random_pair
from tests.fake_network import tiny_network

ROW = Row(
    pair="one",
    program="pastiche",
    width=256,
    height=171,
    seconds=400.0,
    peak_memory_bytes=2**30,
    j=3e6,
    swd=0.15,
    crel=2.1,
    own=OwnLoss(loss=2e5, reached=Reached(seconds=20.0, peak_memory_bytes=2**29, evaluations=33, times_less=20.0)),
)


def _copying(errand: Errand) -> tuple[str, ...]:
    """A program that hands back the content in the size asked for."""
    program = "import sys; from PIL import Image; Image.open(sys.argv[1]).resize((64, 48)).save(sys.argv[2])"
    return (sys.executable, "-c", program, str(errand.content), str(errand.output))


def _lazy(_: Errand) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", "pass")


def program(name: str) -> Program:
    return Program(name=name, command=_copying, weights=PASTICHE, style_side=same_longer_side)


def settings(folder: Path) -> Settings:
    return Settings(size=64, evaluations=2, folder=folder, network="pastiche")


def test_every_program_paints_every_pair_and_ours_goes_for_its_loss(tmp_path: Path) -> None:
    pair = random_pair(tmp_path)
    found = measure_peers(
        tiny_network(), [pair], program("us"), [program("them")], settings(tmp_path), quick_ceilings()
    )
    us, them = found.rows
    assert (us.program, them.program) == ("us", "them")
    assert us.own is None
    assert (them.width, them.height, them.crel) == (64, 48, 0.0)  # it is the content
    assert them.own is not None
    assert them.own.loss != them.j
    assert them.own.reached is None or them.own.reached.evaluations <= 2


def test_a_program_that_writes_nothing_is_told(tmp_path: Path) -> None:
    lazy = replace(program("lazy"), command=_lazy, weights=NEURAL_STYLE)
    with pytest.raises(EngineError, match="lazy ended without a picture"):
        measure_peers(tiny_network(), [random_pair(tmp_path)], lazy, [], settings(tmp_path), quick_ceilings())


def test_the_table_has_a_row_a_program_and_its_medians_below() -> None:
    rows = (ROW, replace(ROW, pair="two", own=OwnLoss(loss=1e5, reached=None)), replace(ROW, program="us", own=None))
    lines = peers_table(Peers(machine=MACHINE, rows=rows)).splitlines()
    first = next(line for line in lines if line.startswith("one"))
    assert first.split()[-5:] == ["20.0", "512", "MiB", "33", "20.0"]
    assert next(line for line in lines if line.startswith("two")).split()[-5:] == ["1.000e+05", *["never"] * 4]
    assert lines[-2].startswith("pastiche: median 400.0 s, swd 0.150, crel 2.100; ours at its loss in 20.0 times less")
    assert lines[-1].startswith("us: median 400.0 s")
