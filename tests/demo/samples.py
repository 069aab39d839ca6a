"""The pictures of the demo: a photograph that scikit-image brings along, and a painting of the project's own."""

import importlib.util
import io
from dataclasses import dataclass
from pathlib import Path

from bot.paintings.gallery import GALLERY

PHOTOGRAPH = "chelsea.png"


class BadDemo(Exception):
    """The demo cannot be run as asked."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a member attaches it."""

    name: str
    data: bytes


def content_upload(path: Path | None) -> Upload:
    """The file at `path`, or the sample photograph."""
    return _read(path or _sample_photograph(), "content")


def style_upload(path: Path | None) -> Upload:
    """The file at `path`, or the first of the project's paintings."""
    if path is not None:
        return _read(path, "style")
    painting = GALLERY[0]
    file = io.BytesIO()
    painting.draw(0).save(file, "PNG")
    return Upload(f"{painting.name}.png", file.getvalue())


def _sample_photograph() -> Path:
    spec = importlib.util.find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise BadDemo("scikit-image, which brings the sample photograph, is not installed; `make setup` installs it")
    return Path(spec.submodule_search_locations[0]) / "data" / PHOTOGRAPH


def _read(path: Path, what: str) -> Upload:
    try:
        return Upload(path.name, path.read_bytes())
    except OSError as error:
        raise BadDemo(f"the {what} picture {path} cannot be read: {error.strerror}") from error
