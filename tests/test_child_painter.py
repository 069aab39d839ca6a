"""What a GPU child keeps from job to job, on a tiny network: `nst_engine/child_painter.py`."""

from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from nst_engine.child_painter import WarmNetwork, warm_up_params
from nst_engine.contract.commands import Paint
from nst_engine.contract.events import Finished, Started
from nst_engine.contract.params import MIN_SIZE_PX, Init, StylizeParams
from nst_engine.contract.presets import stages_of
from nst_engine.errors import BadPicture
from nst_engine.stylize import never
from tests.fake_network import random_picture, tiny_network


@pytest.fixture(scope="module")
def painter() -> WarmNetwork:
    return WarmNetwork(tiny_network(), report_every_seconds=1000.0)


def save(picture: Image.Image, path: Path) -> Path:
    picture.save(path, "PNG")
    return path


def command(folder: Path, **changes: Any) -> Paint:
    """A content of 64×48 and two styles, as an agent lays them down: without a suffix."""
    styles = tuple(save(random_picture(64, 64, seed=number), folder / f"style-{number}") for number in (1, 2))
    fields: dict[str, Any] = {
        "job": "a/1",
        "content": save(random_picture(64, 48), folder / "content"),
        "styles": styles,
        "params": StylizeParams(size=64, steps=2),
        "output": folder / "result.png",
    }
    return Paint(**(fields | changes))


def paint(painter: WarmNetwork, order: Paint) -> bytes:
    events = list(painter.paint(order, never))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    return order.output.read_bytes()


def halves(left: int, right: int) -> Image.Image:
    mask = Image.new("L", (32, 32), left)
    mask.paste(right, (16, 0, 32, 32))
    return mask


def test_masks_reach_the_picture(painter: WarmNetwork, tmp_path: Path) -> None:
    without = paint(painter, command(tmp_path))
    masks = (save(halves(255, 0), tmp_path / "mask-1"), save(halves(0, 255), tmp_path / "mask-2"))
    assert paint(painter, command(tmp_path, masks=masks)) != without


def test_a_start_is_what_it_goes_on_from(painter: WarmNetwork, tmp_path: Path) -> None:
    params = StylizeParams(size=64, steps=2, init=Init.PICTURE)
    red, blue = (save(Image.new("RGB", (64, 48), colour), tmp_path / colour) for colour in ("red", "blue"))
    pictures = [paint(painter, command(tmp_path, start=start, params=params)) for start in (red, blue)]
    assert pictures[0] != pictures[1]


def test_the_way_is_kept_beside_the_result_where_it_was_asked_for(painter: WarmNetwork, tmp_path: Path) -> None:
    params = StylizeParams(size=64, steps=4, timelapse_frames=2)
    timelapse = tmp_path / "timelapse.webp"
    paint(painter, command(tmp_path, params=params, timelapse=timelapse))
    with Image.open(timelapse) as animation:
        assert (animation.format, getattr(animation, "n_frames", 1) > 1) == ("WEBP", True)


def test_a_style_that_is_known_already_gives_the_same_picture(painter: WarmNetwork, tmp_path: Path) -> None:
    first = paint(painter, command(tmp_path))
    again = paint(painter, command(tmp_path))
    painter.tidy()
    assert again == first == paint(painter, command(tmp_path))


def test_after_a_job_that_failed_the_next_is_painted(painter: WarmNetwork, tmp_path: Path) -> None:
    order = command(tmp_path)
    (tmp_path / "content").write_bytes(b"no picture")
    with pytest.raises(BadPicture):
        list(painter.paint(order, never))
    painter.tidy()
    paint(painter, command(tmp_path))


def test_a_gpu_is_warmed_up_with_every_scale_of_an_ordinary_job_and_a_processor_with_one_step() -> None:
    on_gpu, on_cpu = (warm_up_params(torch.device(name)) for name in ("cuda", "cpu"))
    ordinary = stages_of(StylizeParams(), (512, 512))
    assert [stage.size for stage in stages_of(on_gpu, (512, 512))] == [stage.size for stage in ordinary]
    assert on_gpu.steps is None  # so many that steps are recorded, too
    assert (on_cpu.size, on_cpu.steps) == (MIN_SIZE_PX, 1)


def test_only_an_error_of_the_device_breaks_it(painter: WarmNetwork) -> None:
    assert painter.is_broken_by(torch.AcceleratorError("CUDA error: an illegal memory access was encountered"))
    assert not painter.is_broken_by(RuntimeError("CUDA error: not on this processor"))
    assert not painter.is_broken_by(KeyError("conv5_1"))
