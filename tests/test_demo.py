"""`make demo` as a person runs it: the real bot, the real queue, a real engine process and the real VGG-19."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.fake_engine import picture

PROJECT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "tests.demo")


async def demo(*arguments: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*COMMAND, *arguments, cwd=PROJECT, stdout=pipe, stderr=pipe)


@pytest.mark.slow
async def test_once_it_paints_a_picture_leaves_it_with_the_transcript_and_exits(tmp_path: Path) -> None:
    process = await demo("--once", "--out", str(tmp_path / "out"), "--size", "64")
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    with Image.open(tmp_path / "out" / "result.png") as result:
        assert result.format == "PNG"
        assert max(result.size) == 64
        assert len(result.convert("RGB").getcolors(64 * 64) or []) > 500, "a painting, not a plain area"
    transcript = (tmp_path / "out" / "transcript.txt").read_text(encoding="utf-8")
    assert set(transcript.splitlines()) <= set(out.decode().splitlines())
    for seen in ("types /stylize", "posts in #studio", "**Painting**", "stylized-", "**Finished**"):
        assert seen in transcript
    assert "http://127.0.0.1:" in out.decode(), "the address of the page"
    assert "Traceback" not in err.decode()


@pytest.mark.slow
async def test_it_goes_on_serving_until_it_is_interrupted(tmp_path: Path) -> None:
    process = await demo("--out", str(tmp_path / "out"), "--size", "64")
    assert process.stdout is not None
    async for line in process.stdout:
        if b"Still serving" in line:
            break
    process.send_signal(signal.SIGINT)
    _, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert "Traceback" not in err.decode()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--content", "no-such-file.jpg"], "the content picture no-such-file.jpg cannot be read"),
        (["--size", "5"], "5"),
        (["--size", "many"], "invalid int value"),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    process = await demo("--once", "--out", str(tmp_path / "out"), *arguments)
    _, err = await process.communicate()
    assert process.returncode == 2
    assert sentence in err.decode()
    assert "Traceback" not in err.decode()


async def test_a_picture_that_the_bot_refuses_is_told_in_the_bots_words(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(picture()[:60])
    process = await demo("--once", "--out", str(tmp_path / "out"), "--content", str(tmp_path / "broken.png"))
    _, err = await process.communicate()
    assert process.returncode == 2
    assert "Traceback" not in err.decode()
    assert "the bot refuses: The content picture" in err.decode()
