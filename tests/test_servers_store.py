"""What is kept about servers and blocked members, and what is in force after that."""

import json
from pathlib import Path

from sqlalchemy import Connection, insert, select

from bot.config import LimitSettings
from bot.settings.in_force import Settings
from bot.settings.of_members import MembersSettings
from bot.store.blocked import BlockList
from bot.store.members import MemberStore
from bot.store.notes import Notes
from bot.store.proposals import Proposal, Proposals
from bot.store.schema import members as rows_of_members
from bot.store.schema import servers, setting_changes
from bot.store.servers import ServerStore
from bot.store.setting_changes import MOST_KEPT, Change, Chosen, How, changed_since, note_change, undone
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


async def test_a_change_is_noted_with_who_and_when_and_what_was_there_before(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        settings = Settings(ServerStore(database), LimitSettings())
        await settings.change(GUILD, {"max_size_px": 768, "pictures_per_day": 5}, by=1, how=How.FORM)
        await settings.set(GUILD, "max_size_px", 512, by=2)
        await settings.set(GUILD, "max_size_px", 512, by=3)
        last, first = await settings.newest_changes(GUILD, skip=0, limit=9)
        assert (first.by, first.how, first.before) == ("1", How.FORM, {})
        assert first.after == {"max_size_px": 768, "pictures_per_day": 5}
        assert (last.by, last.before, last.after) == ("2", {"max_size_px": 768}, {"max_size_px": 512})
        assert last.at >= first.at > 1e9
        assert await settings.count_changes(GUILD) == 2


async def test_only_the_last_few_hundred_changes_of_a_server_are_kept(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        settings = Settings(ServerStore(database), LimitSettings())
        await settings.set(1, "default_strength", 60, by=1)

        def fill(connection: Connection) -> None:
            for number in range(MOST_KEPT + 5):
                before: Chosen = {"default_strength": number}
                after: Chosen = {"default_strength": number + 1}
                note_change(connection, str(GUILD), before, after, by="1", how=How.SET)

        await database.write(fill)
        assert await settings.count_changes(GUILD) == MOST_KEPT
        assert await settings.count_changes(1) == 1


async def test_a_way_to_change_something_that_a_newer_version_has_is_another_one(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        values = {"tenant_id": str(GUILD), "changed_by": "1", "changed_at": 1.0, "before": "{damaged", "after": "{}"}
        row = insert(setting_changes).values(**values, how="dreamt")
        await database.write(lambda connection: connection.execute(row))
        (change,) = await Settings(ServerStore(database), LimitSettings()).newest_changes(GUILD, skip=0, limit=9)
        assert (change.how, change.before) == (How.OTHER, {})


def test_nothing_and_not_set_are_not_the_same_when_a_change_is_undone() -> None:
    change = Change(id=1, by="1", at=1.0, how=How.SET, before={}, after={"pictures_per_day": None})
    assert undone(change, {"pictures_per_day": None, "x": 1}) == {"x": 1}
    assert changed_since(change, {}) == {"pictures_per_day"}


async def test_what_a_member_chose_is_kept_for_them_alone_and_forgotten_when_they_choose_nothing(
    tmp_path: Path,
) -> None:
    async with open_database(url(tmp_path)) as database:
        members = MembersSettings(Settings(ServerStore(database), LimitSettings()), MemberStore(database))
        await members.change(7, {"default_strength": 70, "max_size_px": 64})
        await members.change(7, {"private": True})
    async with open_database(url(tmp_path)) as database:
        store = MemberStore(database)
        members = MembersSettings(Settings(ServerStore(database), LimitSettings()), store)
        assert await store.chosen("7") == {"default_strength": 70, "private": True}
        assert (await members.in_force(None, 7)).settings.default_strength == 70
        assert (await members.in_force(GUILD, 8)).settings.default_strength == 50
        await members.change(7, {}, unset=("default_strength", "private"))
        query = select(rows_of_members.c.user_id)
        assert (await database.read(lambda connection: connection.execute(query).all())) == []


async def test_a_proposal_is_another_servers_or_forgotten_after_a_while(tmp_path: Path) -> None:
    async with open_database(url(tmp_path)) as database:
        proposals = Proposals(database)
        await proposals.keep(10, Proposal(tenant_id="1", before={}, after={"private": True}), forget_before=5)
        assert await proposals.find("2", 10) is None
        found = await proposals.find("1", 10)
        assert found is not None
        assert found.names == {"private"}
        await proposals.keep(20, Proposal(tenant_id="1", before={}, after={}), forget_before=15)
        assert await proposals.find("1", 10) is None
        await Notes(database).write("proposal:00000000000000000030", "{}")
        assert await proposals.find("1", 30) is None
