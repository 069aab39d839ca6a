"""Makes the draft of a challenge: everything is looked at before anything is saved, the pictures last."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import discord

from bot.challenges.creation import CannotCreate, Clash, Plan, TypedTimes, check_weeks, plan
from bot.challenges.times import MEMBERSHIP, parse_length
from bot.challenges.values import Challenge, ChallengeStyle, NewChallenge, Terms, VotingMode
from bot.jobs.admission import House, Refused, Request, refuse
from bot.jobs.choices import names_in, the_styles
from bot.settings.language import language_of
from bot.settings.server import ServerSettings
from bot.ui.challenges.unfinished import check_unfinished
from bot.ui.challenges.venue import check_ping_role, check_winner_role, venue_of
from bot.ui.from_library import named_styles
from bot.ui.sources import Attached, Source
from bot.ui.text.names import plain, title
from bot.ui.visit import tenant_of
from bot.ui.words import words_for
from nst_engine.contract.params import MIN_SIZE_PX

if TYPE_CHECKING:
    from bot.ui.client import Services, StylizeClient

Interaction: TypeAlias = "discord.Interaction[StylizeClient]"
log = logging.getLogger(__name__)

STYLE_SIDE_PX = 1024
"""Of the picture of a style on the card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a moderator chose; what they left out is empty or None."""

    title: str
    description: str
    uploads: tuple[discord.Attachment, ...]
    names: str
    """Styles of the library, with commas between them."""
    times: TypedTimes
    mode: VotingMode
    hearts: int | None
    entries_per_member: int
    needs_approval: bool
    enter_role: discord.Role | None
    vote_role: discord.Role | None
    member_for: str
    ping_role: discord.Role | None
    winner_role: discord.Role | None
    channel_id: int | None
    is_weekly: bool


async def make_draft(interaction: Interaction, wanted: Wanted) -> Challenge:
    """Raises what is told to whoever asked."""
    services = interaction.client.services
    if not plain(wanted.title):
        raise CannotCreate(Clash.NO_TITLE)
    place = venue_of(interaction, wanted.channel_id)
    check_winner_role(interaction, wanted.winner_role)
    check_ping_role(interaction, wanted.ping_role, place)
    planned = plan(wanted.times, services.clock.now(), is_weekly=wanted.is_weekly)
    member_for_seconds = parse_length(wanted.member_for, MEMBERSHIP) if wanted.member_for.strip() else 0.0
    await check_unfinished(interaction)
    locale = await _locale(interaction)
    styles = await _styles(interaction, wanted, locale)
    terms = _terms(wanted, planned, styles).model_copy(
        update={"member_for_seconds": member_for_seconds, "locale": locale}
    )
    draft = await services.challenges.challenges.create(
        NewChallenge(
            tenant_id=tenant_of(interaction),
            title=plain(wanted.title),
            terms=terms,
            channel_id=place.id,
            opens_at=planned.opens_at,
            entries_end_at=planned.end.at,
            created_by=str(interaction.user.id),
        ),
        services.clock.now(),
    )
    log.info("drafted challenge=%s guild=%s user=%s", draft.id, interaction.guild_id, interaction.user.id)
    return draft


def _terms(wanted: Wanted, planned: Plan, styles: tuple[ChallengeStyle, ...]) -> Terms:
    """A series begins with the first of the styles; a single challenge has them all."""
    now, later = (styles[:1], styles[1:]) if wanted.is_weekly else (styles, ())
    return Terms(
        description=wanted.description.strip(),
        styles=now,
        later_styles=later,
        mode=wanted.mode,
        hearts=wanted.hearts,
        entries_per_member=wanted.entries_per_member,
        voting_seconds=planned.voting_seconds,
        ends_at_a_moment=planned.end.is_fixed,
        enter_role_ids=_needed(wanted.enter_role),
        vote_role_ids=_needed(wanted.vote_role),
        ping_role_id=wanted.ping_role.id if wanted.ping_role else None,
        winner_role_id=wanted.winner_role.id if wanted.winner_role else None,
        needs_approval=wanted.needs_approval,
    )


def _needed(role: discord.Role | None) -> tuple[int, ...]:
    """Everybody has the default role, so that it asks for nothing."""
    return () if role is None or role.is_default() else (role.id,)


async def _locale(interaction: Interaction) -> str:
    """The server's language: as its admins chose, else as Discord has it."""
    settings = await interaction.client.services.settings.of(interaction.guild_id)
    return language_of(settings.language or str(interaction.guild_locale))


async def _styles(interaction: Interaction, wanted: Wanted, locale: str) -> tuple[ChallengeStyle, ...]:
    """Raises WrongChoice, CannotCreate, and what reading a picture raises."""
    services = interaction.client.services
    uploads = [Attached(file) for file in wanted.uploads]
    if wanted.is_weekly:
        check_weeks(len(names_in(wanted.names)), uploads=len(uploads))
    _check_uploads(services, uploads)
    sources: list[Source] = [*uploads, *await named_styles(services.library, tenant_of(interaction), wanted.names)]
    if sources and not wanted.is_weekly:
        sources = list(the_styles(sources))
    return tuple([await _kept(services, source, locale) for source in sources])  # few are in memory at a time


def _check_uploads(services: "Services", uploads: list[Attached]) -> None:
    """By what Discord says about them. Raises Refused."""
    request = Request(uploads=tuple(file.declared("style") for file in uploads), size_px=MIN_SIZE_PX)
    if (why := refuse(request, House(services.limits, ServerSettings()))) is not None:
        raise Refused(why)


async def _kept(services: "Services", source: Source, locale: str) -> ChallengeStyle:
    """With a small picture for the card. Raises what reading a picture raises."""
    whole = await services.reader.read(source, "style")
    small = await services.thumbnails(await services.blobs.get(whole.key), side_px=STYLE_SIDE_PX, role="style")
    return ChallengeStyle(
        name=title(source.name, words_for(locale)),
        blob=whole.key,
        thumbnail_blob=await services.blobs.put(small),
        width=whole.facts.width,
        height=whole.facts.height,
    )
