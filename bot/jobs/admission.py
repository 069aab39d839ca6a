"""Who may ask for what: pure rules over what is known before a single byte is read."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, assert_never

from bot.config import MIB, LimitSettings
from bot.settings.server import ServerSettings, Spoilers, daily_quota
from nst_engine.queue.quota import QueueLimits

Role = Literal["content", "style"]
PICTURE_SUFFIXES = frozenset(
    {".png", ".apng", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".heif"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What Discord says about an attached file."""

    role: Role
    name: str
    size_bytes: int
    content_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who asks, and where."""

    role_ids: frozenset[int] = frozenset()
    is_moderator: bool = False
    """May manage the server."""
    channel_ids: frozenset[int] = frozenset()
    """The channel; of a thread also the channel that it belongs to."""
    age_restricted: bool = False
    block_reason: str | None = None
    """Why the member is blocked here, empty where no reason was given; None where they are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a member asks for, and what stands in its way."""

    uploads: tuple[Upload, ...]
    size_px: int
    visit: Visit = Visit()


@dataclass(frozen=True, slots=True)
class Blocked:
    """By the server's moderators."""

    reason: str


@dataclass(frozen=True, slots=True)
class WrongChannel:
    """Not one of the channels where pictures may be asked for."""

    channel_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RoleMissing:
    """None of the roles that may ask for pictures."""

    role_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotPermitted:
    """The member needs this permission."""

    name: str


@dataclass(frozen=True, slots=True)
class EmptyFile:
    role: Role


@dataclass(frozen=True, slots=True)
class NotAPicture:
    role: Role
    content_type: str


@dataclass(frozen=True, slots=True)
class UploadTooLarge:
    role: Role
    size_bytes: int | None
    """None where reading was given up before the end."""
    limit_bytes: int


@dataclass(frozen=True, slots=True)
class SizeTooLarge:
    size_px: int
    limit_px: int


@dataclass(frozen=True, slots=True)
class TooManyOpenJobs:
    """`of_member`: this member's; otherwise everybody's together."""

    limit: int
    of_member: bool


@dataclass(frozen=True, slots=True)
class DayUsedUp:
    """All pictures that the member may ask for in 24 hours. `next_at` is in seconds since 1970; None is never."""

    limit: int
    next_at: float | None


@dataclass(frozen=True, slots=True)
class CoolingDown:
    """So many seconds from the member's last request have to pass still."""

    seconds: float


class Refused(Exception):
    """A request was not accepted."""

    def __init__(self, refusal: "Refusal") -> None:
        super().__init__(repr(refusal))
        self.refusal = refusal


Refusal = (
    Blocked
    | WrongChannel
    | RoleMissing
    | NotPermitted
    | EmptyFile
    | NotAPicture
    | UploadTooLarge
    | SizeTooLarge
    | TooManyOpenJobs
    | DayUsedUp
    | CoolingDown
)


@dataclass(frozen=True, slots=True)
class House:
    """What holds where a request is made."""

    limits: LimitSettings
    settings: ServerSettings


def refuse(request: Request, house: House) -> Refusal | None:
    """The first reason not to accept a request, or None."""
    return next((refusal for rule in _RULES if (refusal := rule(request, house)) is not None), None)


def queue_limits(visit: Visit, house: House) -> QueueLimits:
    """What the queue holds a member to. Moderators have no quota and need not wait, but have no more pictures open."""
    settings = house.settings
    return QueueLimits(
        open_per_owner=house.limits.max_open_jobs_per_member,
        open_per_owner_here=settings.max_open_jobs_per_member,
        open_in_all=house.limits.max_open_jobs,
        per_day=None if visit.is_moderator else daily_quota(settings, visit.role_ids),
        seconds_apart=0.0 if visit.is_moderator else settings.cooldown_seconds,
    )


def must_be_covered(visit: Visit, settings: ServerSettings, *, made_of_age_restricted: bool) -> bool:
    """Whether a picture has to be covered here even though nobody asked for it.

    In an age-restricted channel everybody who sees it may see such pictures, so that the server decides. What was made
    there is covered wherever else it goes, whatever the server says.
    """
    if made_of_age_restricted and not visit.age_restricted:
        return True
    match settings.spoilers:
        case Spoilers.AS_ASKED:
            return False
        case Spoilers.ALWAYS:
            return True
        case Spoilers.AGE_RESTRICTED:
            return visit.age_restricted
        case Spoilers.LISTED:
            return not visit.channel_ids.isdisjoint(settings.spoiler_channels)
        case _:
            assert_never(settings.spoilers)


def may_cancel(*, owner_id: int, member_id: int, is_moderator: bool) -> bool:
    """Only who asked for a picture, and moderators, may stop it."""
    return is_moderator or owner_id == member_id


def _not_blocked(request: Request, _house: House) -> Refusal | None:
    reason = request.visit.block_reason
    return None if reason is None else Blocked(reason)


def _allowed_channel(request: Request, house: House) -> Refusal | None:
    allowed = house.settings.allowed_channels
    return WrongChannel(allowed) if allowed and request.visit.channel_ids.isdisjoint(allowed) else None


def _allowed_role(request: Request, house: House) -> Refusal | None:
    allowed = house.settings.allowed_roles
    return RoleMissing(allowed) if allowed and request.visit.role_ids.isdisjoint(allowed) else None


def _not_empty(request: Request, _house: House) -> Refusal | None:
    return next((EmptyFile(upload.role) for upload in request.uploads if upload.size_bytes == 0), None)


def _declared_type(request: Request, _house: House) -> Refusal | None:
    wrong = (upload for upload in request.uploads if not may_be_a_picture(upload))
    return next((NotAPicture(upload.role, _type_of(upload)) for upload in wrong), None)


def _upload_size(request: Request, house: House) -> Refusal | None:
    limit = house.limits.max_upload_mib * MIB
    large = (upload for upload in request.uploads if upload.size_bytes > limit)
    return next((UploadTooLarge(upload.role, upload.size_bytes, limit) for upload in large), None)


def _result_size(request: Request, house: House) -> Refusal | None:
    if request.size_px <= house.settings.max_size_px:
        return None
    return SizeTooLarge(request.size_px, house.settings.max_size_px)


_RULES: tuple[Callable[[Request, House], Refusal | None], ...] = (
    _not_blocked,
    _allowed_channel,
    _allowed_role,
    _not_empty,
    _declared_type,
    _upload_size,
    _result_size,
)


def _type_of(upload: Upload) -> str:
    return (upload.content_type or "").partition(";")[0].strip().lower()


def may_be_a_picture(upload: Upload) -> bool:
    """Declared as a picture, or not declared as anything and named like one. The pixels are checked later."""
    declared = _type_of(upload)
    if declared in {"", "application/octet-stream"}:
        return PurePosixPath(upload.name.lower()).suffix in PICTURE_SUFFIXES
    return declared.startswith("image/") and declared != "image/svg+xml"
