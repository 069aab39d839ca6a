"""Fixtures that many test files share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nst_engine.processor import wait_without_spinning
from nst_engine.queue.database import Database, open_database


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
