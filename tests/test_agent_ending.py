"""What the queue is told about a painting: a table of how it ended and of who wanted it to end."""

import pytest

from nst_engine.agent.ending import Delivered, Ending, Halt, Lost, Unbegun, ending_after_halt
from nst_engine.contract.events import Failed, FailureReason, Stopped, Summary

SUMMARY = Summary(
    width=1, height=1, steps=1, seconds=1.0, peak_memory_bytes=0, content_loss=0.0, style_loss=0.0, device="cpu"
)
DELIVERED = Delivered(result_blob="key", result_format="png", summary=SUMMARY)
FAILED = Failed(reason=FailureReason.NOT_FINITE, detail="the loss was not a finite number")
LOST = Lost(detail="the GPU child was killed")
UNASKED = Lost(detail="the GPU child stopped, though nobody had asked it to")


@pytest.mark.parametrize(
    ("ending", "halt", "told"),
    [
        (DELIVERED, None, DELIVERED),
        (DELIVERED, Halt.CANCEL, DELIVERED),
        (DELIVERED, Halt.DRAIN, DELIVERED),
        (DELIVERED, Halt.FENCED, None),
        (FAILED, None, FAILED),
        (FAILED, Halt.CANCEL, FAILED),
        (FAILED, Halt.FENCED, None),
        (Stopped(), None, UNASKED),
        (Stopped(), Halt.CANCEL, Stopped()),
        (Stopped(), Halt.DRAIN, Unbegun()),
        (Stopped(), Halt.FENCED, None),
        (Unbegun(), None, Unbegun()),
        (Unbegun(), Halt.CANCEL, Stopped()),
        (LOST, None, LOST),
        (LOST, Halt.CANCEL, Stopped()),
        (LOST, Halt.DRAIN, Unbegun()),
        (LOST, Halt.FENCED, None),
    ],
)
def test_what_is_told_follows_from_how_it_ended_and_who_wanted_it(
    ending: Ending, halt: Halt | None, told: Ending | None
) -> None:
    assert ending_after_halt(ending, halt) == told
