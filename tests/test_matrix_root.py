"""Square roots of matrices by eigenvalues and by products alone: the same answer, and the right gradient."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from nst_engine.matrix_root import _ByEigenvalues, _ByNewtonSchulz, newton_schulz, tall_root, trace_of_root
from tests.fake_network import random_tensor


def positive(*batch: int, size: int = 6, condition: float = 1e3) -> Tensor:
    """Symmetric, with eigenvalues spread evenly on a logarithmic scale."""
    q, _ = torch.linalg.qr(random_tensor(*batch, size, size, dtype=torch.float64))
    values = torch.logspace(0, -torch.log10(torch.tensor(condition)).item(), size, dtype=torch.float64)
    k: Tensor = (q * values) @ q.mT
    return k


def test_a_root_times_its_transpose_is_the_matrix() -> None:
    k = positive(2)
    found = tall_root(k, 1000)
    assert found.shape == (2, 6, 6)
    assert torch.allclose(found @ found.mT, k)


def test_a_root_in_fewer_directions_keeps_the_largest() -> None:
    k = torch.diag_embed(torch.tensor([[4.0, 0.0, 1.0, 0.5]]))
    found = tall_root(k, 2)
    assert found.shape == (1, 4, 2)
    assert torch.allclose(found @ found.mT, torch.diag_embed(torch.tensor([[4.0, 0.0, 1.0, 0.0]])), atol=1e-6)


def test_newton_schulz_finds_the_root_and_its_inverse() -> None:
    k = positive(3)
    found, inverse = newton_schulz(k, steps=24)
    assert torch.allclose(found @ found, k, atol=1e-9)
    assert torch.allclose(found @ inverse, torch.eye(6, dtype=torch.float64).expand(3, 6, 6), atol=1e-6)


def test_what_newton_schulz_has_not_reached_is_too_small_and_never_too_large() -> None:
    values = torch.tensor([1.0, 1e-4, 1e-12], dtype=torch.float64)
    _, inverse = newton_schulz(torch.diag(values)[None])
    assert (inverse[0].diagonal() <= values.rsqrt() * 1.001).all()
    assert inverse[0, 0, 0].item() == pytest.approx(1.0, rel=1e-3)


@pytest.mark.parametrize("way", [_ByEigenvalues.apply, _ByNewtonSchulz.apply], ids=["eigenvalues", "products"])
def test_the_gradient_of_the_trace_is_right(way: Callable[[Tensor, Tensor], Tensor]) -> None:
    k = positive(2, size=4, condition=50.0)
    least = torch.full((2,), 1e-9, dtype=torch.float64)

    def of_symmetric(x: Tensor) -> Tensor:
        return way((x + x.mT) / 2, least)

    assert torch.autograd.gradcheck(of_symmetric, (k.requires_grad_(),), rtol=1e-3)


def test_both_ways_agree_in_float32_on_a_covariance_of_many_channels() -> None:
    x = random_tensor(400, 64)
    k = (x.T @ x / 400)[None]
    least = torch.full((1,), 1e-6)
    by_eigenvalues, by_products = _ByEigenvalues.apply(k, least), _ByNewtonSchulz.apply(k, least)  # type: ignore[no-untyped-call]  # torch has no types for it
    assert by_products.item() == pytest.approx(by_eigenvalues.item(), rel=1e-3)


@pytest.mark.parametrize("way", [_ByEigenvalues.apply, _ByNewtonSchulz.apply], ids=["eigenvalues", "products"])
def test_a_matrix_of_rounding_errors_has_a_finite_root_and_gradient(way: Callable[[Tensor, Tensor], Tensor]) -> None:
    x = 1e-7 * (random_tensor(1, 40, 40) - 0.5)
    k = (x + x.mT).requires_grad_()
    traces = way(k, torch.full((1,), 1e-20))
    (gradient,) = torch.autograd.grad(traces.sum(), k)
    assert torch.isfinite(traces).all()
    assert torch.isfinite(gradient).all()


def test_what_is_no_number_becomes_none_and_is_no_error_here() -> None:
    k = torch.eye(3).expand(2, 3, 3).clone()
    k[1, 0, 0] = torch.nan
    traces = trace_of_root(k, torch.full((2,), 1e-6))
    assert traces[0].item() == pytest.approx(3.0)
    assert not torch.isfinite(traces[1])
    assert not torch.isfinite(tall_root(k, 3)[1]).all()


def test_equal_eigenvalues_have_a_finite_gradient() -> None:
    k = torch.eye(5)[None].requires_grad_()
    (gradient,) = torch.autograd.grad(trace_of_root(k, torch.full((1,), 1e-6)).sum(), k)
    assert torch.allclose(gradient, 0.5 * torch.eye(5)[None])
