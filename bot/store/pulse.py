"""The bot's sign of life, kept among its notes for whoever asks whether it is well."""

from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

NOTE = "pulse"


class Pulse(BaseModel):
    """Seconds since 1970 on the bot's clock. `online_at` is when it was last connected to Discord, 0 is never."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: float
    online_at: float = 0.0

    @classmethod
    def read(cls, note: str | None) -> Self | None:
        """What was noted; None where nothing was, or where it is of another version."""
        try:
            return None if note is None else cls.model_validate_json(note)
        except ValidationError:
            return None
