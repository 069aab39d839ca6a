"""Recording steps: when it begins, what it needs, and what happens where it cannot be done."""

import pytest
import torch
from torch import Tensor

from nst_engine.graphs import CALLS_BEFORE_RECORDING, CudaRecorder, Recorded, Step, recorded


class Notebook:
    """Stands where the CUDA recorder stands, and notes what it is asked for."""

    def __init__(self, *, works: bool = True) -> None:
        self.done: list[str] = []
        self.kept_up = 0
        self._works = works

    def call(self, step: Step) -> Tensor:
        self.done.append("call")
        return step()

    def record(self, step: Step) -> Step:
        self.done.append("record")
        if not self._works:
            raise RuntimeError("operation not permitted when stream is capturing")

        def replay() -> Tensor:
            self.done.append("replay")
            return step()

        return replay

    def keep_up(self) -> None:
        self.kept_up += 1


def step() -> Tensor:
    return torch.ones(1)


def test_a_step_is_called_a_few_times_then_recorded_once_and_replayed() -> None:
    notebook = Notebook()
    repeated = Recorded(step, notebook)
    for _ in range(CALLS_BEFORE_RECORDING + 2):
        assert repeated().item() == 1.0
    assert notebook.done == ["call"] * CALLS_BEFORE_RECORDING + ["record", "replay", "replay"]


def test_what_cannot_be_recorded_is_called_on_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    notebook = Notebook(works=False)
    repeated = Recorded(step, notebook)
    for _ in range(CALLS_BEFORE_RECORDING + 3):
        repeated()
    assert notebook.done.count("record") == 1
    assert notebook.done.count("call") == CALLS_BEFORE_RECORDING + 3
    assert len(caplog.records) == 1
    assert "capturing" in caplog.text


def test_on_the_cpu_a_step_stays_as_it_is() -> None:
    assert recorded(step, torch.device("cpu"), 1000) is step


def test_a_few_calls_are_not_worth_recording_but_are_kept_up_with() -> None:
    notebook = Notebook()
    repeated = Recorded(step, notebook, worth_it=False)
    for _ in range(10):
        repeated()
    assert notebook.done == ["call"] * 10
    assert notebook.kept_up == 10


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="records on a CUDA device")
def test_a_recorded_step_computes_what_the_step_does() -> None:
    x = torch.zeros(1, device="cuda")

    def count() -> Tensor:
        x.add_(1.0)
        return x * 2.0

    repeated = Recorded(count, CudaRecorder(x.device))
    assert [repeated().item() for _ in range(6)] == [2.0, 4.0, 6.0, 8.0, 10.0, 12.0]
