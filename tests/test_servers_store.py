"""What is kept about servers and blocked members, and what is in force after that."""

import json
from pathlib import Path

from sqlalchemy import insert, select

from bot.config import LimitSettings
from bot.settings.in_force import Settings
from bot.store.blocked import BlockList
from bot.store.schema import servers
from bot.store.servers import ServerStore
from nst_engine.queue.database import Database, open_database

GUILD = 4711


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'jobs.sqlite'}"


async def kept(database: Database) -> object:
    query = select(servers.c.settings).where(servers.c.tenant_id == str(GUILD))
    return json.loads(await database.read(lambda connection: connection.execute(query).scalar_one()))


async def test_only_what_differs_is_kept_and_it_holds_after_a_restart(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        settings = Settings(ServerStore(database), LimitSettings())
        await settings.set(GUILD, "max_size_px", 768, by=1)
        await settings.set(GUILD, "cooldown_seconds", 0, by=1)
        assert await kept(database) == {"max_size_px": 768}
    async with open_database(url(tmp_path)) as database:
        settings = Settings(ServerStore(database), LimitSettings())
        assert (await settings.of(GUILD)).max_size_px == 768
        assert (await settings.of(1)).max_size_px == 1024
        assert (await settings.of(None)).max_size_px == 1024


async def test_setting_the_operators_value_is_not_setting_anything(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        settings = Settings(ServerStore(database), LimitSettings())
        await settings.set(GUILD, "max_size_px", 768, by=1)
        await settings.set(GUILD, "max_size_px", 1024, by=1)
        assert await kept(database) == {}
        assert not (await settings.in_force(GUILD)).is_own("max_size_px")


async def test_what_a_newer_version_set_stays_there_and_is_ignored(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        row = insert(servers).values(tenant_id=str(GUILD), settings=json.dumps({"hologram": True}))
        await database.write(lambda connection: connection.execute(row))
        settings = Settings(ServerStore(database), LimitSettings())
        await settings.set(GUILD, "max_size_px", 768, by=1)
        await settings.reset(GUILD, "max_size_px", by=1)
        assert await kept(database) == {"hologram": True}


async def test_settings_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        row = insert(servers).values(tenant_id=str(GUILD), settings="{damaged")
        await database.write(lambda connection: connection.execute(row))
        assert await ServerStore(database).chosen(str(GUILD)) == {}


async def test_a_server_is_welcomed_once_whether_it_has_settings_or_not(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        store = ServerStore(database)
        await store.change("1", lambda chosen: chosen | {"cooldown_seconds": 60}, by="9")
        assert await store.welcomed() == set()
        await store.note_welcomed("1")
        await store.note_welcomed("2")
        assert await store.welcomed() == {"1", "2"}
        assert await store.chosen("1") == {"cooldown_seconds": 60}


async def test_a_member_is_blocked_in_one_server_only(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        blocked = BlockList(database)
        await blocked.block("1", "7", reason="spam", by="9")
        found = await blocked.find("1", "7")
        assert found is not None
        assert (found.reason, found.blocked_by) == ("spam", "9")
        assert await blocked.find("2", "7") is None


async def test_blocking_again_replaces_the_reason(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        blocked = BlockList(database)
        await blocked.block("1", "7", reason="spam", by="9")
        await blocked.block("1", "7", reason="more spam", by="8")
        (only,) = await blocked.listed("1")
        assert (only.reason, only.blocked_by) == ("more spam", "8")


async def test_unblocking_says_whether_there_was_a_block(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        blocked = BlockList(database)
        await blocked.block("1", "7", reason="", by="9")
        assert await blocked.unblock("1", "7")
        assert not await blocked.unblock("1", "7")
        assert await blocked.listed("1") == []
