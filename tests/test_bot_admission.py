"""Who may ask for what."""

from dataclasses import replace

import pytest

from bot.config import MIB, LimitSettings
from bot.jobs.admission import (
    EmptyFile,
    MissingPermissions,
    NotAPicture,
    Request,
    SizeTooLarge,
    TooManyOpenJobs,
    Upload,
    UploadTooLarge,
    may_cancel,
    refuse,
    refuse_open_jobs,
)

LIMITS = LimitSettings()
CONTENT = Upload(role="content", name="cat.png", size_bytes=1000, content_type="image/png")
STYLE = Upload(role="style", name="wave.jpg", size_bytes=1000, content_type="image/jpeg")
GOOD = Request(uploads=(CONTENT, STYLE), size_px=512)


def test_two_pictures_of_an_allowed_size_are_accepted() -> None:
    assert refuse(GOOD, LIMITS) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"size_bytes": 0}, EmptyFile("style")),
        ({"content_type": "text/plain; charset=utf-8"}, NotAPicture("style", "text/plain")),
        ({"content_type": "video/mp4"}, NotAPicture("style", "video/mp4")),
        ({"content_type": "image/svg+xml"}, NotAPicture("style", "image/svg+xml")),
        ({"content_type": None, "name": "notes"}, NotAPicture("style", "")),
        ({"size_bytes": 25 * MIB + 1}, UploadTooLarge("style", 25 * MIB + 1, 25 * MIB)),
    ],
)
def test_a_file_is_refused_by_what_is_declared(changes: dict[str, object], refusal: object) -> None:
    request = replace(GOOD, uploads=(CONTENT, replace(STYLE, **changes)))  # type: ignore[arg-type]  # one table for all
    assert refuse(request, LIMITS) == refusal


@pytest.mark.parametrize("kind", [None, "application/octet-stream", ""])
@pytest.mark.parametrize("name", ["cat.HEIC", "cat.avif", "cat.jpeg"])
def test_a_file_of_no_declared_type_is_judged_by_its_name(kind: str | None, name: str) -> None:
    request = replace(GOOD, uploads=(replace(CONTENT, name=name, content_type=kind), STYLE))
    assert refuse(request, LIMITS) is None


def test_the_largest_allowed_file_is_accepted() -> None:
    assert refuse(replace(GOOD, uploads=(replace(CONTENT, size_bytes=25 * MIB), STYLE)), LIMITS) is None


def test_a_size_above_the_limit_is_refused() -> None:
    assert refuse(replace(GOOD, size_px=1025), LIMITS) == SizeTooLarge(1025, 1024)


def test_missing_permissions_come_first() -> None:
    request = replace(GOOD, size_px=9999, missing_permissions=("attach_files",))
    assert refuse(request, LIMITS) == MissingPermissions(("attach_files",))


@pytest.mark.parametrize(
    ("of_member", "of_all", "refusal"),
    [(2, 199, None), (3, 10, TooManyOpenJobs(3, of_member=True)), (0, 200, TooManyOpenJobs(200, of_member=False))],
)
def test_open_jobs_are_limited_for_one_and_for_all(of_member: int, of_all: int, refusal: object) -> None:
    assert refuse_open_jobs(of_member=of_member, of_all=of_all, limits=LIMITS) == refusal


@pytest.mark.parametrize(
    ("member", "is_moderator", "allowed"), [(1, False, True), (2, False, False), (2, True, True), (1, True, True)]
)
def test_the_requester_and_moderators_may_cancel(member: int, is_moderator: bool, allowed: bool) -> None:
    assert may_cancel(owner_id=1, member_id=member, is_moderator=is_moderator) is allowed
