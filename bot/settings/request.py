"""What is asked for where a request leaves something out. Every request for a new picture goes through here."""

from bot.settings.server import ServerSettings
from nst_engine.contract.params import KeepColours, PresetName, StylizeParams


def usual_params(
    usual: ServerSettings,
    *,
    preset: PresetName | None = None,
    size: int | None = None,
    strength: int | None = None,
    keep_colours: KeepColours | None = None,
) -> StylizeParams:
    """None: as usual. Steps and layers were chosen for the usual preset, so that another one brings its own."""
    is_usual = preset is None or preset is usual.default_preset
    return StylizeParams(
        preset=usual.default_preset if preset is None else preset,
        size=usual.default_size_px if size is None else size,
        strength=usual.default_strength if strength is None else strength,
        keep_colours=usual.keep_colours if keep_colours is None else keep_colours,
        steps=usual.default_steps if is_usual else None,
        content_layers=usual.content_layers if is_usual else None,
        style_layers=usual.style_layers if is_usual else None,
    )
