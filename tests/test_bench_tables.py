"""Tables for people."""

from nst_engine.bench.tables import heading, mebibytes, number, table
from tests.bench_samples import MACHINE


def test_columns_are_as_wide_as_their_longest_word() -> None:
    assert table(("pair", "J"), [("a", "1.0"), ("longer", "22.5")]).splitlines() == [
        "pair       J",
        "a        1.0",
        "longer  22.5",
    ]


def test_what_was_not_reached_says_so() -> None:
    assert number(None, ".2f") == "never"
    assert number(1.234, ".2f") == "1.23"


def test_memory_is_in_mebibytes() -> None:
    assert mebibytes(3 * 2**20) == "3 MiB"


def test_the_heading_names_machine_versions_date_and_both_ceilings() -> None:
    said = heading(MACHINE)
    for fact in ("cpu (2 threads)", "torch 2.12", "stylize-bot 0.1.0", "2026-11-23T20:00Z", "120 GFLOP/s", "8.5 GB/s"):
        assert fact in said
    assert "(100 to 130 in this run)" in said
