"""Community challenges: what they are, their entries, votes and results, and what Discord is to be told of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables only: a bot of the version before, still running, knows nothing of them."""
    _create_challenges()
    _create_series()
    _create_entries()
    _create_votes()
    _create_results()
    _create_tasks()


def _create_challenges() -> None:
    op.create_table(
        "challenges",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("title", sa.String(128), nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("opens_at", sa.Float, nullable=False),
        sa.Column("entries_end_at", sa.Float, nullable=False),
        sa.Column("voting_ends_at", sa.Float, nullable=False),
        sa.Column("deadline", sa.Float),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("place_id", sa.BigInteger),
        sa.Column("announcement_id", sa.BigInteger),
        sa.Column("shown", sa.String(64), nullable=False, server_default=sa.text("''")),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("end_reason", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("series_id", sa.Integer),
        sa.Column("number", sa.Integer),
        sqlite_autoincrement=True,
    )
    op.create_index("challenges_due", "challenges", ["deadline"])
    op.create_index("challenges_of_server", "challenges", ["tenant_id", "phase"])


def _create_series() -> None:
    op.create_table(
        "challenge_series",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("title", sa.String(128), nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("styles", sa.Text, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("open_seconds", sa.Float, nullable=False),
        sa.Column("next_number", sa.Integer, nullable=False),
        sa.Column("next_at", sa.Float),
        sa.Column("created_by", sa.String(64), nullable=False),
    )
    op.create_index("challenge_series_due", "challenge_series", ["next_at"])


def _create_entries() -> None:
    op.create_table(
        "challenge_entries",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("challenge_id", sa.Integer, nullable=False),
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("owner_id", sa.String(64), nullable=False),
        sa.Column("owner_name", sa.String(64), nullable=False),
        sa.Column("owner_username", sa.String(64), nullable=False),
        sa.Column("owner_locale", sa.String(16), nullable=False),
        sa.Column("blob", sa.String(64), nullable=False),
        sa.Column("thumbnail_blob", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("covered", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("entered_at", sa.Float, nullable=False),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("reason", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("withdrawn_in", sa.String(16)),
        sa.UniqueConstraint("challenge_id", "job_id", name="challenge_entries_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("challenge_entries_shown", "challenge_entries", ["challenge_id", "state"])


def _create_votes() -> None:
    op.create_table(
        "challenge_hearts",
        sa.Column("challenge_id", sa.Integer, primary_key=True),
        sa.Column("voter_id", sa.String(64), primary_key=True),
        sa.Column("entry_id", sa.Integer, primary_key=True),
        sa.Column("given_at", sa.Float, nullable=False),
    )
    op.create_table(
        "challenge_duels",
        sa.Column("challenge_id", sa.Integer, primary_key=True),
        sa.Column("voter_id", sa.String(64), primary_key=True),
        sa.Column("first_id", sa.Integer, primary_key=True),
        sa.Column("second_id", sa.Integer, primary_key=True),
        sa.Column("winner_id", sa.Integer, nullable=False),
        sa.Column("judged_at", sa.Float, nullable=False),
    )


def _create_results() -> None:
    op.create_table(
        "challenge_results",
        sa.Column("challenge_id", sa.Integer, primary_key=True),
        sa.Column("entry_id", sa.Integer, primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("duels", sa.Integer, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("low", sa.Float, nullable=False),
        sa.Column("high", sa.Float, nullable=False),
    )


def _create_tasks() -> None:
    op.create_table(
        "challenge_tasks",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("challenge_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False, server_default=sa.text("''")),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("done_at", sa.Float),
    )
    op.create_index("challenge_tasks_due", "challenge_tasks", ["done_at", "due_at"])


def downgrade() -> None:
    for table in (
        "challenge_tasks",
        "challenge_results",
        "challenge_duels",
        "challenge_hearts",
        "challenge_entries",
        "challenge_series",
        "challenges",
    ):
        op.drop_table(table)
