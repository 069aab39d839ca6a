"""How the stand-in says no: with Discord's own status, code and sentence."""

from typing import Any


class Refused(Exception):
    """A request that Discord would refuse. `code` is Discord's JSON error code; `field` is the form field to blame."""

    def __init__(self, status: int, code: int, message: str, *, field: str | None = None) -> None:
        super().__init__(f"{status} ({code}) {message}" + (f" in {field}" if field else ""))
        self.status = status
        self.code = code
        self.message = message
        self.field = field

    def as_json(self) -> dict[str, Any]:
        if self.field is None:
            return {"code": self.code, "message": self.message}
        blame = {"_errors": [{"code": "REFUSED", "message": self.message}]}
        return {"code": self.code, "message": "Invalid Form Body", "errors": {self.field: blame}}


def bad_form(field: str, message: str) -> Refused:
    return Refused(400, 50035, message, field=field)


def unknown(what: str, code: int) -> Refused:
    return Refused(404, code, f"Unknown {what}")
