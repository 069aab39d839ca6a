"""`python -m bot`: run the bot, check an installation, bring the database up to date."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.app import BadToken, open_app
from bot.config import TOKEN_VARIABLE, BotConfig, read_token
from bot.doctor import examine
from nst_engine.contract.settings import load_config
from nst_engine.errors import BadConfig, QueueUnavailable, UnknownSchema
from nst_engine.queue.database import open_database

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
        status: int = options.action(config, options.config)
    except BadConfig as error:
        return _complain(*error.problems)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run the bot, and the engine where engine.spawn says so")
    run.set_defaults(action=_run)
    doctor = commands.add_parser("doctor", help="check everything that the bot needs, and say what to do about it")
    doctor.set_defaults(action=_doctor)
    upgrade = commands.add_parser("db", help="look after the database").add_subparsers(required=True, metavar="ACTION")
    database = upgrade.add_parser("upgrade", help="make the database, or bring it up to date")
    database.set_defaults(action=_upgrade)
    for command in (run, doctor, database):
        command.add_argument("--config", type=Path, default=Path("config.toml"), help="default: config.toml")
    return parser


def _run(config: BotConfig, config_path: Path) -> int:
    token = read_token(os.environ)
    if token is None:
        return _complain(NO_TOKEN)
    _set_up_logging(config.logging.level)

    async def serve() -> None:
        _stop_on(signal.SIGTERM)
        async with open_app(config, config_path=config_path) as app:
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


def _doctor(config: BotConfig, config_path: Path) -> int:
    is_well = True
    for finding in examine(config, config_path, read_token(os.environ)):
        is_well = is_well and finding.is_well
        print(finding.line, flush=True)  # noqa: T201  # this is the command's output
    return EXIT_OK if is_well else EXIT_UNWELL


def _upgrade(config: BotConfig, _config_path: Path) -> int:
    async def upgrade() -> None:
        async with open_database(config.database.url):
            pass

    try:
        asyncio.run(upgrade())
    except QueueUnavailable as error:
        return _without_database(config, error)
    print(f"The database is up to date: {config.database.url}")  # noqa: T201  # this is the command's output
    return EXIT_OK


def _stop_on(number: signal.Signals) -> None:
    """End the main task in good order, as Ctrl-C does."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def _set_up_logging(level: str) -> None:
    logging.basicConfig(level=level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if level != "debug":
        logging.getLogger("discord").setLevel(logging.WARNING)
        logging.getLogger("alembic").setLevel(logging.WARNING)


def _without_database(config: BotConfig, error: QueueUnavailable) -> int:
    """Only a database of another version stays unusable however often it is tried."""
    status = EXIT_BAD_INPUT if isinstance(error, UnknownSchema) else EXIT_UNWELL
    return _complain(f"{error} (database.url = {config.database.url!r})", status=status)


def _complain(*sentences: str, status: int = EXIT_BAD_INPUT) -> int:
    for sentence in sentences:
        print(sentence, file=sys.stderr)  # noqa: T201  # a person is reading
    return status


if __name__ == "__main__":
    sys.exit(main())
