"""How much may be evaluated at once: less where less is free, and never so little that nothing could be painted."""

from pathlib import Path

import pytest
import torch

from nst_engine import memory
from nst_engine.memory import free_bytes, history_that_fits, is_out_of_memory, tile_side
from nst_engine.tiles import GRID_PX, SMALLEST_TILE_PX

CPU = torch.device("cpu")


def test_this_machine_has_memory_left() -> None:
    assert free_bytes(CPU) > 2**20


def test_a_picture_of_ordinary_size_is_not_cut() -> None:
    assert tile_side(CPU, torch.float32, 1, 170, 256, 80) >= 256


def test_a_huge_picture_is_cut_along_the_grid() -> None:
    side = tile_side(CPU, torch.float32, 1, 8192, 8192, 80)
    assert SMALLEST_TILE_PX <= side < 8192
    assert side % GRID_PX == 0


def test_a_batch_of_pictures_shares_the_memory() -> None:
    alone, many = (tile_side(CPU, torch.float32, pictures, 4096, 4096, 80) for pictures in (1, 4))
    assert many < alone


def test_a_huge_picture_has_a_shorter_history_but_has_one() -> None:
    assert history_that_fits(12, CPU, 3 * 256 * 256) == 12
    assert history_that_fits(12, CPU, 10**12) == 3


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 9 bytes"), True),
        (RuntimeError("shapes do not match"), False),
        (ValueError("DefaultCPUAllocator"), False),
    ],
)
def test_full_memory_is_told_from_other_errors(error: Exception, is_memory: bool) -> None:
    assert is_out_of_memory(error) is is_memory


@pytest.mark.parametrize(("limit", "used", "left"), [("1000", "400", 600), ("max", "400", None), ("1000", "", None)])
def test_a_containers_limit_counts_where_there_is_one(tmp_path: Path, limit: str, used: str, left: int | None) -> None:
    files = (tmp_path / "max", tmp_path / "current")
    for file, text in zip(files, (limit, used), strict=True):
        file.write_text(text + "\n")
    assert memory._container_free(files) == left


def test_without_a_container_there_is_no_limit(tmp_path: Path) -> None:
    assert memory._container_free((tmp_path / "none", tmp_path / "neither")) is None
