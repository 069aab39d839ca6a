"""What holds for somebody who asks for something: the server's rules, their block, and what they have had already."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from sqlalchemy import Connection

from bot.jobs.admission import Blocked, House, Refused, Visit, queue_limits
from bot.store.blocked import Block, find_block
from bot.ui.defaults import in_time
from bot.ui.visit import tenant_of, visit_of
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.quota import QueueLimits, Usage

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

SECONDS_FOR_A_FIRST_LOOK = 1.0
"""The queue may take so long to say what was asked for already; after that the request is answered first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    visit: Visit
    house: House
    usage: Usage

    @property
    def queue_limits(self) -> QueueLimits:
        return queue_limits(self.visit, self.house)


async def first_look(
    interaction: "discord.Interaction[StylizeClient]", *, within: float = SECONDS_FOR_A_FIRST_LOOK
) -> FirstLook:
    """Where the queue does not tell in time what was asked for, nothing was; saving the job looks for good.

    The server's rules are needed in any case. Raises QueueUnavailable.
    """
    services = interaction.client.services
    house = House(services.limits, await in_time(services.settings.of(interaction.guild_id)))
    try:
        async with asyncio.timeout(within):
            block, usage = await _block(interaction), await _usage(interaction)
    except (TimeoutError, QueueUnavailable) as error:
        log.warning("answering before asking the queue user=%s why=%r", interaction.user.id, error)
        block, usage = None, Usage(now=time.time())
    return FirstLook(visit=visit_of(interaction, block), house=house, usage=usage)


def not_blocked(
    interaction: "discord.Interaction[StylizeClient]", tenant_id: str | None = None
) -> Callable[[Connection], None]:
    """For the transaction that saves the job: the member may have been blocked since the first look.

    `tenant_id`: by another server than the one that the interaction comes from.
    """
    tenant_id, user_id = tenant_id or tenant_of(interaction), str(interaction.user.id)

    def guard(connection: Connection) -> None:
        block = find_block(connection, tenant_id, user_id)
        if block is not None:
            raise Refused(Blocked(block.reason))

    return guard


async def _block(interaction: "discord.Interaction[StylizeClient]") -> Block | None:
    return await interaction.client.services.blocked.find(tenant_of(interaction), str(interaction.user.id))


async def _usage(interaction: "discord.Interaction[StylizeClient]") -> Usage:
    store = interaction.client.services.store
    return await store.usage(tenant_id=tenant_of(interaction), owner_id=str(interaction.user.id))
