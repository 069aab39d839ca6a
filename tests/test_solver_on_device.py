"""What a solver's step must be for a GPU, proven without one: no wait for the device, the same work every time.

The `meta` device has no values at all, so that any step that asks for one fails there, as does one that mixes devices.
"""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from nst_engine.adam import Adam
from nst_engine.contract.params import PresetName
from nst_engine.contract.presets import PRESETS, AdamRecipe
from nst_engine.lbfgs import Lbfgs
from nst_engine.objective import objective_of
from nst_engine.scales import Solver
from nst_engine.stylize import _Health
from nst_engine.vgg import Kernel, Vgg19
from tests.fake_network import random_tensor, tiny_network

EVERY_PRESET = pytest.mark.parametrize("name", tuple(PresetName))


def solver_on(device: str, name: PresetName, dtype: torch.dtype = torch.float32, pictures: int = 1) -> Solver:
    network = network_on(device, dtype)
    content, style = (random_tensor(pictures, 3, 40, 56, seed=seed).to(device) for seed in (1, 2))
    preset = PRESETS[name]
    objective = objective_of(preset, network, content, [style])
    if isinstance(preset.solver, AdamRecipe):
        return Adam(objective, content, preset.solver)
    return Lbfgs(objective, content, preset.solver)


def network_on(device: str, dtype: torch.dtype) -> Vgg19:
    network = tiny_network()
    if device == "meta":
        kernels = {
            layer: Kernel(*(part.to(device, dtype) for part in kernel)) for layer, kernel in network.kernels.items()
        }
        return Vgg19(kernels, network.mean.to(device), network.deviation.to(device))
    return network.to(torch.device(device), dtype)


class Written(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch has no types for it
    """Writes down every operation with its numbers and shapes."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the same
        self.operations: list[tuple[object, ...]] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        self.operations.append((str(func), *(_outline(arg) for arg in (*args, *(kwargs or {}).values()))))
        return func(*args, **(kwargs or {}))


def _outline(argument: object) -> object:
    if isinstance(argument, Tensor):
        return tuple(argument.shape), argument.dtype
    return [_outline(part) for part in argument] if isinstance(argument, list | tuple) else argument


def written(step: Callable[[], object]) -> list[tuple[object, ...]]:
    mode = Written()
    with mode:
        step()
    return mode.operations


@EVERY_PRESET
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_no_step_asks_for_a_value(name: PresetName, dtype: torch.dtype) -> None:
    solver, health = solver_on("meta", name, dtype), _Health(torch.device("meta"))
    for _ in range(3):
        assert health.watch(solver.step()).shape == (1,)


@EVERY_PRESET
def test_every_step_is_the_same_sequence_of_operations(name: PresetName) -> None:
    solver, health = solver_on("cpu", name), _Health(torch.device("cpu"))
    first, *others = [written(lambda: health.watch(solver.step())) for _ in range(15)]
    assert len(first) > 100
    for other in others:
        assert other == first


@EVERY_PRESET
def test_what_a_solver_remembers_stays_where_it_lies(name: PresetName) -> None:
    solver = solver_on("cpu", name)

    def places() -> dict[str, int]:
        parts = [vars(solver), vars(vars(solver).get("_pairs", solver))]
        return {
            f"{number}{key}": value.data_ptr()
            for number, part in enumerate(parts)
            for key, value in part.items()
            if isinstance(value, Tensor)
        }

    before = places()
    for _ in range(3):
        solver.step()
    assert len(before) >= 5
    assert places() == before


@EVERY_PRESET
def test_pictures_of_a_batch_are_optimised_as_if_alone(name: PresetName) -> None:
    network, preset = tiny_network(torch.float64), PRESETS[name]
    contents = random_tensor(2, 3, 40, 56, seed=1, dtype=torch.float64)
    style = random_tensor(1, 3, 40, 56, seed=2, dtype=torch.float64)

    def answer(content: Tensor, styles: int) -> Tensor:
        objective = objective_of(preset, network, content, [style.expand(styles, -1, -1, -1)])
        recipe = preset.solver
        solver: Solver = (
            Adam(objective, content, recipe) if isinstance(recipe, AdamRecipe) else Lbfgs(objective, content, recipe)
        )
        for _ in range(6):
            solver.step()
        return solver.picture

    both = answer(contents, 2)
    for k in range(2):
        assert torch.allclose(both[k : k + 1], answer(contents[k : k + 1], 1), atol=1e-6)


@EVERY_PRESET
def test_bfloat16_convolutions_track_float32(name: PresetName) -> None:
    exact, rough = (solver_on("cpu", name, dtype) for dtype in (torch.float32, torch.bfloat16))
    first, second = exact.step(), rough.step()
    assert second.item() == pytest.approx(first.item(), rel=0.03)  # few channels: rounding does not average out
    assert rough.picture.dtype == torch.float32
