"""What is done with a try: stop it, make one of its pictures the default, or keep one as a preset under a name."""

import asyncio
import logging
import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.jobs.admission import NotPermitted, Refused
from bot.jobs.errors import BotError
from bot.jobs.trials import Trial, trial_of
from bot.settings.catalogue import SETTINGS
from bot.settings.presets import BUILT_IN, Tunable, as_defaults, choices_of
from bot.store.presets import LONGEST_NAME, BadPresetName, KeptPreset, NoSuchPreset, PresetNameTaken, TooManyPresets
from bot.store.setting_changes import How
from bot.ui.command_names import command
from bot.ui.config_changing import make, tell_made
from bot.ui.defaults import in_time
from bot.ui.earlier import SECONDS_TO_LOOK, CannotGoOn
from bot.ui.modals import Form, Route, modal
from bot.ui.modals import show as show_form
from bot.ui.places import translated
from bot.ui.pressing import carry_out
from bot.ui.private_answer import hold, tell
from bot.ui.text import trying as text
from bot.ui.visit import may_manage_server
from bot.ui.words import Words, words_of
from nst_engine.contract.jobs import JobState
from nst_engine.queue.store import JobStore

if TYPE_CHECKING:
    from bot.ui.client import Services

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]
SECONDS_TO_ASK_DISCORD = 1.5


async def stop(interaction: Interaction, trial_id: int) -> None:
    """Raises CannotGoOn, Refused and QueueUnavailable."""
    await hold(interaction)
    services: Services = interaction.client.services
    trial = await _trial(interaction, trial_id)
    if trial.has_ended:
        raise CannotGoOn(text.ENDED)
    log.info("try stopped trial=%s user=%s", trial_id, interaction.user.id)
    await services.trials.store.stop(trial_id, by=str(interaction.user.id))
    services.trials.news.set()
    await tell(interaction, words_of(interaction)(text.STOPPING))


async def open_use(interaction: Interaction, trial_id: int) -> None:
    say = words_of(interaction)
    trial, painted = await _to_choose_from(interaction, trial_id)
    form = modal(f"trial:{trial_id}:use", say(text.USE_TITLE), _which(trial, painted, say))
    await show_form(interaction, form)


async def open_save(interaction: Interaction, trial_id: int) -> None:
    say = words_of(interaction)
    trial, painted = await _to_choose_from(interaction, trial_id)
    name = ui.TextInput[Any](custom_id="name", max_length=LONGEST_NAME)
    label = ui.Label[Any](text=say(text.NAME_LABEL), description=say(text.NAME_HINT), component=name)
    form = modal(f"trial:{trial_id}:save", say(text.SAVE_TITLE), _which(trial, painted, say), label)
    await show_form(interaction, form)


async def _use_sent(interaction: Interaction, match: re.Match[str], form: Form) -> None:
    await carry_out(interaction, match[0], partial(_use, interaction, int(match["id"]), form))


async def _save_sent(interaction: Interaction, match: re.Match[str], form: Form) -> None:
    await carry_out(interaction, match[0], partial(_save, interaction, int(match["id"]), form))


USE_ONE = Route(r"trial:(?P<id>\d{1,18}):use", _use_sent)
SAVE_ONE = Route(r"trial:(?P<id>\d{1,18}):save", _save_sent)


async def _use(interaction: Interaction, trial_id: int, form: Form) -> None:
    """All of what was compared, as one change: only that differs between the pictures."""
    await hold(interaction)
    settings = interaction.client.services.settings
    trial = await _trial(interaction, trial_id)
    chosen = trial.plan.grid.cells()[_cell(trial, form)]
    guild_id, say = trial.plan.guild_id, words_of(interaction)
    values, unset = as_defaults(chosen, await settings.of(guild_id))
    act = partial(settings.change, guild_id, values, unset=unset, by=interaction.user.id, how=How.TRY)
    named = [setting for setting in SETTINGS if setting.name in values]
    made = await make(interaction, act, named, guild_id=guild_id)
    said = "\n".join([*made.lines, *([text.only_in_presets(say)] if Tunable.STYLE_SCALE in chosen else [])])
    await tell_made(interaction, said, made.change if interaction.guild_id == guild_id else None)


async def _save(interaction: Interaction, trial_id: int, form: Form) -> None:
    await hold(interaction)
    services: Services = interaction.client.services
    trial = await _trial(interaction, trial_id)
    params, say = trial.plan.cells[_cell(trial, form)], words_of(interaction)
    new = KeptPreset(name=form.text("name"), choices=choices_of(params), added_by=str(interaction.user.id))
    try:
        kept = await services.presets.add(trial.tenant_id, new, reserved=BUILT_IN)
    except (BadPresetName, PresetNameTaken, TooManyPresets, NoSuchPreset) as why:
        return await tell(interaction, text.refused(why, say))
    log.info("preset saved guild=%s user=%s name=%r", trial.tenant_id, interaction.user.id, kept.name)
    stylize = command(interaction.client.command_ids, "stylize")
    return await tell(interaction, text.saved(kept.name, params, stylize, say))


async def _to_choose_from(interaction: Interaction, trial_id: int) -> tuple[Trial, list[int]]:
    """The try, and which of its pictures were painted."""
    trial = await _trial(interaction, trial_id)
    store: JobStore = interaction.client.services.store
    painted = await in_time(_painted(store, trial), within=SECONDS_TO_LOOK)
    if not painted:
        raise CannotGoOn(text.NOT_THERE)
    return trial, painted


async def _painted(store: JobStore, trial: Trial) -> list[int]:
    jobs = await asyncio.gather(*(store.get(trial.job_id(cell)) for cell in range(len(trial.plan.cells))))
    return [cell for cell, job in enumerate(jobs) if job is not None and job.state is JobState.DONE]


async def _trial(interaction: Interaction, trial_id: int) -> Trial:
    """Of whoever may manage its server. Raises CannotGoOn, Refused and QueueUnavailable."""
    services: Services = interaction.client.services
    kept = await in_time(services.trials.store.find(trial_id))
    if kept is None:
        raise CannotGoOn(text.NOT_THERE)
    try:
        trial = trial_of(kept)
    except ValueError as error:  # of another version
        raise CannotGoOn(text.NOT_THERE) from error
    if not await _manages(interaction, trial.plan.guild_id):
        raise Refused(NotPermitted("manage_guild"))
    return trial


async def _manages(interaction: Interaction, guild_id: int) -> bool:
    """In direct messages Discord does not say what somebody may do in a server: it is asked."""
    if interaction.guild_id == guild_id:
        return may_manage_server(interaction)
    guild = interaction.client.get_guild(guild_id)
    if interaction.guild_id is not None or guild is None:
        return False
    try:
        async with asyncio.timeout(SECONDS_TO_ASK_DISCORD):
            with translated():
                may: discord.Permissions = (await guild.fetch_member(interaction.user.id)).guild_permissions
    except (BotError, TimeoutError) as error:
        log.warning("rights not looked up guild=%s user=%s why=%r", guild_id, interaction.user.id, error)
        return False
    return may.manage_guild or may.administrator


def _which(trial: Trial, painted: Sequence[int], say: Words) -> ui.Label[Any]:
    plan, chosen = trial.plan, trial.plan.grid.cells()
    options = [
        discord.SelectOption(
            label=text.cell(cell + 1, chosen[cell], say, is_current=cell == plan.current), value=str(cell)
        )
        for cell in painted
    ]
    return ui.Label(text=say(text.WHICH), component=ui.Select[Any](custom_id="cell", options=options))


def _cell(trial: Trial, form: Form) -> int:
    """Raises CannotGoOn for what no form of ours sends."""
    sent = form.choice("cell") or ""
    if not sent.isdecimal() or int(sent) >= len(trial.plan.cells):
        raise CannotGoOn(text.NOT_THERE)
    return int(sent)
