"""The tables, as SQLAlchemy Core sees them. What changes here needs a migration in `migrations/versions`."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

metadata = MetaData()

jobs = Table(
    "jobs",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("owner_id", String(64), nullable=False),
    Column("tenant_id", String(64), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("vstart", Float, nullable=False),
    Column("vfinish", Float, nullable=False),
    Column("cost", Float, nullable=False),
    Column("params", Text, nullable=False),
    Column("content_blob", String(64), nullable=False),
    Column("style_blobs", Text, nullable=False),
    Column("mask_blobs", Text, nullable=False, server_default=text("'[]'")),
    Column("start_blob", String(64)),
    Column("address", Text),
    Column("state", String(16), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("cancel_requested", Boolean, nullable=False),
    Column("engine_id", String(64)),
    Column("lease_until", Float),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("finished_at", Float),
    Column("result_blob", String(64)),
    Column("result_format", String(16)),
    Column("timelapse_blob", String(64)),
    Column("summary", Text),
    Column("failure", String(32)),
    Column("failure_detail", Text),
    Column("delivery_attempts", Integer, nullable=False, server_default=text("0")),
    Column("delivery_due_at", Float, nullable=False, server_default=text("0")),
    Column("delivered_at", Float),
)
Index("jobs_claim_order", jobs.c.state, jobs.c.priority, jobs.c.vstart, jobs.c.seq)
Index("jobs_undelivered", jobs.c.delivered_at, jobs.c.state)
Index("jobs_owner_fairness", jobs.c.owner_id, jobs.c.vfinish)
Index("jobs_last_vfinish", jobs.c.vfinish)
Index("jobs_by_member", jobs.c.tenant_id, jobs.c.owner_id, jobs.c.created_at)

progress = Table(
    "job_progress",
    metadata,
    Column("job_id", String(64), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("steps", Integer, nullable=False),
    Column("steps_per_second", Float, nullable=False),
    Column("seconds_left", Float, nullable=False),
    Column("reported_at", Float, nullable=False),
    Column("preview", LargeBinary),
    Column("preview_number", Integer, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("address", Text, nullable=False),
    Column("created_at", Float, nullable=False),
)

engines = Table(
    "engines",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("host", String(255), nullable=False),
    Column("device", String(255), nullable=False),
    Column("version", String(64), nullable=False),
    Column("speed", Float),
    Column("seen_at", Float, nullable=False),
)


class database_now(GenericFunction[float]):  # noqa: N801 - a SQL function, named as SQL names functions
    """Seconds since 1970 on the database's clock: the only clock that leases and deadlines are compared on."""

    type = Float()
    inherit_cache = True


@compiles(database_now, "sqlite")
def _sqlite_now(_element: database_now, _compiler: SQLCompiler, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(database_now, "postgresql")
def _postgresql_now(_element: database_now, _compiler: SQLCompiler, **_options: Any) -> str:
    return "extract(epoch from clock_timestamp())::double precision"
