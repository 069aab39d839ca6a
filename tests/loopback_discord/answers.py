"""JSON as Discord sends it: discord.py reads it only when the content type names no charset."""

import json
from typing import Any

from aiohttp import web


def answer(value: Any, *, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(value).encode(), content_type="application/json", status=status)
