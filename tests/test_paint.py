"""From files to a file: the summary is that of what was written."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from nst_engine.contract.events import Finished, Started, Stopped, Summary
from nst_engine.contract.params import Init, KeepColours, StylizeParams
from nst_engine.contract.presets import PRESETS
from nst_engine.errors import BadInput, BadPicture, OutOfMemory
from nst_engine.images import read_picture
from nst_engine.images.animation import read_animation
from nst_engine.objective import objective_of
from nst_engine.paint import TIMELAPSE_END_MS, paint, timelapse_of
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


def summary_of(
    files: tuple[Path, ...],
    output: Path,
    params: StylizeParams = PARAMS,
    masks: Sequence[Path | None] = (),
    start: Path | None = None,
    timelapse: Path | None = None,
) -> Summary:
    network = tiny_network()
    events = paint(files[0], files[1:], params, output, network, masks=masks, start=start, timelapse=timelapse)
    last = list(events)[-1]
    assert isinstance(last, Finished)
    return last.summary


def chosen(**changes: object) -> StylizeParams:
    return StylizeParams.model_validate({"size": 64, "steps": 3, **changes})


def difference(one: Path, other: Path) -> float:
    """The mean of all channels, in levels of 255."""
    pictures = [np.asarray(Image.open(path).convert("RGB"), dtype=np.float64) for path in (one, other)]
    return float(np.abs(pictures[0] - pictures[1]).mean())


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_losses_are_those_of_the_written_file(files: tuple[Path, Path], tmp_path: Path, suffix: str) -> None:
    output = tmp_path / f"out{suffix}"
    summary = summary_of(files, output)
    pictures = [
        to_tensor(Image.open(path).convert("RGB"), size, CPU)
        for path, size in ((files[0], (64, 48)), (files[1], (64, 64)))
    ]
    objective = objective_of(PRESETS[PARAMS.preset], tiny_network(), pictures[0], [pictures[1]])
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
    found = objective_of(PRESETS[PARAMS.preset], tiny_network(), photo, [photo])(
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
    ("parts", "choices", "words"),
    [
        ({"masks": [None]}, {}, "1 mask; give one for each of the 2 styles"),
        ({}, {"style_weights": (1, 2, 3)}, "3 style weights; give one for each of the 2 styles"),
        ({}, {"init": "picture"}, "that picture is needed too"),
        ({"start": Path("start.png")}, {"init": "noise"}, "is to start from noise"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused_before_a_file_is_read(
    parts: dict[str, Any], choices: dict[str, object], words: str
) -> None:
    nowhere = Path("none.png")
    with pytest.raises(BadInput, match=words):
        next(paint(nowhere, [nowhere, nowhere], chosen(**choices), nowhere, tiny_network(), **parts))


class TestMasks:
    @pytest.fixture
    def left(self, tmp_path: Path) -> Path:
        """A mask of another size than the photo, white on the left half."""
        path = tmp_path / "left.png"
        mask = Image.new("1", (40, 30))
        mask.paste(1, (0, 0, 20, 30))
        mask.save(path)
        return path

    def test_a_style_paints_where_its_mask_is_white(self, files: tuple[Path, Path], left: Path, tmp_path: Path) -> None:
        red, output = tmp_path / "red.png", tmp_path / "out.png"
        black = Image.new("L", (64, 64))
        Image.merge("RGB", [random_picture(64, 64).getchannel("R"), black, black]).save(red)
        summary_of((files[0], red), output, chosen(steps=20, init="content", tv=0.0), masks=[left])
        photo, painted = (np.asarray(Image.open(path), dtype=np.float64) for path in (files[0], output))
        changed = np.abs(painted - photo)
        assert changed[:, 48:].mean() < 0.3 * changed[:, :16].mean()

    def test_four_styles_with_weights_and_some_masks_are_painted(
        self, files: tuple[Path, Path], left: Path, tmp_path: Path
    ) -> None:
        params = chosen(style_weights=(1, 2, 3, 0))
        summary = summary_of((files[0], *[files[1]] * 4), tmp_path / "out.png", params, masks=[left, None, left, None])
        assert summary.steps == 3

    def test_a_black_mask_is_refused_by_its_number(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        black = tmp_path / "black.png"
        Image.new("L", (20, 20)).save(black)
        with pytest.raises(BadPicture, match=r"The second mask picture is black all over; white is where"):
            summary_of((*files, files[1]), tmp_path / "out.png", masks=[None, black])

    def test_a_mask_whose_white_is_lost_at_the_results_size_is_refused(
        self, files: tuple[Path, Path], tmp_path: Path
    ) -> None:
        dot = tmp_path / "dot.png"
        mask = Image.new("L", (3000, 3000))
        mask.putpixel((5, 5), 255)
        mask.save(dot)
        with pytest.raises(BadPicture, match=r"The mask picture has too little white for a result of 64×48 pixels\."):
            summary_of(files, tmp_path / "out.png", masks=[dot])


class TestKeepingColours:
    @pytest.mark.parametrize("way", [KeepColours.LUMINANCE, KeepColours.TRANSFER])
    def test_a_grey_photo_stays_grey(self, way: KeepColours, files: tuple[Path, Path], tmp_path: Path) -> None:
        grey, output = tmp_path / "grey.png", tmp_path / "out.png"
        Image.open(files[0]).convert("L").save(grey)
        summary_of((grey, files[1]), output, chosen(keep_colours=way, init="content"))
        painted = np.asarray(Image.open(output), dtype=np.int64)
        spread = painted.max(-1) - painted.min(-1)
        assert spread.max() <= (1 if way is KeepColours.LUMINANCE else 60)
        assert difference(grey, output) > 1

    def test_without_it_a_grey_photo_takes_the_styles_colours(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        grey, output = tmp_path / "grey.png", tmp_path / "out.png"
        Image.open(files[0]).convert("L").save(grey)
        summary_of((grey, files[1]), output)
        painted = np.asarray(Image.open(output), dtype=np.int64)
        assert (painted.max(-1) - painted.min(-1)).mean() > 20


def test_a_painting_goes_on_from_the_picture_that_is_given(files: tuple[Path, Path], tmp_path: Path) -> None:
    start, output = tmp_path / "start.png", tmp_path / "out.png"
    random_picture(64, 48, seed=9).save(start)
    summary_of(files, output, chosen(steps=2, init=Init.PICTURE), start=start)
    assert difference(output, start) < 0.3 * difference(output, files[0])


class TestTimelapse:
    def test_it_goes_from_the_start_to_the_result_and_rests_there(
        self, files: tuple[Path, Path], tmp_path: Path
    ) -> None:
        output, timelapse = tmp_path / "out.png", tmp_path / "way.png"
        params = chosen(steps=6, init="content", timelapse_frames=4)
        summary_of(files, output, params, timelapse=timelapse)
        way = read_animation(timelapse, name="timelapse", max_frames=120)
        assert way.durations_ms == (83, 83, 83, TIMELAPSE_END_MS)
        assert way.frames[0].tobytes() == Image.open(files[0]).tobytes()
        assert way.frames[-1].tobytes() == Image.open(output).tobytes()
        assert way.loop == 0

    def test_of_two_steps_there_are_no_more_pictures_than_changes(
        self, files: tuple[Path, Path], tmp_path: Path
    ) -> None:
        timelapse = tmp_path / "way.webp"
        params = chosen(steps=2, init="content", timelapse_frames=40)
        summary_of(files, tmp_path / "out.png", params, timelapse=timelapse)
        assert len(read_animation(timelapse, name="timelapse", max_frames=120).frames) in (2, 3)

    def test_without_a_file_for_it_there_is_none(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        before = set(tmp_path.iterdir())
        summary_of(files, tmp_path / "out.png", chosen(timelapse_frames=4))
        assert set(tmp_path.iterdir()) - before == {tmp_path / "out.png"}

    def test_a_stopped_job_leaves_none(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        output, timelapse = tmp_path / "out.png", tmp_path / "way.webp"
        params = chosen(timelapse_frames=4)
        events = paint(
            files[0], [files[1]], params, output, tiny_network(), timelapse=timelapse, should_stop=lambda: True
        )
        assert list(events)[-1] == Stopped()
        assert not timelapse.exists()

    def test_a_single_picture_is_shown_as_long_as_an_end(self) -> None:
        assert timelapse_of([random_picture(8, 8)]).durations_ms == (TIMELAPSE_END_MS,)


class TestAnimations:
    @pytest.fixture
    def moving(self, tmp_path: Path) -> Path:
        path = tmp_path / "moving.gif"
        frames = [random_picture(40, 30, seed=seed) for seed in range(3)]
        frames[0].save(path, save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0)
        return path

    def test_a_content_that_moves_becomes_an_animation_with_its_durations(
        self, moving: Path, files: tuple[Path, Path], tmp_path: Path
    ) -> None:
        output = tmp_path / "out.webp"
        summary = summary_of((moving, files[1]), output, chosen(frames=8))
        painted = read_animation(output, name="result", max_frames=8)
        assert painted.durations_ms == (100, 200, 300)
        assert {frame.size for frame in painted.frames} == {(summary.width, summary.height)} == {(64, 48)}
        assert summary.steps > 3

    def test_one_frame_is_a_still_picture(self, moving: Path, files: tuple[Path, Path], tmp_path: Path) -> None:
        assert summary_of((moving, files[1]), tmp_path / "out.jpg").steps == 3

    def test_a_still_picture_stays_one_however_many_frames_there_may_be(
        self, files: tuple[Path, Path], tmp_path: Path
    ) -> None:
        one, several = tmp_path / "one.png", tmp_path / "several.png"
        for output, frames in ((one, 1), (several, 9)):
            summary_of(files, output, chosen(frames=frames))
        assert one.read_bytes() == several.read_bytes()

    def test_a_file_that_cannot_hold_frames_is_refused_before_painting(
        self, moving: Path, files: tuple[Path, Path], tmp_path: Path
    ) -> None:
        with pytest.raises(BadInput, match=r"out\.jpg has \.jpg; an animation is written as"):
            next(paint(moving, [files[1]], chosen(frames=8), tmp_path / "out.jpg", tiny_network()))

    def test_a_timelapse_that_cannot_be_written_is_refused_before_painting(
        self, files: tuple[Path, Path], tmp_path: Path
    ) -> None:
        output, timelapse = tmp_path / "out.png", tmp_path / "way.jpg"
        with pytest.raises(BadInput, match=r"way\.jpg has \.jpg; an animation is written as"):
            next(paint(files[0], [files[1]], PARAMS, output, tiny_network(), timelapse=timelapse))


PLAIN = Image.new("RGB", (64, 64), (90, 90, 90))


@pytest.mark.parametrize(
    ("content", "style"),
    [
        (PLAIN, random_picture(64, 64)),
        (random_picture(64, 64), PLAIN),
        (PLAIN, PLAIN),
        (random_picture(64, 64), random_picture(64, 64)),
        (Image.new("RGB", (64, 64)), Image.new("RGB", (64, 64), (255, 255, 255))),
        (random_picture(600, 16), random_picture(16, 600)),
        (random_picture(64, 64), random_picture(16, 16)),
    ],
    ids=["plain photo", "plain style", "both plain", "the same", "black and white", "ribbons", "tiny style"],
)
@pytest.mark.parametrize("way", list(KeepColours))
def test_odd_pictures_are_painted(content: Image.Image, style: Image.Image, way: KeepColours, tmp_path: Path) -> None:
    paths = tmp_path / "content.png", tmp_path / "style.png"
    content.save(paths[0])
    style.save(paths[1])
    summary = summary_of(paths, tmp_path / "out.png", chosen(keep_colours=way))
    assert math.isfinite(summary.content_loss + summary.style_loss)


@pytest.mark.parametrize(
    "picture", [random_picture(20, 30), Image.new("RGB", (5, 4), (0, 128, 255))], ids=["random", "plain"]
)
def test_a_picture_survives_the_way_to_a_tensor_and_back(picture: Image.Image) -> None:
    assert to_picture(to_tensor(picture, picture.size, CPU)).tobytes() == picture.tobytes()


def test_values_beyond_the_box_are_clipped_and_rounded() -> None:
    tensor = torch.tensor([-0.5, 0.5 / 255 + 0.001, 1.5]).view(1, 3, 1, 1)
    assert to_picture(tensor).getpixel((0, 0)) == (0, 1, 255)
    assert random_tensor(1).item() <= 1
