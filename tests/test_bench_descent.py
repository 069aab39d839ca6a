"""The two solvers that are compared."""

import pytest
import torch

from nst_engine.bench.descent import REFERENCE_HISTORY, Reference, bounded
from nst_engine.bench.gram_objective import GramObjective
from nst_engine.bench.loss_weights import NEURAL_STYLE
from tests.fake_network import random_tensor, tiny_network

CONTENT = random_tensor(1, 3, 32, 24, seed=1)
STYLE = random_tensor(1, 3, 40, 40, seed=2)


def objective() -> GramObjective:
    return GramObjective(NEURAL_STYLE, tiny_network(), CONTENT, STYLE)


def test_ours_stays_within_the_range_of_a_picture_and_never_rises() -> None:
    steps = list(bounded(objective(), CONTENT, STYLE, 6))
    assert [step.evaluations for step in steps] == [1, 2, 3, 4, 5, 6]
    assert all(step.picture.min() >= 0.0 and step.picture.max() <= 1.0 for step in steps)
    losses = [step.internal for step in steps]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]
    assert [step.seconds for step in steps] == sorted(step.seconds for step in steps)


def test_every_step_keeps_its_own_picture() -> None:
    found = objective()
    steps = list(bounded(found, CONTENT, STYLE, 5))
    assert [found.total(step.picture) for step in steps] == pytest.approx([step.internal for step in steps], rel=1e-5)


def test_the_reference_is_torchs_solver_on_levels_of_0_to_255() -> None:
    found = objective()
    levels = (255.0 * CONTENT).clone().requires_grad_()
    optimizer = torch.optim.LBFGS(
        [levels], max_iter=6, tolerance_grad=-1, tolerance_change=-1, history_size=REFERENCE_HISTORY
    )

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss: torch.Tensor = found(levels / 255.0).total.sum()
        loss.backward()  # type: ignore[no-untyped-call]  # torch has no types for it
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]  # the same
    end, watched = Reference(objective(), CONTENT).run(6, watch_every=2)
    torch.testing.assert_close(end.picture, levels.detach() / 255.0)
    assert end.evaluations == 6
    assert end.internal == pytest.approx(found.total(levels.detach() / 255.0))
    assert [step.evaluations for step in watched] == [0, 2, 4]
    torch.testing.assert_close(watched[0].picture, CONTENT)
