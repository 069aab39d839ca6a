"""A mask for each style, a picture to start from, and the animation of the way beside the result."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns with defaults: a bot of the version before, still running, goes on handing in jobs."""
    op.add_column("jobs", sa.Column("mask_blobs", sa.Text, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("jobs", sa.Column("start_blob", sa.String(64)))
    op.add_column("jobs", sa.Column("timelapse_blob", sa.String(64)))


def downgrade() -> None:
    op.drop_column("jobs", "timelapse_blob")
    op.drop_column("jobs", "start_blob")
    op.drop_column("jobs", "mask_blobs")
