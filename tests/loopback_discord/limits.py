"""Discord's rate limits as it documents them: a bucket for each route and place, and one limit on everything."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

MESSAGE_PATH = "/channels/{channel}/messages"
OPEN_A_THREAD = f"POST {MESSAGE_PATH}/{{message}}/threads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many calls in so many seconds. Routes of one `bucket` share it, for each place apart."""

    bucket: str
    calls: int
    seconds: float


LIMITS: Mapping[str, Limit] = {
    f"POST {MESSAGE_PATH}": Limit(bucket="post", calls=5, seconds=5.0),
    f"PATCH {MESSAGE_PATH}/{{message}}": Limit(bucket="edit", calls=5, seconds=5.0),
    f"DELETE {MESSAGE_PATH}/{{message}}": Limit(bucket="delete", calls=5, seconds=1.0),
    f"GET {MESSAGE_PATH}": Limit(bucket="history", calls=5, seconds=5.0),
    OPEN_A_THREAD: Limit(bucket="threads", calls=50, seconds=300.0),
    "POST /users/@me/channels": Limit(bucket="direct", calls=10, seconds=10.0),
    "POST /webhooks/{application}/{token}": Limit(bucket="follow-up", calls=5, seconds=2.0),
    "PATCH /webhooks/{application}/{token}/messages/{message}": Limit(bucket="follow-up", calls=5, seconds=2.0),
    "DELETE /webhooks/{application}/{token}/messages/{message}": Limit(bucket="follow-up", calls=5, seconds=2.0),
}
"""Discord publishes no numbers; these are what its answers say in practice."""

OF_ALL = Limit(bucket="global", calls=50, seconds=1.0)
NOT_COUNTED_IN_ALL = ("/interactions/", "/webhooks/", "/cdn/")
"""Interactions are bound to no global limit, and files come from elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a call is told. `retry_after` is None where it may pass."""

    headers: dict[str, str]
    retry_after: float | None = None
    scope: str = "user"


@dataclass(slots=True)
class _Window:
    ends_at: float
    left: int


class RateLimits:
    """Counts calls. `haste` makes all periods so many times shorter, for a bot that hurries as much."""

    def __init__(self, *, haste: float = 1.0, special: Mapping[str, Limit] | None = None) -> None:
        self._haste = haste
        self._limits = {**LIMITS, **(special or {})}
        self._windows: dict[str, _Window] = {}
        self._in_a_row: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        """How often each bucket said no."""
        self.refused_in_a_row: Counter[str] = Counter()
        """How often, at most, with nothing passing between."""

    def count(self, route: str, path: str) -> Verdict:
        """One call more."""
        limit = self._limits.get(route)
        key = route if limit is None else f"{limit.bucket} {_place(limit, path)}"
        verdict = self._of_all(path) or self._of_bucket(limit, key)
        if verdict.retry_after is None:
            del self._in_a_row[key]
        else:
            self._in_a_row[key] += 1
            self.refused[key] += 1
            self.refused_in_a_row[key] = max(self.refused_in_a_row[key], self._in_a_row[key])
        return verdict

    def _of_all(self, path: str) -> Verdict | None:
        """None where the global limit has nothing against it."""
        if any(part in path for part in NOT_COUNTED_IN_ALL):
            return None
        window, is_refused = self._take(OF_ALL, OF_ALL.bucket)
        if not is_refused:
            return None
        headers = {"X-RateLimit-Global": "true"}
        return Verdict(headers=headers, retry_after=window.ends_at - time.monotonic(), scope="global")

    def _of_bucket(self, limit: Limit | None, key: str) -> Verdict:
        if limit is None:
            return Verdict(headers={})
        window, is_refused = self._take(limit, key)
        wait = window.ends_at - time.monotonic()
        return Verdict(headers=_headers(limit, window.left, wait), retry_after=wait if is_refused else None)

    def _take(self, limit: Limit, key: str) -> tuple[_Window, bool]:
        """One call out of the present window; True where there was none left in it."""
        now = time.monotonic()
        window = self._windows.get(key)
        if window is None or window.ends_at <= now:
            window = self._windows[key] = _Window(now + limit.seconds / self._haste, limit.calls)
        is_refused = window.left == 0
        window.left = max(0, window.left - 1)
        return window, is_refused


def _place(limit: Limit, path: str) -> str:
    """The channel that a call is about, or the token; threads are counted together."""
    parts = path.split("/")
    if limit.bucket in {"threads", "direct"}:
        return "everywhere"
    return parts[parts.index("channels") + 1] if "channels" in parts else parts[parts.index("webhooks") + 2]


def _headers(limit: Limit, left: int, wait: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit.calls),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": f"{time.time() + wait:.3f}",
        "X-RateLimit-Reset-After": f"{wait:.3f}",
        "X-RateLimit-Bucket": limit.bucket,
    }
