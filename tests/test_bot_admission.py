"""Who may ask for what."""

from dataclasses import replace

import pytest

from bot.config import MIB, LimitSettings
from bot.jobs.admission import (
    Blocked,
    EmptyFile,
    House,
    NotAPicture,
    Refusal,
    Request,
    RoleMissing,
    SizeTooLarge,
    Upload,
    UploadTooLarge,
    Visit,
    WrongChannel,
    may_cancel,
    must_be_covered,
    queue_limits,
    refuse,
)
from bot.settings.server import ServerSettings, Spoilers
from nst_engine.queue.quota import QueueLimits

LIMITS = LimitSettings()
HOUSE = House(LIMITS, ServerSettings())
CONTENT = Upload(role="content", name="cat.png", size_bytes=1000, content_type="image/png")
STYLE = Upload(role="style", name="wave.jpg", size_bytes=1000, content_type="image/jpeg")
GOOD = Request(uploads=(CONTENT, STYLE), size_px=512)


def test_two_pictures_of_an_allowed_size_are_accepted() -> None:
    assert refuse(GOOD, HOUSE) is None


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
    assert refuse(request, HOUSE) == refusal


@pytest.mark.parametrize("kind", [None, "application/octet-stream", ""])
@pytest.mark.parametrize("name", ["cat.HEIC", "cat.avif", "cat.jpeg"])
def test_a_file_of_no_declared_type_is_judged_by_its_name(kind: str | None, name: str) -> None:
    request = replace(GOOD, uploads=(replace(CONTENT, name=name, content_type=kind), STYLE))
    assert refuse(request, HOUSE) is None


def test_the_largest_allowed_file_is_accepted() -> None:
    assert refuse(replace(GOOD, uploads=(replace(CONTENT, size_bytes=25 * MIB), STYLE)), HOUSE) is None


def test_a_size_above_the_limit_is_refused() -> None:
    assert refuse(replace(GOOD, size_px=1025), HOUSE) == SizeTooLarge(1025, 1024)


def visited(settings: ServerSettings, **visit: object) -> Refusal | None:
    return refuse(replace(GOOD, visit=Visit(**visit)), House(LIMITS, settings))  # type: ignore[arg-type]  # as named


def test_a_blocked_member_is_refused_before_anything_else() -> None:
    request = replace(GOOD, visit=Visit(block_reason="spam"), size_px=9999)
    assert refuse(request, HOUSE) == Blocked("spam")
    assert refuse(replace(GOOD, visit=Visit(block_reason="")), HOUSE) == Blocked("")


def test_only_the_channels_of_the_server_are_open_and_a_thread_is_its_channel() -> None:
    settings = ServerSettings(allowed_channels=(1, 2))
    assert visited(settings, channel_ids=frozenset({3})) == WrongChannel((1, 2))
    assert visited(settings, channel_ids=frozenset({2})) is None
    assert visited(settings, channel_ids=frozenset({30, 2})) is None


def test_one_of_the_roles_is_enough() -> None:
    settings = ServerSettings(allowed_roles=(7, 8))
    assert visited(settings) == RoleMissing((7, 8))
    assert visited(settings, role_ids=frozenset({6, 8})) is None


def test_moderators_obey_the_rules_of_places_and_roles() -> None:
    assert visited(ServerSettings(allowed_roles=(7,)), is_moderator=True) == RoleMissing((7,))


def test_the_servers_size_counts() -> None:
    assert refuse(GOOD, House(LIMITS, ServerSettings(max_size_px=256))) == SizeTooLarge(512, 256)


def test_the_queue_is_told_the_operators_and_the_servers_limits() -> None:
    house = House(LIMITS, ServerSettings(max_open_jobs_per_member=2, pictures_per_day=5, cooldown_seconds=30))
    limits = QueueLimits(open_per_owner=3, open_per_owner_here=2, open_in_all=200, per_day=5, seconds_apart=30.0)
    assert queue_limits(Visit(), house) == limits
    assert queue_limits(Visit(is_moderator=True), house) == replace(limits, per_day=None, seconds_apart=0.0)


@pytest.mark.parametrize(
    ("spoilers", "plain", "restricted", "listed"),
    [
        (Spoilers.AS_ASKED, False, False, False),
        (Spoilers.ALWAYS, True, True, True),
        (Spoilers.AGE_RESTRICTED, False, True, False),
        (Spoilers.LISTED, False, False, True),
    ],
)
def test_a_server_says_what_is_covered(spoilers: Spoilers, plain: bool, restricted: bool, listed: bool) -> None:
    settings = ServerSettings(spoilers=spoilers, spoiler_channels=(5,))
    visits = (Visit(), Visit(age_restricted=True), Visit(channel_ids=frozenset({50, 5})))
    covered = [must_be_covered(visit, settings, made_of_age_restricted=False) for visit in visits]
    assert covered == [plain, restricted, listed]


def test_what_was_made_in_an_age_restricted_channel_is_covered_elsewhere() -> None:
    settings = ServerSettings()
    assert must_be_covered(Visit(), settings, made_of_age_restricted=True)
    assert not must_be_covered(Visit(age_restricted=True), settings, made_of_age_restricted=True)


@pytest.mark.parametrize(
    ("member", "is_moderator", "allowed"), [(1, False, True), (2, False, False), (2, True, True), (1, True, True)]
)
def test_the_requester_and_moderators_may_cancel(member: int, is_moderator: bool, allowed: bool) -> None:
    assert may_cancel(owner_id=1, member_id=member, is_moderator=is_moderator) is allowed
