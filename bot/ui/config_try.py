"""`/config try`: a small pair painted with several settings, side by side, before any of them is saved."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.jobs.admission import House, Refused, Request, Role, refuse
from bot.jobs.trials import SIZE_PX, Progress, TrialPlan
from bot.settings.catalogue import find_setting
from bot.settings.in_force import InForce
from bot.settings.presets import (
    MOST_VALUES,
    SETTING_OF,
    Grid,
    Line,
    NoScale,
    Tunable,
    Value,
    line,
    params_of,
    parse_scale,
    parts_of,
)
from bot.settings.typed import BadValue, parse
from bot.store.trials import TrialUnderWay
from bot.ui import config_typing as typing
from bot.ui.config_try_room import stop_view
from bot.ui.config_try_typing import suggest_tunables, suggest_values, suggest_values2
from bot.ui.errors import mistakes_answered
from bot.ui.from_library import kept, named_styles, suggest_styles
from bot.ui.gate import is_manager
from bot.ui.places import webhook_of
from bot.ui.private_answer import hold, tell
from bot.ui.reading import KeptPicture
from bot.ui.sources import Attached, Source
from bot.ui.text import trying as text
from bot.ui.text.settings import problem
from bot.ui.visit import is_age_restricted, tenant_of, visit_of
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]
_LOC = app_commands.locale_str
_ROLES: tuple[Role, Role] = ("content", "style")


class BadTry(Exception):
    """There is nothing to paint; says why, in the admin's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was typed and attached."""

    photo: discord.Attachment
    lines: tuple[tuple[str, str], ...]
    """Settings and their values; the second may be empty."""
    style: discord.Attachment | None
    from_library: str


def add_try_command(group: app_commands.Group) -> None:
    """To `/config`."""

    @group.command(name="try", description=_LOC(text.TRY_DESCRIPTION))
    @app_commands.describe(
        photo=_LOC(text.PHOTO_OPTION),
        setting=_LOC(text.SETTING_OPTION),
        values=_LOC(text.VALUES_OPTION),
        setting2=_LOC(text.SETTING2_OPTION),
        values2=_LOC(text.VALUES2_OPTION),
        style=_LOC(text.STYLE_OPTION),
        from_library=_LOC(text.LIBRARY_OPTION),
    )
    @app_commands.autocomplete(
        setting=suggest_tunables,
        setting2=suggest_tunables,
        values=suggest_values,
        values2=suggest_values2,
        from_library=suggest_styles,
    )
    async def try_(  # noqa: PLR0913  # Discord shows an option for each
        interaction: "discord.Interaction[StylizeClient]",
        photo: discord.Attachment,
        setting: str,
        values: str,
        *,
        setting2: str = "",
        values2: str = "",
        style: discord.Attachment | None = None,
        from_library: str = "",
    ) -> None:
        asked = _Asked(
            photo=photo, lines=((setting, values), (setting2, values2)), style=style, from_library=from_library
        )
        if await is_manager(interaction):
            await _answer(interaction, asked)


async def _answer(interaction: "discord.Interaction[StylizeClient]", asked: _Asked) -> None:
    await hold(interaction)
    say = words_of(interaction)
    async with mistakes_answered(interaction):
        try:
            await _begin(interaction, asked)
        except BadTry as why:
            await tell(interaction, str(why))
        except BadValue as why:
            await tell(interaction, problem(why.setting, why.problem, say))
        except NoScale:
            await tell(interaction, text.no_scale(say))
        except TrialUnderWay as why:
            await _offer_to_stop(interaction, why.trial_id, say)


async def _begin(interaction: "discord.Interaction[StylizeClient]", asked: _Asked) -> None:
    """Save it first; from then on a keeper sees it through. Raises what a try may be refused for."""
    services, say = interaction.client.services, words_of(interaction)
    in_force = await services.settings.in_force(interaction.guild_id)
    grid = _grid(interaction, asked.lines, in_force)
    if (before := await services.trials.store.open_one(tenant_of(interaction))) is not None:
        raise TrialUnderWay(before)
    sources = (Attached(asked.photo), await _style(interaction, asked, say))
    _admit(interaction, sources, in_force)
    pictures = await services.reader.read_all(list(zip(sources, _ROLES, strict=True)))
    plan = _plan(interaction, grid, in_force, sources, pictures)
    webhook = webhook_of(interaction, ephemeral=True).model_dump_json()
    trial = await services.trials.store.begin(tenant_of(interaction), plan.model_dump_json(), webhook)
    log.info("try begun trial=%s guild=%s user=%s cells=%s", trial.id, plan.guild_id, plan.user_id, len(plan.cells))
    try:
        now = Progress(painted=0, failed=0, running=0, total=len(plan.cells), has_engine=True)
        said = text.progress(plan, now, say)
        sent = await interaction.followup.send(said, view=stop_view(trial.id, say), ephemeral=True, wait=True)
        await services.trials.store.note_message(trial.id, sent.id)
    finally:
        services.trials.news.set()


async def _offer_to_stop(interaction: Interaction, trial_id: int | None, say: Words) -> None:
    if trial_id is None:
        return await tell(interaction, say(text.ALREADY))
    await interaction.followup.send(say(text.ALREADY), view=stop_view(trial_id, say), ephemeral=True)
    return None


def _grid(interaction: Interaction, lines: Sequence[tuple[str, str]], in_force: InForce) -> Grid:
    """Raises BadTry, BadValue and NoScale."""
    say = words_of(interaction)
    first, second = lines
    if bool(second[0].strip()) != bool(second[1].strip()):
        raise BadTry(say(text.SECOND_HALF))
    columns = _line(interaction, *first, in_force)
    rows = _line(interaction, *second, in_force) if second[0].strip() else None
    if rows is not None and rows.tunable is columns.tunable:
        raise BadTry(say(text.SAME_TWICE))
    grid = Grid(columns=columns, rows=rows)
    if len(grid.cells()) == 1:
        raise BadTry(say(text.NOTHING_TO_COMPARE))
    return grid


def _line(interaction: Interaction, named: str, typed: str, in_force: InForce) -> Line:
    say = words_of(interaction)
    tunable = tunable_called(named, say)
    if tunable is None:
        raise BadTry(text.unknown_setting(named, say))
    values = list(dict.fromkeys(_value(interaction, tunable, part, in_force) for part in parts_of(typed)))
    if not values:
        raise BadTry(say(text.NOTHING_TO_COMPARE))
    if len(values) > MOST_VALUES:
        raise BadTry(text.too_many(tunable, say))
    return line(tunable, values, in_force.settings)


def tunable_called(typed: str, say: Words) -> Tunable | None:
    """By its name, or as the admin's language calls it."""
    wanted = typed.strip().casefold()
    return next((one for one in Tunable if wanted in {one.value, say(text.NAMES[one]).casefold()}), None)


def _value(interaction: Interaction, tunable: Tunable, typed: str, in_force: InForce) -> Value:
    """As `/config set` understands it. Raises BadValue and NoScale."""
    setting = find_setting(SETTING_OF.get(tunable, ""))
    if setting is None:
        return parse_scale(typed)
    value = parse(setting, typed, typing.around(interaction, setting, in_force))
    return value if isinstance(value, str | int | float) else None


async def _style(interaction: "discord.Interaction[StylizeClient]", asked: _Asked, say: Words) -> Source:
    """The one that was given, or a painting that everybody has. Raises BadTry, WrongChoice and QueueUnavailable."""
    library = interaction.client.services.library
    if asked.style is not None and asked.from_library.strip():
        raise BadTry(say(text.TWO_STYLES))
    if asked.style is not None:
        return Attached(asked.style)
    if asked.from_library.strip():
        named = await named_styles(library, tenant_of(interaction), asked.from_library)
        if len(named) != 1:
            raise BadTry(say(text.UNKNOWN_STYLE_ONE))
        return named[0]
    listed = await library.listed(tenant_of(interaction))
    if not listed:
        raise BadTry(say(text.NO_STYLE))
    return kept(min(listed, key=lambda style: style.is_own))


def _admit(interaction: "discord.Interaction[StylizeClient]", sources: Sequence[Source], in_force: InForce) -> None:
    """As for any request, but that an admin may do it anywhere. Raises Refused."""
    declared = (source.declared(role) for source, role in zip(sources, _ROLES, strict=True))
    uploads = tuple(upload for upload in declared if upload is not None)
    anywhere = in_force.settings.model_copy(update={"allowed_channels": (), "allowed_roles": ()})
    request = Request(uploads=uploads, size_px=_size_px(in_force), visit=visit_of(interaction))
    if (why := refuse(request, House(interaction.client.services.limits, anywhere))) is not None:
        raise Refused(why)


def _plan(
    interaction: Interaction, grid: Grid, in_force: InForce, sources: Sequence[Source], pictures: Sequence[KeptPicture]
) -> TrialPlan:
    usual, size_px = in_force.settings, _size_px(in_force)
    cells = tuple(params_of(chosen, usual, size_px) for chosen in grid.cells())
    now = params_of({}, usual, size_px)
    content, style = pictures
    return TrialPlan(
        guild_id=interaction.guild_id or 0,
        channel_id=interaction.channel_id or 0,
        user_id=interaction.user.id,
        locale=str(interaction.locale),
        grid=grid,
        cells=cells,
        current=cells.index(now) if now in cells else None,
        content_blob=content.key,
        content_size=(content.facts.width, content.facts.height),
        content_name=sources[0].name,
        style_blob=style.key,
        style_name=sources[1].name,
        covered=is_age_restricted(interaction) or any(source.is_covered for source in sources),
    )


def _size_px(in_force: InForce) -> int:
    return min(SIZE_PX, in_force.settings.max_size_px)
