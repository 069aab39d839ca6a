"""The bot's tables, as SQLAlchemy Core sees them. What changes here needs a migration in `nst_engine/queue/migrations`,
which keeps the whole database."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

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

setting_changes = Table(
    "setting_changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tenant_id", String(64), nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("changed_at", Float, nullable=False),
    Column("how", String(16), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    sqlite_autoincrement=True,  # a button of a forgotten change must never undo another one
)
"""Each change of a server's settings: those that became different, as JSON; a name that is missing was not set."""
Index("setting_changes_of_server", setting_changes.c.tenant_id, setting_changes.c.id)

members = Table(
    "members",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("settings", Text, nullable=False),
    Column("changed_at", Float, nullable=False),
)
"""What members chose for themselves, wherever they are, as JSON."""

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

challenges = Table(
    "challenges",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tenant_id", String(64), nullable=False),
    Column("title", String(128), nullable=False),
    Column("terms", Text, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("opens_at", Float, nullable=False),
    Column("entries_end_at", Float, nullable=False),
    Column("voting_ends_at", Float, nullable=False),
    Column("deadline", Float),
    Column("channel_id", BigInteger, nullable=False),
    Column("place_id", BigInteger),
    Column("announcement_id", BigInteger),
    Column("shown", String(64), nullable=False, server_default=text("''")),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("end_reason", Text, nullable=False, server_default=text("''")),
    Column("series_id", Integer),
    Column("number", Integer),
    sqlite_autoincrement=True,  # a button of a deleted challenge must never mean another one
)
"""`deadline` is when a challenge moves on by itself, and `shown` what its live card showed last."""
Index("challenges_due", challenges.c.deadline)
Index("challenges_of_server", challenges.c.tenant_id, challenges.c.phase)

challenge_series = Table(
    "challenge_series",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tenant_id", String(64), nullable=False),
    Column("title", String(128), nullable=False),
    Column("terms", Text, nullable=False),
    Column("styles", Text, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("open_seconds", Float, nullable=False),
    Column("next_number", Integer, nullable=False),
    Column("next_at", Float),
    Column("created_by", String(64), nullable=False),
)
"""Challenges that follow one another, each with the next of `styles`; `next_at` is empty once there are no more."""
Index("challenge_series_due", challenge_series.c.next_at)

challenge_entries = Table(
    "challenge_entries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("challenge_id", Integer, nullable=False),
    Column("job_id", String(64), nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("owner_name", String(64), nullable=False),
    Column("owner_username", String(64), nullable=False),
    Column("owner_locale", String(16), nullable=False),
    Column("blob", String(64), nullable=False),
    Column("thumbnail_blob", String(64), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("covered", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("entered_at", Float, nullable=False),
    Column("decided_by", String(64)),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("withdrawn_in", String(16)),
    UniqueConstraint("challenge_id", "job_id", name="challenge_entries_once"),
    sqlite_autoincrement=True,  # a vote for a deleted entry must never mean another one
)
"""`withdrawn_in` is the phase in which its author withdrew an entry: during the voting it is for good."""
Index("challenge_entries_shown", challenge_entries.c.challenge_id, challenge_entries.c.state)

challenge_hearts = Table(
    "challenge_hearts",
    metadata,
    Column("challenge_id", Integer, primary_key=True),
    Column("voter_id", String(64), primary_key=True),
    Column("entry_id", Integer, primary_key=True),
    Column("given_at", Float, nullable=False),
)

challenge_duels = Table(
    "challenge_duels",
    metadata,
    Column("challenge_id", Integer, primary_key=True),
    Column("voter_id", String(64), primary_key=True),
    Column("first_id", Integer, primary_key=True),
    Column("second_id", Integer, primary_key=True),
    Column("winner_id", Integer, nullable=False),
    Column("judged_at", Float, nullable=False),
)
"""One member's choice between two entries; `first_id` is the smaller id, so that a pair has one row."""

challenge_results = Table(
    "challenge_results",
    metadata,
    Column("challenge_id", Integer, primary_key=True),
    Column("entry_id", Integer, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("votes", Integer, nullable=False),
    Column("duels", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
)

challenge_tasks = Table(
    "challenge_tasks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("challenge_id", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(64), nullable=False, server_default=text("''")),
    Column("due_at", Float, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("done_at", Float),
)
"""What Discord is to be told of a challenge, noted in the transaction that made it so."""
Index("challenge_tasks_due", challenge_tasks.c.done_at, challenge_tasks.c.due_at)

server_presets = Table(
    "server_presets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tenant_id", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("name_key", String(64), nullable=False),
    Column("choices", Text, nullable=False),
    Column("added_by", String(64), nullable=False),
    Column("added_at", Float, nullable=False),
    UniqueConstraint("tenant_id", "name_key", name="server_presets_name"),
    sqlite_autoincrement=True,
)
"""Choices under a name, for the members of a server to pick."""

trials = Table(
    "trials",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tenant_id", String(64), nullable=False),
    Column("open_for", String(64)),
    Column("plan", Text, nullable=False),
    Column("webhook", Text),
    Column("message_id", BigInteger),
    Column("stopped_by", String(64)),
    Column("asked_at", Float, nullable=False),
    Column("ended_at", Float),
    UniqueConstraint("open_for", name="trials_open"),
    sqlite_autoincrement=True,  # a button of a deleted try must never mean another one
)
"""Pictures that an admin compares settings by; `open_for` is the server until the try has ended, so that it has one."""
