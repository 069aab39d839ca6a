"""Starts short-lived programs of this project; none of them gets the token."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process

from bot.config import without_token


async def start_module(module: str, *arguments: str, stdin: int = PIPE) -> Process:
    """`python -m MODULE …` with pipes at its output. Raises OSError."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        stdin=stdin,
        stdout=PIPE,
        stderr=PIPE,
        env=without_token(os.environ),
    )
