"""From the Enter button to an entry: painted by the queue, shown to its owner first, entered when they say so."""

from pathlib import Path
from typing import Any

import discord

from bot.challenges.values import Challenge, EntryState, Phase
from bot.jobs.address import Address
from bot.ui.challenges.enter_result import EnterPictureButton
from bot.ui.words import words_for
from nst_engine.contract.params import KeepColours
from nst_engine.queue.jobs import Job
from tests.bot_world import CAT, WAVE, World, told, until
from tests.challenge_photos import (
    delivered,
    entries_of,
    finish,
    hand_in,
    open_job,
    pressed_enter,
    results_of,
    shown_first,
)
from tests.challenge_rounds import DAY, HOUR, Rounds, challenge_world
from tests.result_acts import labels, pressed_at_once, said_in_private

ENTERED = "Your picture is in the challenge **Waves**. With **My entry** you can replace or withdraw it."
ENTERED_LATE = ENTERED.replace("replace or withdraw", "withdraw")
TOO_LATE = "The time for entries is over: this challenge is being voted on."


def fields(shown: Any) -> list[str]:
    return [one["component"]["custom_id"] for one in shown.modal["components"] if "component" in one]


async def press(world: World, message: discord.Message, label: str = "Enter this picture", who: Any = None) -> Any:
    return await (who or world.ann).user.click(message, label=label)


async def posted_button(world: World, challenge: Challenge, job: Job) -> discord.Message:
    """The button as a message of the channel has it, where everybody can press it."""
    view = discord.ui.View(timeout=None)
    view.add_item(EnterPictureButton(challenge.id, job.id, words_for("en-US")))
    return await world.app.client.get_partial_messageable(world.channel.id).send("look", view=view)


async def test_a_photo_is_painted_in_the_challenges_style_and_shown_to_its_owner_alone(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        shown = await pressed_enter(world)
        assert shown.modal["title"] == "Waves"
        assert fields(shown) == ["photo", "spoiler"]
        assert shown.modal["components"][0]["content"] == (
            f"Entries close <t:{round(challenge.schedule.entries_end_at)}:R>. "
            "You see the picture first; nothing is entered until you say so."
        )
        answer = await world.ann.submit_modal(shown, {"photo": [CAT]})
        assert answer.ephemeral
        starter = world.history(world.ann.user.dm_channel)[0]
        assert starter.content == (
            "🎨 **cat** in the style of **Great Wave**\n"
            "For the challenge **Waves**. Nothing is entered until you say so."
        )
        job = await open_job(world)
        assert (job.params.size, job.params.strength) == (512, 50)
        assert job.style_blobs == (challenge.terms.styles[0].blob,)
        assert Address.model_validate(job.address).challenge_id == challenge.id
        await finish(world)
        (message,) = results_of(world, world.ann)
        assert labels(message)[0] == ["Enter this picture"]
        assert labels(message)[1][0] == "Again"
        assert message.content.endswith("-# It is not in the challenge until you enter it with the button below.")
        assert await entries_of(world, challenge) == []
        assert len(world.history(world.channel)) == 1


async def test_the_picture_is_entered_when_its_owner_says_so_and_once_only(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        message = await shown_first(world)
        answer = await press(world, message)
        assert told(answer) == ENTERED
        (entry,) = await entries_of(world, challenge)
        assert (entry.state, entry.author.name, entry.picture.covered) == (EntryState.SHOWN, "ann", False)
        assert (entry.picture.width, entry.picture.height) == (64, 48)
        for blob in (entry.picture.blob, entry.picture.thumbnail_blob):
            assert await world.app.blobs.has(blob)
        again = await press(world, message)
        assert told(again) == "This picture is in the challenge already."
        assert len(await entries_of(world, challenge)) == 1


async def test_a_double_click_is_one_entry(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced(entries_per_member=2)
        await hand_in(world)
        message = await posted_button(world, challenge, await finish(world))
        one = (world.ann, message, "Enter this picture")
        answers = await pressed_at_once(world, one, one)
        assert ENTERED in {said_in_private(answer) for answer in answers}
        assert len(await entries_of(world, challenge)) == 1


async def test_it_works_with_a_restart_at_every_step(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        await world.restart()
        shown = await pressed_enter(world)
        await world.restart()
        await world.ann.submit_modal(shown, {"photo": [CAT]})
        await world.restart()
        job = await world.engine.claim()
        await world.restart()
        await world.engine.finish(job)
        await delivered(world, job.id)
        (message,) = results_of(world, world.ann)
        await world.restart()
        assert told(await press(world, message)) == ENTERED
        await world.restart()
        assert len(await entries_of(world, challenge)) == 1


async def test_an_entry_that_a_moderator_looks_at_first_says_so(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced(needs_approval=True)
        answer = await press(world, await shown_first(world))
        assert told(answer) == (
            "Your picture is handed in for **Waves**. A moderator looks at it before everybody sees it."
        )
        (entry,) = await entries_of(world, challenge)
        assert entry.state is EntryState.WAITING


async def test_moderators_read_in_their_log_that_an_entry_waits_for_them(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        logs = world.guild.create_text_channel("logs")
        await world.app.client.services.settings.set(world.guild.id, "log_channel_id", logs.id, by=1)
        await Rounds(world).announced(needs_approval=True)
        await press(world, await shown_first(world))
        said = f"📥 An entry of {world.ann.mention} in the challenge **Waves** waits for approval."
        await until(lambda: any(said in message.content for message in world.history(logs)))


async def test_a_covered_picture_is_a_covered_entry(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        await press(world, await shown_first(world, spoiler=True))
        (entry,) = await entries_of(world, challenge)
        assert entry.picture.covered


async def test_a_free_theme_asks_for_a_painting_too(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        await Rounds(world).announced(styles=())
        shown = await pressed_enter(world)
        assert fields(shown) == ["photo", "painting", "spoiler"]
        await world.ann.submit_modal(shown, {"photo": [CAT], "painting": [WAVE]})
        job = await open_job(world)
        assert [await world.app.blobs.get(key) for key in job.style_blobs] == [WAVE[1]]


async def test_several_styles_are_all_used_alike(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        styles = (await rounds.style("One", "red"), await rounds.style("Two", "green"))
        await rounds.announced(styles=styles)
        await hand_in(world)
        job = await open_job(world)
        assert job.style_blobs == tuple(style.blob for style in styles)
        assert job.params.style_weights == ()


async def test_what_is_usual_in_the_server_holds_but_for_the_channels_for_pictures(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        settings = world.app.client.services.settings
        await settings.set(world.guild.id, "default_strength", 60, by=1)
        await settings.set(world.guild.id, "allowed_channels", [1], by=1)
        await Rounds(world).announced()
        await hand_in(world)
        job = await open_job(world)
        assert (job.params.strength, job.params.keep_colours) == (60, KeepColours.NO)


async def test_enter_and_its_form_say_why_it_is_not_possible_any_more(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        shown = await pressed_enter(world)
        for name in ("bob", "eve"):
            await rounds.enter(challenge, world.member(name))
        await world.env.advance_time(DAY + 1)
        await rounds.when_in(challenge, Phase.VOTING)
        assert said_in_private(await world.ann.submit_modal(shown, {"photo": [CAT]})) == TOO_LATE
        assert await world.app.store.open_jobs() == []


async def test_the_form_of_a_challenge_that_was_cancelled_says_so(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        shown = await pressed_enter(world)
        await rounds.desk.challenges.cancel(challenge.tenant_id, challenge.id, "", rounds.now)
        answer = await world.ann.submit_modal(shown, {"photo": [CAT]})
        assert said_in_private(answer) == "This challenge was cancelled."


async def test_who_lacks_the_role_is_told_so_before_the_form_and_before_the_entry(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        role = world.guild.create_role("painters")
        challenge = await Rounds(world).announced(enter_role_ids=(role.id,))
        refused = f"Only members with <@&{role.id}> can enter this challenge."
        assert said_in_private(await pressed_enter(world)) == refused
        pam = world.member("pam", role)
        message = await shown_first(world, pam)
        world.env.backend.guilds[world.guild.id].members[pam.id].role_ids.clear()
        assert told(await press(world, message, who=pam)) == refused
        assert await entries_of(world, challenge, pam) == []


async def test_who_has_left_the_server_enters_nothing(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        pam = world.member("pam")
        message = await shown_first(world, pam)
        world.guild.remove_member(pam)
        assert (
            told(await press(world, message, who=pam)) == "Only members of the server can take part in its challenges."
        )
        assert await entries_of(world, challenge, pam) == []


async def test_who_was_blocked_meanwhile_neither_hands_in_nor_enters(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced(entries_per_member=2)
        message = await shown_first(world)
        shown = await pressed_enter(world)
        blocked = world.app.client.services.blocked
        await blocked.block(str(world.guild.id), str(world.ann.id), reason="spam", by="1")
        for answer in (
            await press(world, message),
            await pressed_enter(world),
            await world.ann.submit_modal(shown, {"photo": [CAT]}),
        ):
            assert "spam" in said_in_private(answer)
        assert await entries_of(world, challenge) == []
        assert await world.app.store.open_jobs() == []


async def test_what_was_handed_in_before_the_end_may_be_entered_after_it_but_not_for_ever(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced(entries_per_member=2)
        for name in ("bob", "eve"):
            await rounds.enter(challenge, world.member(name))
        await world.env.advance_time(DAY - 60)
        await hand_in(world)
        await hand_in(world)
        await world.env.advance_time(120)
        await rounds.when_in(challenge, Phase.VOTING)
        await finish(world)
        await finish(world)
        first, second = results_of(world, world.ann)
        assert told(await press(world, first)) == ENTERED_LATE
        await world.env.advance_time(HOUR)
        assert told(await press(world, second)) == TOO_LATE
        assert len(await entries_of(world, challenge)) == 1


async def test_a_member_with_enough_entries_is_asked_which_one_to_replace(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        await hand_in(world)
        await hand_in(world)
        await finish(world)
        await finish(world)
        first, second = results_of(world, world.ann)
        await press(world, first)
        assert said_in_private(await pressed_enter(world)).startswith("You have 1 entry already")
        asked = await press(world, second)
        assert told(asked) == (
            "You have 1 entry already, which is all that one member may have. Shall this picture replace it?"
        )
        question = asked.response.message
        assert len(question.attachments) == 1
        await world.restart()
        done = await press(world, question, "Replace")
        assert done is not None
        (entry,) = await entries_of(world, challenge)
        before, after = sorted([first.attachments[0].filename, second.attachments[0].filename])
        assert entry.picture.job_id in after
        assert entry.picture.job_id not in before


async def test_a_picture_made_again_is_for_the_same_challenge_if_its_owner_asks(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        message = await shown_first(world)
        await press(world, message, "More style")
        job = await open_job(world)
        assert Address.model_validate(job.address).challenge_id == challenge.id
        await finish(world)
        better = results_of(world, world.ann)[-1]
        assert told(await press(world, better)) == ENTERED
        (entry,) = await entries_of(world, challenge)
        assert entry.picture.job_id == job.id


async def test_nobody_enters_anothers_picture(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        challenge = await Rounds(world).announced()
        await hand_in(world)
        message = await posted_button(world, challenge, await finish(world))
        answer = await world.member("eve").click(message, label="Enter this picture")
        assert told(answer) == "Only the member who had this picture painted can enter it."


async def test_an_entered_picture_is_deleted_only_after_it_was_withdrawn(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        message = await shown_first(world)
        await press(world, message)
        assert "Withdraw it there first" in told(await press(world, message, "Delete"))
        assert len(results_of(world, world.ann)) == 1
        (entry,) = await entries_of(world, challenge)
        await rounds.desk.entries.withdraw(entry.id, str(world.ann.id))
        assert told(await press(world, message, "Delete")) == "Deleted."
        assert results_of(world, world.ann) == []


async def test_after_the_end_a_deleted_picture_stays_in_the_archive_and_its_owner_is_told(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        rounds = Rounds(world)
        challenge = await rounds.announced()
        message = await shown_first(world)
        await press(world, message)
        await world.env.advance_time(DAY + 1)
        await rounds.when_in(challenge, Phase.CLOSED)
        assert told(await press(world, message, "Delete")) == (
            "Deleted here. It stays among the entries of its challenge, which is over."
        )
        (entry,) = await entries_of(world, challenge)
        assert await world.app.blobs.has(entry.picture.blob)


async def test_an_unfinished_picture_of_an_unusable_photo_is_refused_in_words(tmp_path: Path) -> None:
    async with challenge_world(tmp_path) as world:
        await Rounds(world).announced()
        world.check.bad[CAT[1]] = "is junk"
        assert "is junk" in said_in_private(await hand_in(world))
        assert await world.app.store.open_jobs() == []
        assert len(world.history(world.channel)) == 1
