"""Who may run a challenge and judge its entries: by their rights in the whole server, or where the challenge is. And
buttons whose ids do not belong together.
"""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.challenges.values import EntryState, Phase
from bot.ui.challenges.enter_result import ReplaceByButton
from bot.ui.challenges.judging import JudgeButton, Seen, Verb
from bot.ui.words import words_for
from tests.bot_world import World, buttons, told
from tests.challenge_acts import moderator, page, read, states
from tests.challenge_photos import finish, hand_in
from tests.challenge_rounds import Rounds, challenge_world

FIRST = 10**6


def corner_of(world: World, member: Any, **rights: bool) -> Any:
    """A channel in which this member has rights that they have nowhere else."""
    mine = discord.PermissionOverwrite(**rights)
    return world.guild.create_text_channel("corner", overwrites={member: mine})


@pytest.mark.parametrize("right", ["manage_messages", "manage_events"])
async def test_a_right_in_one_channel_opens_no_challenge_of_another(tmp_path: Path, right: str) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, zed = Rounds(world), world.member("zed")
        corner = corner_of(world, zed, **{right: True})
        challenge = await rounds.announced(needs_approval=True)
        await rounds.enter_as(challenge, FIRST, "Ada")
        refused = told(await zed.slash(corner, "challenge manage", challenge=str(challenge.id)))
        assert refused == "Only members with the permission **Manage Messages** can do this."
        assert await zed.autocomplete(corner, "challenge manage", "challenge", "") == []


async def test_a_page_that_was_opened_by_right_is_closed_to_who_judges_another_channel_only(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        role = world.guild.create_role("judges", permissions=discord.Permissions(manage_messages=True))
        zed = world.member("zed", role)
        corner = corner_of(world, zed, manage_messages=True)
        challenge = await rounds.announced(needs_approval=True)
        await rounds.enter_as(challenge, FIRST, "Ada")
        panel = await zed.slash(corner, "challenge manage", challenge=str(challenge.id))
        shown = await zed.click(page(panel), label="Entries… (1 waiting)")
        world.env.backend.guilds[world.guild.id].members[zed.id].role_ids.remove(role.id)
        assert "Manage Messages" in told(await zed.click(page(shown), label="Approve"))
        assert await states(rounds, challenge) == {"Ada": EntryState.WAITING}


async def test_whoever_manages_messages_where_the_challenge_is_judges_its_entries(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, zed = Rounds(world), world.member("zed")
        corner = corner_of(world, zed, manage_messages=True)
        challenge = await rounds.announced(needs_approval=True, channel=corner)
        await rounds.enter_as(challenge, FIRST, "Ada")
        panel = await zed.slash(corner, "challenge manage", challenge=str(challenge.id))
        assert buttons(page(panel)) == ["Entries… (1 waiting)"]
        shown = await zed.click(page(panel), label="Entries… (1 waiting)")
        assert read(await zed.click(page(shown), label="Approve")).startswith("✅ The entry of Ada is approved.")


async def test_managing_events_in_one_channel_runs_no_challenges(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, mo, zed = Rounds(world), moderator(world), world.member("zed", manage_messages=True)
        corner = corner_of(world, zed, manage_events=True)
        challenge = await rounds.announced()
        mine = await mo.slash(corner, "challenge manage", challenge=str(challenge.id))
        assert "End entries now" in buttons(page(mine))
        theirs = await zed.slash(corner, "challenge manage", challenge=str(challenge.id))
        assert buttons(page(theirs)) == ["Entries…"]
        made = await zed.slash(corner, "challenge create", title="Mine")
        assert "Manage Events" in told(made)
        assert (await rounds.desk.challenges.find(challenge.tenant_id, challenge.id)).phase is Phase.OPEN


async def pressed(world: World, member: Any, button: Any) -> Any:
    """The answer to a button under a message of the bot's, as nobody else would have made it."""
    view = discord.ui.LayoutView(timeout=None)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(button)
    view.add_item(row)
    message = await world.app.client.get_partial_messageable(world.channel.id).send(view=view)
    return await member.click(message, custom_id=button.custom_id)


async def test_a_picture_painted_for_one_challenge_replaces_no_entry_of_another(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        waves, hills = await rounds.announced(), await rounds.announced("Hills")
        entry = await rounds.enter_as(hills, world.ann.id, "ann")
        await hand_in(world)
        job = await finish(world)
        answer = await pressed(world, world.ann, ReplaceByButton(waves.id, entry.id, job.id, "Replace"))
        assert told(answer) == "This entry is not in the challenge any more."
        assert await rounds.desk.entries.get(entry.id) == entry


async def test_an_entry_is_judged_with_the_challenge_that_it_is_in(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds, zed = Rounds(world), world.member("zed")
        corner = corner_of(world, zed, manage_messages=True)
        theirs = await rounds.announced("Hills", needs_approval=True, channel=corner)
        challenge = await rounds.announced(needs_approval=True)
        entry = await rounds.enter_as(challenge, FIRST, "Ada")
        world.channel = corner
        seen = Seen(entry_id=entry.id, job_id=entry.picture.job_id)
        await pressed(world, zed, JudgeButton(theirs.id, Verb.APPROVE, seen, words_for("en-US")))
        assert await states(rounds, challenge) == {"Ada": EntryState.WAITING}
