"""The bot's side of the picture check: a child process that may say anything, or nothing."""

import asyncio
import sys

import pytest

from bot.jobs.errors import CheckUnavailable
from bot.jobs.picture_check import ChildPictureCheck, PictureFacts, facts
from bot.jobs.picture_child import exchange, heard
from nst_engine.errors import BadPicture
from tests.fake_engine import picture


async def test_a_good_picture_has_a_size() -> None:
    assert await ChildPictureCheck()(picture(size=(40, 30)), role="content") == PictureFacts(width=40, height=30)


async def test_a_bad_picture_is_explained_in_words_for_its_owner() -> None:
    with pytest.raises(BadPicture, match=r"^The style picture .*\.$"):
        await ChildPictureCheck()(b"GIF89a but not really", role="style")


def test_a_good_answer_is_read_from_the_last_line() -> None:
    stdout = b'noise\n{"ok": true, "width": 4, "height": 3, "format": "PNG"}\n'
    assert facts(heard(0, stdout, b"", role="content")) == PictureFacts(width=4, height=3)


def test_frames_are_counted_and_a_check_that_does_not_count_them_means_a_still_picture() -> None:
    answer = b'{"ok": true, "width": 4, "height": 3, "format": "GIF", "frames": 12}'
    assert facts(answer) == PictureFacts(width=4, height=3, frames=12)
    with pytest.raises(CheckUnavailable):
        facts(answer.replace(b"12", b"0"))


def test_a_check_that_was_killed_blames_the_picture() -> None:
    with pytest.raises(BadPicture, match="The style picture takes too much time or memory to read"):
        heard(-9, b"", b"", role="style")


@pytest.mark.parametrize(("status", "stdout"), [(1, b""), (0, b""), (0, b"hello"), (2, b"usage: what?")])
def test_a_check_that_broke_does_not_blame_the_picture(status: int, stdout: bytes) -> None:
    with pytest.raises(CheckUnavailable):
        facts(heard(status, stdout, b"Traceback", role="style"))


async def test_a_large_picture_is_handed_over_whole() -> None:
    large = picture(size=(1500, 1500), kind="BMP")
    assert await ChildPictureCheck()(large, role="content") == PictureFacts(width=1500, height=1500)


@pytest.mark.parametrize("size", [0, 10, 3 * 2**20])
async def test_what_a_child_says_is_heard_though_it_does_not_listen(size: int) -> None:
    command = (sys.executable, "-c", "import sys; sys.stdin.close(); print('x' * 200_000)")
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    stdout, stderr = await exchange(child, bytes(size))
    assert (len(stdout), stderr, child.returncode) == (200_001, b"", 0)
