"""Paintings that were measured already: entries of a challenge share a style, and a member tries one style often."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable

from PIL import Image

from nst_engine.measures import ByLayer

MOST_ENTRIES = 32
"""One is a painting at one size, some 3.5 MB; a job has two or three sizes."""


class StyleCache:
    """The moments of the paintings used last. For one network: another one's features are others."""

    def __init__(self, most: int = MOST_ENTRIES) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, ByLayer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, key: Hashable, measure: Callable[[], ByLayer]) -> ByLayer:
        """What is known under `key`, or else what `measure` finds, which is remembered."""
        if key not in self._found:
            self._found[key] = measure()
        self._found.move_to_end(key)
        while len(self._found) > self._most:
            self._found.popitem(last=False)
        return self._found[key]


def digest_of(picture: Image.Image) -> str:
    """The same for the same pixels."""
    seen = hashlib.blake2b(repr((picture.mode, picture.size)).encode(), digest_size=16)
    seen.update(picture.tobytes())
    return seen.hexdigest()
