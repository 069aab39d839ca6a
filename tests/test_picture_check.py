"""The check that runs in a process of its own: what it answers, and that it starts fast and stays small."""

import io
import json
import random
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image

from nst_engine.picture_check import EXIT_BAD_PICTURE, EXIT_READABLE, MEMORY_LIMIT_BYTES, Part, check
from tests.fake_pictures import encoded, png_of_claimed_size, quarters, turned


def answer_of(data: bytes, part: Part = Part.CONTENT) -> tuple[int, dict[str, Any]]:
    status, answer = check(part, io.BytesIO(data))
    return status, json.loads(answer)


def run_in_child(code: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=False, timeout=60)


def test_a_readable_picture_is_described() -> None:
    assert answer_of(encoded(quarters(64, 48), "WEBP")) == (
        EXIT_READABLE,
        {"ok": True, "width": 64, "height": 48, "format": "WebP", "frames": 1},
    )


def test_the_size_is_that_of_the_upright_picture() -> None:
    _, answer = answer_of(turned("JPEG", 6))
    assert (answer["width"], answer["height"]) == (64, 48)


def test_a_bad_picture_is_explained_under_its_name() -> None:
    assert answer_of(png_of_claimed_size(20000, 20000), part=Part.STYLE) == (
        EXIT_BAD_PICTURE,
        {
            "ok": False,
            "message": "The style picture has 400 million pixels; at most 89 million can be read.",
            "sentence": "The {name} picture has {count} million pixels; at most {limit} million can be read.",
            "values": {"name": "style", "count": "400", "limit": "89"},
        },
    )


def test_a_mask_may_be_small_and_must_not_be_black() -> None:
    assert answer_of(encoded(Image.new("L", (3, 2), 255), "PNG"), part=Part.MASK)[0] == EXIT_READABLE
    status, answer = answer_of(encoded(Image.new("L", (3, 2)), "PNG"), part=Part.MASK)
    assert status == EXIT_BAD_PICTURE
    assert answer["message"].startswith("The mask picture is black all over; white is")


def test_a_picture_to_start_from_is_called_so() -> None:
    assert answer_of(b"", part=Part.START)[1]["message"] == "The start picture is an empty file."


def test_pixels_are_decoded_and_not_only_the_header() -> None:
    data = encoded(Image.effect_noise((200, 200), 90), "PNG")
    assert answer_of(data[:-2000])[1]["message"] == "The content picture is a damaged or incomplete PNG."


@pytest.mark.parametrize(("data", "status"), [(encoded(quarters(), "PNG"), 0), (random.Random(2).randbytes(999), 2)])
def test_the_program_says_nothing_else(data: bytes, status: int) -> None:
    program = [sys.executable, "-m", "nst_engine", "check-picture"]
    done = subprocess.run(program, input=data, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (status, b"")
    assert json.loads(done.stdout.splitlines()[-1])["ok"] is (status == 0)


def test_starting_it_imports_nothing_heavy() -> None:
    heavy = {"torch", "torchvision", "numpy", "discord", "sqlalchemy"}
    done = run_in_child("import sys, nst_engine.picture_check; print(*sys.modules)")
    assert not heavy & set(done.stdout.decode().split())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to its address space")
def test_a_picture_that_needs_too_much_memory_is_refused_and_not_fatal() -> None:
    code = (
        "from nst_engine import picture_check; picture_check.MEMORY_LIMIT_BYTES = 2**28\n"
        "raise SystemExit(picture_check.run_check(picture_check.Part.CONTENT))"
    )
    done = run_in_child(code, png_of_claimed_size(9000, 9000))
    assert done.returncode == EXIT_BAD_PICTURE
    assert json.loads(done.stdout)["message"] == "The content picture needs more memory to read than there is."


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to its address space")
def test_it_limits_the_memory_and_time_of_its_process() -> None:
    code = (
        "import resource; from nst_engine.picture_check import limit_resources; limit_resources()\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    assert run_in_child(code).stdout.split() == [str(MEMORY_LIMIT_BYTES).encode(), b"20"]
