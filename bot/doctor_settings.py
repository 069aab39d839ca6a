"""Settings that are allowed and unwise: each with why, and what is wiser."""

import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.config import BotConfig
from bot.doctor_finding import Finding

SHORT_LEASE_SECONDS = 5.0
SHORT_SILENCE_SECONDS = 30.0
RARE_REPORTS_SECONDS = 10.0
LARGE_UPLOAD_MIB = 50
LARGE_ON_A_CPU_PX = 1024
SLOW_ON_A_CPU_PX = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwise:
    """A setting where `applies`; `what` names it, `{config}` in braces being the settings."""

    applies: Callable[[BotConfig], bool]
    what: str
    advice: str


UNWISE = (
    Unwise(
        applies=lambda config: config.limits.max_open_jobs_per_member >= config.limits.max_open_jobs,
        what="limits.max_open_jobs_per_member = {config.limits.max_open_jobs_per_member}: one can fill the queue",
        advice="Set it far below limits.max_open_jobs, {config.limits.max_open_jobs}.",
    ),
    Unwise(
        applies=lambda config: config.limits.max_upload_mib > LARGE_UPLOAD_MIB,
        what="limits.max_upload_mib = {config.limits.max_upload_mib}: the bot holds uploads in memory",
        advice="25 is enough for what members without Nitro may send.",
    ),
    Unwise(
        applies=lambda config: config.engine.threads > (os.cpu_count() or 1),
        what="engine.threads = {config.engine.threads}: more than this machine has processors",
        advice="Set it to 0, and torch decides.",
    ),
    Unwise(
        applies=lambda config: config.engine.device == "cpu" and config.limits.max_size_px > LARGE_ON_A_CPU_PX,
        what="limits.max_size_px = {config.limits.max_size_px} on a CPU: one such picture takes many minutes",
        advice="1024 or less keeps the queue moving.",
    ),
    Unwise(
        applies=lambda config: config.engine.device == "cpu" and config.limits.default_size_px > SLOW_ON_A_CPU_PX,
        what="limits.default_size_px = {config.limits.default_size_px} on a CPU: every picture takes minutes",
        advice="512 or less; members can ask for more.",
    ),
    Unwise(
        applies=lambda config: config.engine.lease_seconds < SHORT_LEASE_SECONDS,
        what="engine.lease_seconds = {config.engine.lease_seconds:g}: a busy disk can cost an engine its job",
        advice="10 is what the tests run with.",
    ),
    Unwise(
        applies=lambda config: config.engine.silence_seconds < SHORT_SILENCE_SECONDS,
        what="engine.silence_seconds = {config.engine.silence_seconds:g}: a large picture can look like a hung process",
        advice="180 lets slow devices finish a step.",
    ),
    Unwise(
        applies=lambda config: config.engine.report_every_seconds > RARE_REPORTS_SECONDS,
        what="engine.report_every_seconds = {config.engine.report_every_seconds:g}: cards hardly move",
        advice="1 costs nothing that can be measured.",
    ),
    Unwise(
        applies=lambda config: config.logging.level == "debug",
        what='logging.level = "debug": the log grows by megabytes an hour and holds what people send to the bot',
        advice='Set it to "info" when you have found what you looked for.',
    ),
)


def unwise_settings(config: BotConfig) -> Iterator[Finding]:
    """Advice about each setting that it applies to, or one line that there is none."""
    found = [rule for rule in UNWISE if rule.applies(config)]
    if not found:
        yield Finding(what="settings: none is unwise")
    for rule in found:
        yield Finding(what=rule.what.format(config=config), advice=rule.advice.format(config=config))


def torch_is_here(config: BotConfig) -> Iterator[Finding]:
    """An installation of the bot alone cannot start an engine."""
    if config.engine.spawn and importlib.util.find_spec("torch") is None:
        yield Finding(
            what="engine.spawn = true, and torch is not installed here",
            is_well=False,
            remedy="Set engine.spawn = false where engines run elsewhere, or install requirements-engine.lock.",
        )
