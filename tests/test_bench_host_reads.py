"""How often work waits for a value to arrive at the host."""

import torch

from nst_engine.bench.host_reads import host_reads

CPU = torch.device("cpu")


def test_arithmetic_reads_nothing() -> None:
    x = torch.ones(3)
    assert host_reads(lambda: torch.where(x > 0.0, x @ x, x.sum()), CPU) == 0


def test_every_value_that_the_host_asks_for_is_counted() -> None:
    x = torch.ones(3)
    assert host_reads(lambda: (x.sum().item(), float(x[0]), bool(x[0] > 0.0)), CPU) == 3
