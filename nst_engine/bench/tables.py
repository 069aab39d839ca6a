"""Rows of words as a table for people. Knows nothing of what was measured."""

from collections.abc import Sequence

from nst_engine.bench.ceilings import Machine

NOT_REACHED = "never"


def heading(machine: Machine) -> str:
    """Two lines above every table: where, when, and what this machine can do at best."""
    low, high = machine.matrix_product_lowest, machine.matrix_product_highest
    return (
        f"{machine.device}, torch {machine.torch}, stylize-bot {machine.program}, {machine.date}\n"
        f"fp32 matrix product {machine.matrix_product_gflop_per_second:.0f} GFLOP/s "
        f"({low:.0f} to {high:.0f} in this run), copy {machine.copy_gigabytes_per_second:.1f} GB/s"
    )


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they must be, the first to the left and the others to the right."""
    widths = [max(len(row[k]) for row in (columns, *rows)) for k in range(len(columns))]
    return "\n".join(_line(row, widths) for row in (columns, *rows))


def number(value: float | None, form: str) -> str:
    """A number in a format such as ".2f", or that it was never reached."""
    return NOT_REACHED if value is None else format(value, form)


def mebibytes(size: float) -> str:
    return f"{size / 2**20:.0f} MiB"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [word.rjust(width) for word, width in zip(row, widths, strict=True)]
    return "  ".join((row[0].ljust(widths[0]), *padded[1:])).rstrip()
