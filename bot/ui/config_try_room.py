"""Where the pictures of a try are shown: in the answer to the command while that lasts, then in direct messages, at
last in the server's log channel."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Sequence

import discord
from discord import ui

from bot.jobs.errors import MessageGone, NoPlaceLeft, PlaceGone, Rejected, ResultUnreadable
from bot.jobs.pace import Clock
from bot.jobs.trials import Cell, Progress, Trial, TrialPlan
from bot.settings.in_force import Settings
from bot.settings.language import Language
from bot.settings.presets import Line
from bot.ui.config_try_buttons import TrialButton, Verb
from bot.ui.contact_sheet import Heading, SheetWords, contact_sheet
from bot.ui.places import AnswerSpot, ChannelSpot, Post, Spot, direct_channel, hook, translated
from bot.ui.text import trying as text
from bot.ui.words import Words, words_for, words_in
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.blobs import BlobStore

log = logging.getLogger(__name__)

NOBODY = discord.AllowedMentions.none()


class DiscordShowroom:
    """A `Showroom` for `bot.jobs.trial_keeper`."""

    def __init__(self, client: discord.Client, blobs: BlobStore, settings: Settings, clock: Clock) -> None:
        self._client = client
        self._blobs = blobs
        self._settings = settings
        self._clock = clock

    async def show(self, trial: Trial, progress: Progress) -> None:
        say = words_for(trial.plan.locale)
        await self._say(trial, text.progress(trial.plan, progress, say), stop_view(trial.id, say))

    async def clear(self, trial: Trial) -> None:
        await self._say(trial, words_for(trial.plan.locale)(text.STOPPED), None)

    async def hang(self, trial: Trial, cells: Sequence[Cell]) -> None:
        """Raises NoPlaceLeft and what else a post may meet."""
        sheet = await self._sheet(trial.plan, cells)
        async for spot in self._spots(trial):
            try:
                message_id = await spot.post(_post(trial, cells, sheet))
            except (PlaceGone, Rejected) as error:
                log.warning("try cannot be shown here trial=%s spot=%s why=%r", trial.id, spot, error)
                continue
            log.info("try shown trial=%s spot=%s message=%s", trial.id, spot, message_id)
            return
        raise NoPlaceLeft(f"guild {trial.tenant_id}, user {trial.plan.user_id}")

    async def _say(self, trial: Trial, sentence: str, view: ui.View | None) -> None:
        """In the answer; where that is over or gone, nowhere."""
        if (answer := self._answer(trial)) is None:
            return
        try:
            with translated():
                await hook(self._client, answer.webhook).edit_message(
                    answer.message_id, content=sentence, view=view, allowed_mentions=NOBODY
                )
        except (PlaceGone, MessageGone) as error:
            log.info("nobody sees how far a try is trial=%s why=%r", trial.id, error)

    def _answer(self, trial: Trial) -> AnswerSpot | None:
        if trial.webhook is None or trial.message_id is None or self._clock.now() >= trial.webhook.until:
            return None
        return AnswerSpot(self._client, trial.webhook, trial.message_id, trial.plan.guild_id)

    async def _spots(self, trial: Trial) -> AsyncIterator[Spot]:
        if (answer := self._answer(trial)) is not None:
            yield answer
        if (direct := await direct_channel(self._client, trial.plan.user_id)) is not None:
            yield ChannelSpot(self._client, direct)
        settings = await self._settings.of(trial.plan.guild_id)
        if settings.log_channel_id is not None:
            yield ChannelSpot(self._client, settings.log_channel_id, trial.plan.guild_id)

    async def _sheet(self, plan: TrialPlan, cells: Sequence[Cell]) -> bytes | None:
        """None where there is no picture at all. Raises ResultUnreadable."""
        if all(cell.blob is None for cell in cells):
            return None
        try:
            pictures = [None if cell.blob is None else await self._blobs.get(cell.blob) for cell in cells]
            return await asyncio.to_thread(_composed, plan, pictures)
        except (QueueUnavailable, OSError) as error:
            raise ResultUnreadable(str(error)) from error


def stop_view(trial_id: int, say: Words) -> ui.View:
    view = ui.View(timeout=None)
    view.add_item(TrialButton(trial_id, Verb.STOP, say))
    return view


def _sheet_view(trial_id: int, say: Words) -> ui.View:
    view = ui.View(timeout=None)
    for verb in (Verb.USE, Verb.SAVE):
        view.add_item(TrialButton(trial_id, verb, say))
    return view


def _post(trial: Trial, cells: Sequence[Cell], sheet: bytes | None) -> Post:
    """A fresh file each time: a failed attempt may have read it to its end."""
    plan, say = trial.plan, words_for(trial.plan.locale)
    nonce = f"trial-{trial.id}"
    if sheet is None:
        return Post(content=say(text.NOT_PAINTED), nonce=nonce, mentions=NOBODY)
    file = discord.File(
        io.BytesIO(sheet),
        filename=f"compared-{trial.id}.png",
        description=text.sheet_alt_text(plan.grid, say),
        spoiler=plan.covered,
    )
    failed = sum(cell.blob is None for cell in cells)
    content = text.sheet(plan, failed, say)
    return Post(content=content, file=file, view=_sheet_view(trial.id, say), nonce=nonce, mentions=NOBODY)


def _composed(plan: TrialPlan, pictures: Sequence[bytes | None]) -> bytes:
    """In the admin's language as far as there are letters for it, else in English."""
    both = (words_for(plan.locale), words_in(Language.ENGLISH))
    rows = plan.grid.rows
    return contact_sheet(
        pictures,
        _heading(plan.grid.columns, both),
        None if rows is None else _heading(rows, both),
        SheetWords(now=tuple(say(text.NOW_MARK) for say in both), missing=tuple(say(text.MISSING) for say in both)),
        current=plan.current,
    )


def _heading(line: Line, both: Sequence[Words]) -> Heading:
    return Heading(
        title=tuple(say(text.NAMES[line.tunable]) for say in both),
        values=tuple(tuple(text.value(line.tunable, value, say) for say in both) for value in line.values),
    )
