"""Who may ask for what: pure rules over what is known before a single byte is read."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from bot.config import MIB, LimitSettings

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
class Request:
    """What a member asks for, and what stands in its way."""

    uploads: tuple[Upload, ...]
    size_px: int
    missing_permissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingPermissions:
    """The bot cannot answer in this channel."""

    names: tuple[str, ...]


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
    size_bytes: int
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


class Refused(Exception):
    """A request was not accepted."""

    def __init__(self, refusal: "Refusal") -> None:
        super().__init__(repr(refusal))
        self.refusal = refusal


Refusal = MissingPermissions | EmptyFile | NotAPicture | UploadTooLarge | SizeTooLarge | TooManyOpenJobs


def refuse(request: Request, limits: LimitSettings) -> Refusal | None:
    """The first reason not to accept a request, or None."""
    return next((refusal for rule in _RULES if (refusal := rule(request, limits)) is not None), None)


def refuse_open_jobs(*, of_member: int, of_all: int, limits: LimitSettings) -> TooManyOpenJobs | None:
    """Whether so many unfinished jobs leave no room for another."""
    if of_member >= limits.max_open_jobs_per_member:
        return TooManyOpenJobs(limits.max_open_jobs_per_member, of_member=True)
    if of_all >= limits.max_open_jobs:
        return TooManyOpenJobs(limits.max_open_jobs, of_member=False)
    return None


def may_cancel(*, owner_id: int, member_id: int, is_moderator: bool) -> bool:
    """Only who asked for a picture, and moderators, may stop it."""
    return is_moderator or owner_id == member_id


def _permissions(request: Request, _limits: LimitSettings) -> Refusal | None:
    return MissingPermissions(request.missing_permissions) if request.missing_permissions else None


def _not_empty(request: Request, _limits: LimitSettings) -> Refusal | None:
    return next((EmptyFile(upload.role) for upload in request.uploads if upload.size_bytes == 0), None)


def _declared_type(request: Request, _limits: LimitSettings) -> Refusal | None:
    wrong = (upload for upload in request.uploads if not _may_be_a_picture(upload))
    return next((NotAPicture(upload.role, _type_of(upload)) for upload in wrong), None)


def _upload_size(request: Request, limits: LimitSettings) -> Refusal | None:
    limit = limits.max_upload_mib * MIB
    large = (upload for upload in request.uploads if upload.size_bytes > limit)
    return next((UploadTooLarge(upload.role, upload.size_bytes, limit) for upload in large), None)


def _result_size(request: Request, limits: LimitSettings) -> Refusal | None:
    if request.size_px <= limits.max_size_px:
        return None
    return SizeTooLarge(request.size_px, limits.max_size_px)


_RULES: tuple[Callable[[Request, LimitSettings], Refusal | None], ...] = (
    _permissions,
    _not_empty,
    _declared_type,
    _upload_size,
    _result_size,
)


def _type_of(upload: Upload) -> str:
    return (upload.content_type or "").partition(";")[0].strip().lower()


def _may_be_a_picture(upload: Upload) -> bool:
    """Declared as a picture, or not declared as anything and named like one. The pixels are checked later."""
    declared = _type_of(upload)
    if declared in {"", "application/octet-stream"}:
        return PurePosixPath(upload.name.lower()).suffix in PICTURE_SUFFIXES
    return declared.startswith("image/") and declared != "image/svg+xml"
