"""The bot's tables, as SQLAlchemy Core sees them. What changes here needs a migration in `nst_engine/queue/migrations`,
which keeps the whole database."""

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, UniqueConstraint, text

metadata = MetaData()

servers = Table(
    "servers",
    metadata,
    Column("tenant_id", String(64), primary_key=True),
    Column("settings", Text, nullable=False, server_default=text("'{}'")),
    Column("changed_by", String(64)),
    Column("changed_at", Float),
    Column("welcomed_at", Float),
)
"""What a server's admins chose, as JSON of the settings that differ from the operator's; and when it was welcomed."""

blocked_members = Table(
    "blocked_members",
    metadata,
    Column("tenant_id", String(64), primary_key=True),
    Column("user_id", String(64), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("blocked_by", String(64), nullable=False),
    Column("blocked_at", Float, nullable=False),
)

styles = Table(
    "styles",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tenant_id", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("name_key", String(64), nullable=False),
    Column("blob", String(64), nullable=False),
    Column("thumbnail_blob", String(64), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("added_by", String(64)),
    Column("added_at", Float, nullable=False),
    UniqueConstraint("tenant_id", "name_key", name="styles_name"),
    sqlite_autoincrement=True,  # a button of a deleted style must never mean another one
)
"""A server's library; an empty tenant is everybody's: the paintings that the project draws itself."""

hidden_styles = Table(
    "hidden_styles",
    metadata,
    Column("tenant_id", String(64), primary_key=True),
    Column("name_key", String(64), primary_key=True),
)
"""Everybody's styles that a server has taken out of its own library."""

notes = Table(
    "notes",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the bot wants to remember about itself: which commands it registered last, for example."""
