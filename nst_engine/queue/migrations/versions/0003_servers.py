"""The bot's own tables: servers and their settings, blocked members, the style libraries; and jobs by member."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables and an index only: a bot of the version before, still running, knows nothing of them."""
    op.create_table(
        "servers",
        sa.Column("tenant_id", sa.String(64), primary_key=True),
        sa.Column("settings", sa.Text, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("changed_by", sa.String(64)),
        sa.Column("changed_at", sa.Float),
        sa.Column("welcomed_at", sa.Float),
    )
    op.create_table(
        "blocked_members",
        sa.Column("tenant_id", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("blocked_by", sa.String(64), nullable=False),
        sa.Column("blocked_at", sa.Float, nullable=False),
    )
    _create_styles()
    op.create_table(
        "notes",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_index("jobs_by_member", "jobs", ["tenant_id", "owner_id", "created_at"])


def _create_styles() -> None:
    op.create_table(
        "styles",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("blob", sa.String(64), nullable=False),
        sa.Column("thumbnail_blob", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("added_by", sa.String(64)),
        sa.Column("added_at", sa.Float, nullable=False),
        sa.UniqueConstraint("tenant_id", "name_key", name="styles_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "hidden_styles",
        sa.Column("tenant_id", sa.String(64), primary_key=True),
        sa.Column("name_key", sa.String(64), primary_key=True),
    )


def downgrade() -> None:
    op.drop_index("jobs_by_member", "jobs")
    for table in ("notes", "hidden_styles", "styles", "blocked_members", "servers"):
        op.drop_table(table)
