"""Whether the pixels of a picture can be used, found out in a child process that a hostile file may take down."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.jobs.admission import Role
from bot.jobs.errors import CheckUnavailable
from bot.jobs.picture_child import ask, last_line

CHECKS_AT_A_TIME = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """Size in pixels, upright. A still picture has one frame."""

    width: int
    height: int
    frames: int = 1


class PictureCheck(Protocol):
    """Looks at the bytes of a picture. Raises BadPicture with a sentence for its owner, or CheckUnavailable."""

    async def __call__(self, data: bytes, *, role: Role) -> PictureFacts: ...


class ChildPictureCheck:
    """`python -m nst_engine check-picture`, a few at a time."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(CHECKS_AT_A_TIME)

    async def __call__(self, data: bytes, *, role: Role) -> PictureFacts:
        async with self._places:
            return facts(await ask(data, "check-picture", role=role))


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]
    frames: Annotated[int, Field(ge=1)] = 1


def facts(stdout: bytes) -> PictureFacts:
    """What a check said about a good picture. Raises CheckUnavailable where it said something else."""
    try:
        answer = _Answer.model_validate_json(last_line(stdout))
    except ValidationError as error:
        raise CheckUnavailable("the picture check did not answer") from error
    return PictureFacts(width=answer.width, height=answer.height, frames=answer.frames)
