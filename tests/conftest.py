"""Fixtures that many test files share."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nst_engine.processor import wait_without_spinning
from nst_engine.queue.database import Database, open_database
from nst_engine.queue.leases import Leases
from nst_engine.queue.store import JobStore
from tests.loopback_discord import LoopbackDiscord, serve_discord
from tests.run_bot_on_loopback import redirect


def pytest_configure() -> None:
    """Before any test imports torch."""
    wait_without_spinning()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """A new, empty database of each kind that the queue runs on."""
    return f"sqlite:///{tmp_path}/queue/jobs.db"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> JobStore:
    return JobStore(database)


@pytest.fixture
def leases(database: Database) -> Leases:
    return Leases(database, lease_seconds=10)


@pytest.fixture
async def stand_in(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    """A stand-in for Discord that discord.py in this process speaks to."""
    async with serve_discord() as server:
        await asyncio.to_thread(redirect, server.api_url, monkeypatch.setattr)
        yield server
