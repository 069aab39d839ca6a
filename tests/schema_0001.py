"""A database as the version with schema 0001 left it: one job in every state, written without any of today's code."""

import json
import sqlite3
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.config import Config

import nst_engine.queue
from nst_engine.queue.database import make_engine

PARAMS = '{"preset":"paper","size":512,"strength":60,"steps":null,"seed":7,"init":null}'
SUMMARY = (
    '{"width":64,"height":48,"steps":10,"seconds":5.0,"peak_memory_bytes":1,'
    '"content_loss":1.0,"style_loss":2.0,"device":"cpu"}'
)
STATES: dict[str, dict[str, object]] = {
    "queued": {},
    "running": {"epoch": 1, "attempts": 1, "engine_id": "gone", "lease_until": 5.0, "started_at": 4.0},
    "done": {"epoch": 1, "attempts": 1, "finished_at": 9.0, "result_blob": "r", "result_format": "png"}
    | {"summary": SUMMARY},
    "failed": {"epoch": 1, "attempts": 1, "finished_at": 9.0, "failure": "bad_picture", "failure_detail": "Empty."},
    "cancelled": {"finished_at": 9.0, "cancel_requested": 1, "delivered_at": 10.0},
}


def make_old_database(url: str) -> None:
    """The schema of then, with a job for each of `STATES`, its id the state's name."""
    engine = make_engine(url)
    with engine.connect() as connection, connection.begin():
        upgrade(connection, "0001")
    engine.dispose()
    for seq, (state, columns) in enumerate(STATES.items(), 1):
        insert_old_job(url, {"seq": seq, "id": state, "state": state, "vstart": 10.0 * seq} | columns)


def upgrade(connection: sqlalchemy.Connection, revision: str) -> None:
    """Bring a database to this revision and not to the newest."""
    config = Config()
    config.set_main_option("script_location", str(Path(nst_engine.queue.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def insert_old_job(url: str, columns: dict[str, object]) -> None:
    """What a bot of that version writes, with `columns` beside or instead."""
    row: dict[str, object] = {
        "owner_id": "ann",
        "tenant_id": "server",
        "priority": 1,
        "vstart": 0.0,
        "vfinish": 100.0,
        "cost": 10.0,
        "params": PARAMS,
        "content_blob": "c" * 64,
        "style_blobs": json.dumps(["s" * 64]),
        "address": '{"channel": 7}',
        "state": "queued",
        "epoch": 0,
        "attempts": 0,
        "cancel_requested": 0,
        "created_at": 3.0,
    } | columns
    marks = ", ".join("?" for _ in row)
    connection = sqlite3.connect(str(sqlalchemy.make_url(url).database))
    with connection:
        connection.execute(f"INSERT INTO jobs ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 - our own names
    connection.close()
