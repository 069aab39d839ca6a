"""My entry: what a member has in a challenge, what waits to be entered, and what is still being painted."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.challenges.values import Challenge, EntryState, Phase
from bot.jobs.address import Address
from bot.ui.challenges.buttons import ChallengeButton, Verb
from bot.ui.words import words_for
from nst_engine.contract.events import FailureReason
from tests.bot_world import CAT, World, buttons, until, words
from tests.challenge_photos import (
    delivered,
    entries_of,
    finish,
    hand_in,
    mine,
    open_job,
    results_of,
    shown_first,
)
from tests.challenge_rounds import DAY, Rounds, challenge_world
from tests.elsewhere import closes_direct_messages
from tests.result_acts import said_in_private

MOST_COMPONENTS = 40
MOST_FILES = 10
MOST_TEXT = 4000


def shown(answer: Any) -> discord.Message:
    """What the member sees; it is edited as they press its buttons."""
    message: discord.Message = answer.response.message
    return message


def within_limits(message: discord.Message) -> bool:
    """Of a message made of components."""
    count = len(list(discord.ui.LayoutView.from_message(message).walk_children()))
    return count <= MOST_COMPONENTS and len(message.attachments) <= MOST_FILES and len(words(message)) <= MOST_TEXT


async def posted_button(world: World, challenge: Challenge) -> discord.Message:
    """As messages have it that were posted while the challenge went on."""
    view = discord.ui.View(timeout=None)
    view.add_item(ChallengeButton(challenge.id, Verb.MINE, words_for("en-US")))
    return await world.app.client.get_partial_messageable(world.channel.id).send("look", view=view)


async def entered(world: World, challenge: Challenge, number: int = 1) -> None:
    rounds = Rounds(world)
    for _ in range(number):
        await rounds.enter(challenge, world.ann)


async def test_who_has_nothing_is_told_what_to_do(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        answer = await mine(world)
        assert answer.ephemeral
        assert words(shown(answer)) == (
            f"### Waves\n-# Entries close <t:{round(challenge.schedule.entries_end_at)}:R>\n"
            "You have no entry in this challenge yet. Press **Enter** to have a photo painted for it."
        )


async def test_an_entry_is_shown_and_withdrawn_after_a_question(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        logs = world.guild.create_text_channel("logs")
        await world.app.client.services.settings.set(world.guild.id, "log_channel_id", logs.id, by=1)
        challenge = await Rounds(world).announced()
        await entered(world, challenge)
        answer = await mine(world)
        assert "**Entered** <t:" in words(shown(answer))
        assert buttons(shown(answer)) == ["Replace", "Withdraw"]
        assert len(shown(answer).attachments) == 1
        await world.restart()
        await world.ann.click(shown(answer), label="Withdraw")
        assert buttons(shown(answer)) == ["Yes, withdraw it", "Keep it"]
        await world.ann.click(shown(answer), label="Keep it")
        assert buttons(shown(answer)) == ["Replace", "Withdraw"]
        await world.ann.click(shown(answer), label="Withdraw")
        await world.restart()
        await world.ann.click(shown(answer), label="Yes, withdraw it")
        assert words(shown(answer)).startswith("Your entry is withdrawn.")
        (entry,) = await entries_of(world, challenge)
        assert entry.state is EntryState.WITHDRAWN
        line = f"↩️ {world.ann.mention} withdrew an entry from the challenge **Waves**."
        await until(lambda: line in "\n".join(message.content for message in world.history(logs)))


async def test_an_entry_is_replaced_by_a_photo_of_the_same_form(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced(entries_per_member=2)
        await entered(world, challenge)
        answer = await mine(world)
        await world.restart()
        form = await world.ann.click(shown(answer), label="Replace")
        await world.restart()
        await world.ann.submit_modal(form, {"photo": [CAT]})
        job = await open_job(world)
        assert Address.model_validate(job.address).replaces_entry_id is not None
        await finish(world)
        (message,) = results_of(world, world.ann)
        pressed = await world.ann.user.click(message, label="Enter this picture")
        assert said_in_private(pressed) == "The picture is in the challenge, in place of your earlier one."
        (entry,) = await entries_of(world, challenge)
        assert entry.picture.job_id == job.id


async def test_an_entry_that_was_withdrawn_meanwhile_is_no_longer_replaced(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        await entered(world, challenge)
        answer = await mine(world)
        (entry,) = await entries_of(world, challenge)
        await rounds.desk.entries.withdraw(entry.id, str(world.ann.id))
        gone = "This entry is not in the challenge any more."
        for label in ("Replace", "Withdraw"):
            assert said_in_private(await world.ann.click(shown(answer), label=label)) == gone


async def test_the_reason_of_a_removal_and_a_wait_for_approval_are_said(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced(needs_approval=True, entries_per_member=2)
        await entered(world, challenge, 2)
        first, _ = await entries_of(world, challenge)
        await rounds.desk.entries.remove(challenge.tenant_id, first.id, by="1", reason="no *cats*", now=rounds.now)
        said = words(shown(await mine(world)))
        assert "A moderator removed this picture from the challenge: no \\*cats\\*" in said
        assert "**Handed in**: a moderator looks at it before everybody sees it." in said


async def test_pictures_that_are_not_entered_wait_there_and_can_be(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        await shown_first(world)
        answer = await mine(world)
        assert "**Painted, but not entered yet**\n**cat** in the style of **Great Wave**" in words(shown(answer))
        assert buttons(shown(answer)) == ["Enter this picture"]
        assert [file.filename[:8] for file in shown(answer).attachments] == ["painted-"]
        await world.restart()
        pressed = await world.ann.click(shown(answer), label="Enter this picture")
        assert said_in_private(pressed).startswith("Your picture is in the challenge")
        assert len(await entries_of(world, challenge)) == 1
        assert buttons(shown(await mine(world))) == ["Replace", "Withdraw"]


async def test_what_is_being_painted_is_shown_with_how_far_it_is(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        await Rounds(world).announced()
        await world.engine.check_in()
        await hand_in(world)
        await hand_in(world)
        await world.engine.report(await world.engine.claim(), 10)
        said = words(shown(await mine(world)))
        assert "**Waiting** · next in the queue" in said
        assert "step 10 of 100" in said


async def test_after_the_end_the_place_of_each_entry_is_shown(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        await rounds.enter(challenge, world.ann)
        other = await rounds.enter(challenge, world.member("bob"))
        await world.env.advance_time(DAY + 1)
        await rounds.when_in(challenge, Phase.VOTING)
        await rounds.heart(challenge, world.ann, other)
        await world.env.advance_time(DAY)
        await rounds.when_in(challenge, Phase.CLOSED)
        answer = await mine(world, message=await posted_button(world, challenge))
        assert "Place **2** of 2" in words(shown(answer))
        assert buttons(shown(answer)) == []


async def test_ten_entries_and_waiting_pictures_stay_within_discords_limits(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced(entries_per_member=10)
        await entered(world, challenge, 9)
        for _ in range(3):
            await shown_first(world)
        for _ in range(3):
            await hand_in(world)
        answer = await mine(world)
        assert within_limits(shown(answer))
        assert buttons(shown(answer))[-2:] == ["Previous", "Next"]
        await world.ann.click(shown(answer), label="Next")
        assert len(shown(answer).attachments) == 3
        assert within_limits(shown(answer))


async def test_a_picture_that_could_not_be_painted_says_so_until_there_is_a_newer_one(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        await Rounds(world).announced()
        await hand_in(world)
        job = await world.engine.claim()
        await world.engine.fail(job, FailureReason.TIMED_OUT)
        await delivered(world, job.id)
        assert "**Failed**\nThe engine took too long" in words(shown(await mine(world)))
        await shown_first(world)
        assert "Failed" not in words(shown(await mine(world)))


async def test_with_closed_direct_messages_the_picture_waits_under_my_entry(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody can say how long it takes: no engine runs. It is taken all the same, and nothing is lost."""
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        closes_direct_messages(world, world.ann.user)
        answer = await hand_in(world)
        await until(lambda: answer.response.flags.components_v2)
        assert "the picture will be waiting for you under **My entry** in the challenge." in words(shown(answer))
        await world.env.advance_time(16 * 60)
        await world.restart()
        job = await world.engine.claim()
        await world.engine.finish(job)
        await delivered(world, job.id)
        assert "nobody could be told" not in caplog.text
        assert results_of(world, world.ann) == []
        assert len(world.history(world.channel)) == 1
        waiting = await mine(world)
        pressed = await world.ann.click(shown(waiting), label="Enter this picture")
        assert said_in_private(pressed).startswith("Your picture is in the challenge")
        assert len(await entries_of(world, challenge)) == 1


async def test_with_closed_direct_messages_a_quick_picture_is_shown_in_the_answer_and_entered_there(
    tmp_path: Path,
) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        await world.engine.check_in()
        closes_direct_messages(world, world.ann.user)
        await hand_in(world)
        await finish(world)
        seen = world.channel.history(viewer=world.ann)
        (result,) = [one for one in seen if any("stylized-" in file.filename for file in one.attachments)]
        pressed = await world.ann.click(result, label="Enter this picture")
        assert said_in_private(pressed).startswith("Your picture is in the challenge")
        (entry,) = await entries_of(world, challenge)
        assert entry.author.name == "ann"
