"""`bench` as a person meets it: one sentence for a mistake, one JSON object for a program."""

import json
from pathlib import Path

import pytest

from nst_engine import cli
from nst_engine.bench.convergence import summary
from nst_engine.bench_command import as_facts
from tests.bench_samples import MACHINE, random_pair
from tests.test_bench_convergence import PAIR

SUBJECTS = ("iteration", "convergence", "peers", "memory", "batch")


def run(*arguments: object) -> int:
    try:
        return cli.main(["bench", *map(str, arguments)])
    except SystemExit as exit_:
        return int(exit_.code or 0)


def test_a_report_is_one_flat_object_with_the_machine_first() -> None:
    facts = json.loads(json.dumps(as_facts(summary(MACHINE, [PAIR]))))
    assert list(facts)[:3] == ["device", "threads", "torch"]
    assert facts["matrix_product_gflop_per_second"] == 120.0
    assert facts["pairs"][0]["reference"]["delivered"] == 2e7
    assert "machine" not in facts


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_option_is_explained(subject: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(subject, "--help") == 0
    said = " ".join(capsys.readouterr().out.split())
    for option in ("--json", "--plot", "--device", "--weights"):
        assert option in said
    assert "64 to 8192 pixels (default: " in said


MISTAKES = (
    ((), "SUBJECT"),
    (("beauty",), "invalid choice"),
    (("iteration", "--sizes", "63"), "from 64 to 8192"),
    (("iteration", "--repeats", "0"), "from 1 to 1000"),
    (("iteration", "--weights", "none.pth"), "none.pth"),
    (("convergence", "--pairs", "none"), "no such folder"),
    (("convergence", "--pairs", "."), "has no pairs"),
    (("convergence", "--pair", "none.png", "none.png"), "none.png"),
    (("convergence", "--pair", "none.png"), "expected 2 arguments"),
    (("convergence", "--pairs", ".", "--pair", "a", "b"), "not allowed with"),
    (("convergence", "--iterations", "many"), "from 1 to 10000"),
    (("peers", "--crowsonkb", "."), "no checkout"),
    (("peers", "--neural-style", "nowhere-at-all"), "no such program"),
    (("memory", "--plot", "plot.pdf"), ".svg"),
    (("memory", "--plot", "none/plot.png"), "no such folder"),
    (("batch", "--jobs", "65"), "from 1 to 64"),
    (("batch", "--device", "abacus"), "choose from"),
)


@pytest.mark.parametrize(("arguments", "word"), MISTAKES, ids=[" ".join(arguments) for arguments, _ in MISTAKES])
def test_a_mistake_is_one_sentence_and_exit_2(
    arguments: tuple[str, ...],
    word: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    printed = capsys.readouterr()
    assert word in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


def test_convergence_ends_in_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pair = random_pair(tmp_path)
    options = ("--size", 64, "--evaluations", 2, "--iterations", 2, "--device", "cpu", "--json")
    assert run("convergence", "--pair", pair.content, pair.style, *options) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["device"].startswith("cpu")
    assert facts["pairs"][0]["width"] == 64
