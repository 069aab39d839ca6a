"""From files to a file: the summary is that of what was written."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from nst_engine.contract.events import Finished, Started, Stopped, Summary
from nst_engine.contract.params import StylizeParams
from nst_engine.contract.presets import PRESETS
from nst_engine.errors import BadInput, BadPicture, OutOfMemory
from nst_engine.images import read_picture
from nst_engine.objective import Objective
from nst_engine.paint import paint
from nst_engine.pixels import to_picture, to_tensor
from nst_engine.vgg import Vgg19
from tests.fake_network import random_picture, random_tensor, tiny_network

CPU = torch.device("cpu")
PARAMS = StylizeParams(size=64, steps=3)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    content, style = tmp_path / "content.png", tmp_path / "style.png"
    random_picture(64, 48, seed=1).save(content)
    random_picture(64, 64, seed=2).save(style)
    return content, style


def summary_of(files: tuple[Path, Path], output: Path) -> Summary:
    last = list(paint(files[0], [files[1]], PARAMS, output, tiny_network()))[-1]
    assert isinstance(last, Finished)
    return last.summary


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_losses_are_those_of_the_written_file(files: tuple[Path, Path], tmp_path: Path, suffix: str) -> None:
    output = tmp_path / f"out{suffix}"
    summary = summary_of(files, output)
    pictures = [
        to_tensor(Image.open(path).convert("RGB"), size, CPU)
        for path, size in ((files[0], (64, 48)), (files[1], (64, 64)))
    ]
    objective = Objective(PRESETS[PARAMS.preset], tiny_network(), pictures[0], [pictures[1]])
    found = objective(to_tensor(read_picture(output, name="result"), (64, 48), CPU))
    assert summary.content_loss == pytest.approx(found.content.item(), rel=1e-4)
    assert summary.style_loss == pytest.approx(found.style.item(), rel=1e-4)


@pytest.mark.parametrize(
    ("size", "painted"), [((400, 90), (64, 14)), ((4000, 20), (64, 1)), ((20, 4000), (1, 64)), ((128, 32), (64, 16))]
)
def test_a_result_may_be_narrower_than_an_input_must_be(
    size: tuple[int, int], painted: tuple[int, int], tmp_path: Path
) -> None:
    content, output = tmp_path / "content.png", tmp_path / "out.png"
    random_picture(*size, seed=1).save(content)
    summary = summary_of((content, content), output)
    assert (summary.width, summary.height) == painted
    with Image.open(output) as written:
        assert written.size == painted
    photo = to_tensor(random_picture(*size, seed=1), painted, CPU)
    found = Objective(PRESETS[PARAMS.preset], tiny_network(), photo, [photo])(
        to_tensor(read_picture(output, name="result", min_side_px=1), painted, CPU)
    )
    assert summary.content_loss == pytest.approx(found.content.item(), rel=1e-4)


def test_the_summary_tells_size_steps_time_memory_and_device(files: tuple[Path, Path], tmp_path: Path) -> None:
    summary = summary_of(files, tmp_path / "out.png")
    assert (summary.width, summary.height, summary.steps) == (64, 48, 3)
    assert summary.seconds > 0
    assert summary.peak_memory_bytes > 10_000_000
    assert summary.device.startswith("cpu")


def test_a_bad_picture_is_named(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match="style"):
        list(paint(files[0], [tmp_path / "none.png"], PARAMS, tmp_path / "out.png", tiny_network()))


def test_an_output_that_cannot_be_written_is_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        list(paint(files[0], [files[1]], PARAMS, tmp_path / "none" / "out.png", tiny_network()))


def test_a_stopped_job_leaves_no_file(files: tuple[Path, Path], tmp_path: Path) -> None:
    output = tmp_path / "out.png"
    events = list(paint(files[0], [files[1]], PARAMS, output, tiny_network(), should_stop=lambda: True))
    assert [type(event) for event in events] == [Started, Stopped]
    assert not output.exists()


def test_a_full_gpu_memory_is_our_own_error(files: tuple[Path, Path], tmp_path: Path) -> None:
    network = tiny_network()

    class Full(Vgg19):
        def features(self, *args: object, **kwargs: object) -> dict[str, torch.Tensor]:
            raise torch.OutOfMemoryError("CUDA out of memory")

    full = Full(network.kernels, network.mean, network.deviation)
    with pytest.raises(OutOfMemory, match="64 pixels"):
        list(paint(files[0], [files[1]], PARAMS, tmp_path / "out.png", full))


@pytest.mark.parametrize(
    "picture", [random_picture(20, 30), Image.new("RGB", (5, 4), (0, 128, 255))], ids=["random", "plain"]
)
def test_a_picture_survives_the_way_to_a_tensor_and_back(picture: Image.Image) -> None:
    assert to_picture(to_tensor(picture, picture.size, CPU)).tobytes() == picture.tobytes()


def test_values_beyond_the_box_are_clipped_and_rounded() -> None:
    tensor = torch.tensor([-0.5, 0.5 / 255 + 0.001, 1.5]).view(1, 3, 1, 1)
    assert to_picture(tensor).getpixel((0, 0)) == (0, 1, 255)
    assert random_tensor(1).item() <= 1
