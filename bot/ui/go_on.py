"""The buttons that ask for a new picture made from an earlier one: again, with more or less style, larger."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import discord

from bot.jobs import variation
from bot.ui.defaults import defaults, in_time
from bot.ui.earlier import (
    SECONDS_TO_LOOK,
    check_kept,
    check_new,
    earlier_in_time,
    finished,
    order_like,
    public_words,
)
from bot.ui.order import Order, take
from bot.ui.text import result_buttons as text
from bot.ui.words import Words
from nst_engine.contract.params import StylizeParams

if TYPE_CHECKING:
    from bot.ui.client import Services

Interaction = discord.Interaction[Any]


async def again(interaction: Interaction, job_id: str) -> None:
    found = finished(await earlier_in_time(interaction, job_id))
    params = variation.again(found.job.params, secrets.randbelow)
    remark = text.again(params, await public_words(interaction))
    await ask_for(interaction, order_like(found, params, remark, member_id=interaction.user.id))


async def more_style(interaction: Interaction, job_id: str) -> None:
    await _changed(interaction, job_id, variation.more_style, text.more_style)


async def less_style(interaction: Interaction, job_id: str) -> None:
    await _changed(interaction, job_id, variation.less_style, text.less_style)


async def other_colours(interaction: Interaction, job_id: str) -> None:
    await _changed(
        interaction, job_id, variation.other_colours, lambda _before, after, say: text.other_colours(after, say)
    )


async def larger(interaction: Interaction, job_id: str) -> None:
    """Goes on from the result, which is a better start than any other."""
    found = finished(await earlier_in_time(interaction, job_id))
    settings = await defaults(interaction)
    before = found.job.params
    after = variation.larger(before, limit_px=settings.max_size_px)
    remark = text.larger(before, after, await public_words(interaction))
    order = order_like(found, after, remark, member_id=interaction.user.id, start_blob=found.job.result_blob)
    await ask_for(interaction, order)


async def try_again(interaction: Interaction, job_id: str) -> None:
    """The very same, after it failed or was cancelled."""
    found = await earlier_in_time(interaction, job_id)
    say = await public_words(interaction)
    remark = say(text.AGAIN_AS_BEFORE)
    start_blob = found.job.start_blob
    order = order_like(found, found.job.params, remark, member_id=interaction.user.id, start_blob=start_blob)
    await ask_for(interaction, order)


async def ask_for(interaction: Interaction, order: Order) -> None:
    """Take the order, unless its pictures are gone or it was given already. Raises CannotGoOn, QueueUnavailable."""
    services: Services = interaction.client.services
    await in_time(_check(order, interaction.user.id, services), within=SECONDS_TO_LOOK / 2)
    await take(interaction, order)


async def _check(order: Order, member_id: int, services: "Services") -> None:
    await check_kept(order, services.blobs)
    await check_new(order, member_id, services.store)


async def _changed(
    interaction: Interaction,
    job_id: str,
    change: Callable[[StylizeParams], StylizeParams],
    told: Callable[[StylizeParams, StylizeParams, Words], str],
) -> None:
    found = finished(await earlier_in_time(interaction, job_id))
    before = found.job.params
    after = change(before)
    remark = told(before, after, await public_words(interaction))
    await ask_for(interaction, order_like(found, after, remark, member_id=interaction.user.id))
