"""One request for a picture, whatever it came from: check what is declared, answer at once, have the pictures read,
save the job. A steward does the rest."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import discord

from bot.config import LimitSettings
from bot.jobs.address import Address
from bot.jobs.admission import House, Refused, Request, Role, Upload, Visit, must_be_covered, refuse
from bot.jobs.picture_names import PictureNames
from bot.ui.answer import answer
from bot.ui.direct_answer import refuse_what_takes_too_long, take_back
from bot.ui.errors import EXPECTED, answer_error
from bot.ui.first_look import FirstLook, first_look, not_blocked
from bot.ui.reading import KeptPicture
from bot.ui.sources import Source
from bot.ui.visit import tenant_of
from nst_engine.contract.params import StylizeParams
from nst_engine.contract.plan import fit
from nst_engine.contract.presets import estimated_cost
from nst_engine.contract.request import most_frames
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.jobs import NewJob

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a member asks for."""

    content: Source
    styles: tuple[Source, ...]
    params: StylizeParams
    start_blob: str | None = None
    """The picture to go on from, where `params.init` says so."""
    mask_blobs: tuple[str | None, ...] = ()
    """One for each style, or none at all: where it paints."""
    remark: str = ""
    """Said in public with the first answer, in the language of whoever asks."""
    spoiler: bool = False
    private: bool = False
    """Only the requester sees it."""
    age_restricted: bool = False
    """Made of a picture that was made in an age-restricted channel: covered wherever else it is shown."""
    challenge_id: int | None = None
    """The challenge that it is to be painted for."""
    replaces_entry_id: int | None = None
    """Whoever asks has this entry there, and wants another picture for it."""

    @property
    def names(self) -> PictureNames:
        return PictureNames(content=self.content.name, styles=tuple(style.name for style in self.styles))

    @property
    def pictures(self) -> tuple[tuple[Source, Role], ...]:
        return ((self.content, "content"), *((style, "style") for style in self.styles))


async def take(interaction: "discord.Interaction[StylizeClient]", order: Order) -> None:
    """Carry out a command, button or modal that asks for a picture, or say why not; nothing was answered yet."""
    try:
        await _take(interaction, order)
    except EXPECTED as error:
        await turn_down(interaction, error)
    except Exception:
        await _clear_up(interaction)
        raise


async def turn_down(interaction: "discord.Interaction[StylizeClient]", error: BaseException) -> None:
    """Tell the member why there will be no job. Never raises."""
    was_answered = interaction.response.is_done()
    await answer_error(interaction, error)
    if was_answered:
        await _clear_up(interaction)


async def _clear_up(interaction: "discord.Interaction[StylizeClient]") -> None:
    """Leave nothing of a request that comes to nothing. Never raises."""
    await take_back(interaction)
    try:
        await interaction.client.services.intake.end(str(interaction.id))
    except QueueUnavailable as silence:
        log.warning("the next start will look for this request again interaction=%s why=%r", interaction.id, silence)


async def _take(interaction: "discord.Interaction[StylizeClient]", order: Order) -> None:
    services = interaction.client.services
    look = await first_look(interaction)
    if (why := refuse(_request(order, look.visit), _house(order, look))) is not None:
        raise Refused(why)
    with services.under_way.admitted(str(interaction.user.id), tenant_of(interaction), look.usage, look.queue_limits):
        address = await answer(
            interaction,
            order.names,
            spoiler=_is_covered(order, look),
            private=order.private,
            remark=order.remark,
            language=look.house.settings.language,
        )
        address = address.model_copy(update=_about(order, look))
        await services.intake.begin(str(interaction.id), address.saved())
        pictures = await services.reader.read_all(order.pictures)
        job = _job(interaction, order, address, pictures)
        await refuse_what_takes_too_long(job, address, services.store)
        await services.store.submit(job, look.queue_limits, guard=not_blocked(interaction))
    log.info("submitted job=%s guild=%s user=%s", interaction.id, interaction.guild_id, interaction.user.id)


def _request(order: Order, visit: Visit) -> Request:
    return Request(
        uploads=tuple(_declared(order)),
        size_px=order.params.size,
        visit=visit,
    )


def _house(order: Order, look: FirstLook) -> House:
    """A challenge is entered where it takes place, whatever channels are there for pictures otherwise."""
    if order.challenge_id is None:
        return look.house
    return replace(look.house, settings=look.house.settings.model_copy(update={"allowed_channels": ()}))


def _is_covered(order: Order, look: FirstLook) -> bool:
    settings = look.house.settings
    covered = order.spoiler or any(source.is_covered for source, _ in order.pictures)
    return covered or must_be_covered(look.visit, settings, made_of_age_restricted=order.age_restricted)


def _about(order: Order, look: FirstLook) -> dict[str, object]:
    """What the address keeps of the order beside where it is answered."""
    return {
        "age_restricted": order.age_restricted or look.visit.age_restricted,
        "challenge_id": order.challenge_id,
        "replaces_entry_id": order.replaces_entry_id,
    }


def _declared(order: Order) -> list[Upload]:
    return [upload for source, role in order.pictures if (upload := source.declared(role)) is not None]


def _job(
    interaction: "discord.Interaction[StylizeClient]", order: Order, address: Address, pictures: Sequence[KeptPicture]
) -> NewJob:
    content, *styles = pictures
    size = (content.facts.width, content.facts.height)
    params = _with_frames(order.params, content, interaction.client.services.limits)
    return NewJob(
        id=str(interaction.id),
        owner_id=str(interaction.user.id),
        tenant_id=tenant_of(interaction),
        params=params,
        content_blob=content.key,
        style_blobs=tuple(style.key for style in styles),
        mask_blobs=order.mask_blobs,
        start_blob=order.start_blob,
        cost=estimated_cost(params, size, frames=params.frames),
        address=address.saved(),
    )


def _with_frames(params: StylizeParams, content: KeptPicture, limits: LimitSettings) -> StylizeParams:
    """As many frames as the content has, within what is allowed."""
    size = fit((content.facts.width, content.facts.height), params.size)
    frames = min(content.facts.frames, limits.max_frames, most_frames(size))
    timelapse_frames = limits.timelapse_frames if frames == 1 else 0
    return params.model_copy(update={"frames": frames, "timelapse_frames": timelapse_frames})
