"""Named presets of servers, and the tries that admins look at settings with."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables only: a bot of the version before, still running, knows nothing of them."""
    op.create_table(
        "server_presets",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.Column("added_at", sa.Float, nullable=False),
        sa.UniqueConstraint("tenant_id", "name_key", name="server_presets_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "trials",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("open_for", sa.String(64)),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("webhook", sa.Text),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("stopped_by", sa.String(64)),
        sa.Column("asked_at", sa.Float, nullable=False),
        sa.Column("ended_at", sa.Float),
        sa.UniqueConstraint("open_for", name="trials_open"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("trials")
    op.drop_table("server_presets")
