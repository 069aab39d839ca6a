"""The bot's settings: config.toml, read once, and the token, which comes from the environment alone."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator

from nst_engine.contract.params import MAX_FRAMES, MAX_SIZE_PX, MAX_TIMELAPSE_FRAMES, MIN_SIZE_PX
from nst_engine.contract.settings import BlobSettings, DatabaseSettings, EngineSettings, Section
from nst_engine.errors import BadConfig

TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105  # the variable's name, not a token
MIB = 2**20


class DiscordSettings(Section):
    sync_guild: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Register the commands in this one server only, where they appear at once; 0 is everywhere."""


class LimitSettings(Section):
    default_size_px: Annotated[int, Field(ge=MIN_SIZE_PX, le=MAX_SIZE_PX)] = 512
    """Longer side of a result whose requester names none."""
    max_size_px: Annotated[int, Field(ge=MIN_SIZE_PX, le=MAX_SIZE_PX)] = 1024
    """The largest size that a member may ask for."""
    max_frames: Annotated[int, Field(ge=1, le=MAX_FRAMES)] = 24
    """So many frames of a moving picture are painted at most, evenly chosen; 1 makes a still picture of it."""
    timelapse_frames: Annotated[int, Field(ge=0, le=MAX_TIMELAPSE_FRAMES)] = 24
    """So many pictures of the way are kept with each still picture, for its timelapse; 0 keeps none."""
    max_upload_mib: Annotated[int, Field(ge=1, le=100)] = 25
    """The largest picture file that the bot reads."""
    max_open_jobs_per_member: Annotated[int, Field(ge=1, le=1000)] = 3
    """How many unfinished pictures one member may have."""
    max_open_jobs: Annotated[int, Field(ge=1, le=100_000)] = 200
    """How many unfinished pictures there may be in all."""

    @model_validator(mode="after")
    def _default_size_is_allowed(self) -> Self:
        if self.default_size_px > self.max_size_px:
            raise ValueError(f"default_size_px must be at most max_size_px, {self.max_size_px}")
        return self


class LibrarySettings(Section):
    paintings: bool = True
    """The project's own paintings are in every server's style library; they are drawn at the first start."""


class LoggingSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    """How much the bot says on stderr."""


class BotConfig(Section):
    """All of config.toml; a table or key that nobody knows is an error."""

    database: DatabaseSettings = DatabaseSettings()
    blobs: BlobSettings = BlobSettings()
    engine: EngineSettings = EngineSettings()
    discord: DiscordSettings = DiscordSettings()
    limits: LimitSettings = LimitSettings()
    library: LibrarySettings = LibrarySettings()
    logging: LoggingSettings = LoggingSettings()


def without_token(environment: Mapping[str, str]) -> dict[str, str]:
    """What child processes get: some of them read hostile files, and none of them speaks to Discord."""
    return {name: value for name, value in environment.items() if name != TOKEN_VARIABLE}


def read_token(environment: Mapping[str, str]) -> SecretStr | None:
    """The bot's token, or None where none is set. Raises BadConfig for what cannot be one; the token is never shown."""
    token = environment.get(TOKEN_VARIABLE, "").strip()
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise BadConfig(
            [f"{TOKEN_VARIABLE}: has a space, a line break or a strange letter inside; copy the token anew"]
        )
    return SecretStr(token) if token else None
