"""`python -m bot.paintings.worker [NAME]`: what a bot asks a child process for, which has no numpy in it itself.

To stdout. Without a name: the titles of all paintings by name, as one JSON object. With one: that painting, as PNG.
"""

import contextlib
import io
import json
import os
import sys

from bot.paintings.gallery import GALLERY, painting_named

NICENESS = 10
"""Nobody waits for a painting, but somebody may wait for this machine."""


def main() -> None:
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICENESS)
    sys.stdout.buffer.write(_drawn(sys.argv[1]) if len(sys.argv) > 1 else _titles())


def _titles() -> bytes:
    return json.dumps({painting.name: painting.title for painting in GALLERY}).encode()


def _drawn(name: str) -> bytes:
    buffer = io.BytesIO()
    painting_named(name).draw(0).save(buffer, format="PNG")
    return buffer.getvalue()


if __name__ == "__main__":
    main()
