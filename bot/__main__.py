"""`python -m bot`: run the bot, check an installation, look at how it does, bring the database up to date.

Each command imports what it needs when it runs: a health check every half minute must not load Discord's library.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from bot.config import TOKEN_VARIABLE, BotConfig, read_token
from bot.log_lines import DiscreetFormatter
from nst_engine.contract.settings import load_config
from nst_engine.errors import BadConfig, QueueUnavailable, UnknownSchema

log = logging.getLogger("bot")

EXIT_OK = 0
EXIT_UNWELL = 1
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130
NO_TOKEN = (
    f"There is no token: set the environment variable {TOKEN_VARIABLE} to the token of your bot "
    "(developer portal, your application, Bot, Reset Token)."
)
WRONG_TOKEN = f"Discord does not accept the token in {TOKEN_VARIABLE}; make a new one in the developer portal."


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 something is unwell, 2 bad input, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        config = load_config(options.config, BotConfig)
        status: int = options.action(config, options)
    except BadConfig as error:
        return _complain(*error.problems)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Run the bot, and look after it.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run the bot, and the engine where engine.spawn says so")
    run.set_defaults(action=_run)
    doctor = commands.add_parser("doctor", help="check everything that the bot needs, and say what to do about it")
    doctor.set_defaults(action=_doctor)
    health = commands.add_parser("health", help="say whether the bot is alive and online; status 1 where it is not")
    health.set_defaults(action=_health)
    stats = commands.add_parser("stats", help="jobs, waits, failures and engines of the last day and week")
    stats.add_argument("--json", action="store_true", help="one JSON object for programs")
    stats.set_defaults(action=_stats)
    database = commands.add_parser("db", help="look after the database").add_subparsers(required=True, metavar="ACTION")
    upgrade = database.add_parser("upgrade", help="make the database, or bring it up to date")
    upgrade.set_defaults(action=_upgrade)
    backup = database.add_parser("backup", help="copy the database to a new file, also while the bot runs")
    backup.add_argument("target", type=Path, metavar="FILE", help="pictures are copied after it, by other means")
    backup.set_defaults(action=_back_up)
    for command in (run, doctor, health, stats, upgrade, backup):
        command.add_argument("--config", type=Path, default=Path("config.toml"), help="default: config.toml")
    return parser


def _run(config: BotConfig, options: argparse.Namespace) -> int:
    from bot.app import BadToken, open_app  # noqa: PLC0415 - needs Discord's library

    token = read_token(os.environ)
    if token is None:
        return _complain(NO_TOKEN)
    _set_up_logging(config.logging.level, token)

    async def serve() -> None:
        _stop_on(signal.SIGTERM)
        async with open_app(config, config_path=options.config) as app:
            await app.run(token)

    try:
        asyncio.run(serve())
    except BadToken:
        return _complain(WRONG_TOKEN)
    except QueueUnavailable as error:
        return _without_database(config, error)
    except asyncio.CancelledError:
        log.info("stopped")
    return EXIT_OK


def _doctor(config: BotConfig, options: argparse.Namespace) -> int:
    from bot.doctor import examine  # noqa: PLC0415 - needs Discord's library

    is_well = True
    for finding in examine(config, options.config, read_token(os.environ)):
        is_well = is_well and finding.is_well
        _say(finding.line)
    return EXIT_OK if is_well else EXIT_UNWELL


def _health(config: BotConfig, _options: argparse.Namespace) -> int:
    from bot.health import look  # noqa: PLC0415 - needs the database

    found = look(config)
    for sign in found:
        _say(sign.line)
    return EXIT_OK if all(sign.is_well for sign in found) else EXIT_UNWELL


def _stats(config: BotConfig, options: argparse.Namespace) -> int:
    from bot.stats import gather  # noqa: PLC0415 - needs the database
    from bot.stats_report import as_json, as_text  # noqa: PLC0415 - the same

    try:
        stats = asyncio.run(gather(config.database.url))
    except QueueUnavailable as error:
        return _without_database(config, error)
    _say(as_json(stats) if options.json else as_text(stats))
    return EXIT_OK


def _upgrade(config: BotConfig, _options: argparse.Namespace) -> int:
    from nst_engine.queue.database import open_database  # noqa: PLC0415 - needs the database

    async def upgrade() -> None:
        async with open_database(config.database.url):
            pass

    try:
        asyncio.run(upgrade())
    except QueueUnavailable as error:
        return _without_database(config, error)
    _say(f"The database is up to date: {config.database.url}")
    return EXIT_OK


def _back_up(config: BotConfig, options: argparse.Namespace) -> int:
    from bot.backup import NoBackup, back_up  # noqa: PLC0415 - only this command's

    try:
        made = back_up(config.database.url, options.target)
    except QueueUnavailable as error:
        return _without_database(config, error)
    except NoBackup as error:
        return _complain(str(error), status=EXIT_UNWELL)
    _say(f"The database is in {made}. Now copy the pictures: {config.blobs.directory}")
    return EXIT_OK


def _stop_on(number: signal.Signals) -> None:
    """End the main task in good order, as Ctrl-C does."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def _set_up_logging(level: str, token: SecretStr) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(DiscreetFormatter([token.get_secret_value()]))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    if level != "debug":
        logging.getLogger("discord").setLevel(logging.WARNING)
        logging.getLogger("alembic").setLevel(logging.WARNING)


def _without_database(config: BotConfig, error: QueueUnavailable) -> int:
    """Only a database of another version stays unusable however often it is tried."""
    status = EXIT_BAD_INPUT if isinstance(error, UnknownSchema) else EXIT_UNWELL
    return _complain(f"{error} (database.url = {config.database.url!r})", status=status)


def _say(text: str) -> None:
    """Ends the program where whoever reads has seen enough, as `| head` has."""
    try:
        print(text, flush=True)  # noqa: T201  # this is the command's output
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to be written at the end
        sys.exit(EXIT_UNWELL)


def _complain(*sentences: str, status: int = EXIT_BAD_INPUT) -> int:
    for sentence in sentences:
        print(sentence, file=sys.stderr)  # noqa: T201  # a person is reading
    return status


if __name__ == "__main__":
    sys.exit(main())
