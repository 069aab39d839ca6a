"""How a line of the log is written: no secret is in it, whoever logged it.

At the level "debug" Discord's library writes down whole requests and events, the tokens of interactions among them.
"""

import logging
import re
from collections.abc import Collection

_LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
_LEFT_OUT = "[left out]"
_SECRETS = (
    re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.-]+"),
    re.compile(r"""(["']token["']: ?["'])[^"']+"""),
    re.compile(r"""(\bAuthorization["']?: ?["']?(?:Bot )?)[\w.-]+"""),
)


class DiscreetFormatter(logging.Formatter):
    """Tracebacks are formatted here, too."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__(_LINE)
        self._secrets = tuple(filter(None, secrets))

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record), self._secrets)


def without_secrets(line: str, secrets: Collection[str]) -> str:
    """`line` without these, and without the tokens of webhooks and interactions."""
    for secret in secrets:
        line = line.replace(secret, _LEFT_OUT)
    for pattern in _SECRETS:
        line = pattern.sub(rf"\1{_LEFT_OUT}", line)
    return line
