"""Explains the public answers of requests that never became jobs, because the bot ended while it read the pictures."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import discord
from pydantic import ValidationError

from bot.jobs.address import Address
from bot.jobs.errors import BotError, MessageGone, NotAnswered
from bot.jobs.pace import Pace
from bot.ui.places import hook, place, translated
from bot.ui.text.refusals import RESTARTED
from bot.ui.words import words_for
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.intake import Intake

log = logging.getLogger(__name__)

LeftOver = tuple[str, dict[str, Any]]
"""Id and address of a request, as `Intake.left_over` returns it."""


async def explain_left_over(client: discord.Client, intake: Intake, requests: Sequence[LeftOver], pace: Pace) -> None:
    """Until everybody has been told who can be told. The client has logged in."""
    attempts = 0
    while requests and attempts < pace.delivery_attempts:
        if attempts:
            await asyncio.sleep(pace.retry_after(attempts))
        attempts += 1
        requests = [request for request in requests if not await _is_settled(client, intake, request)]
    if requests:
        log.error("left-over requests not explained count=%s attempts=%s", len(requests), attempts)


async def _is_settled(client: discord.Client, intake: Intake, request: LeftOver) -> bool:
    request_id, address = request
    try:
        await _explain(client, request_id, address)
        await intake.end(request_id)
    except (NotAnswered, QueueUnavailable) as error:
        log.warning("left-over request not settled yet request=%s why=%r", request_id, error)
        return False
    return True


async def _explain(client: discord.Client, request_id: str, saved: dict[str, Any]) -> None:
    """Say it in place of the starter line. Raises NotAnswered; where nobody can be told, the log says why."""
    try:
        await _edit_starter(client, Address.model_validate(saved))
    except NotAnswered:
        raise
    except (BotError, ValidationError) as error:
        log.warning("left-over request cannot be explained request=%s why=%r", request_id, error)
    else:
        log.info("left-over request explained request=%s", request_id)


async def _edit_starter(client: discord.Client, address: Address) -> None:
    if address.starter_message_id is None:
        raise MessageGone("there is no starter line")
    sentence, nobody = words_for(address.locale)(RESTARTED), discord.AllowedMentions.none()
    with translated():
        if address.webhook is not None:
            answer = hook(client, address.webhook)
            await answer.edit_message(address.starter_message_id, content=sentence, allowed_mentions=nobody)
        else:
            starter = place(client, address.starter_channel_id, address.guild_id)
            message = starter.get_partial_message(address.starter_message_id)
            await message.edit(content=sentence, allowed_mentions=nobody)
