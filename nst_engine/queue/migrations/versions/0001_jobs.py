"""The first schema: jobs, their progress, requests on their way to being jobs, and the engines."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("owner_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("vstart", sa.Float, nullable=False),
        sa.Column("vfinish", sa.Float, nullable=False),
        sa.Column("cost", sa.Float, nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.Column("content_blob", sa.String(64), nullable=False),
        sa.Column("style_blobs", sa.Text, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("cancel_requested", sa.Boolean, nullable=False),
        sa.Column("engine_id", sa.String(64)),
        sa.Column("lease_until", sa.Float),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("started_at", sa.Float),
        sa.Column("finished_at", sa.Float),
        sa.Column("result_blob", sa.String(64)),
        sa.Column("result_format", sa.String(16)),
        sa.Column("summary", sa.Text),
        sa.Column("failure", sa.String(32)),
        sa.Column("failure_detail", sa.Text),
        sa.Column("delivery_attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("delivery_due_at", sa.Float, nullable=False, server_default=sa.text("0")),
        sa.Column("delivered_at", sa.Float),
    )
    op.create_index("jobs_claim_order", "jobs", ["state", "priority", "vstart", "seq"])
    op.create_index("jobs_undelivered", "jobs", ["delivered_at", "state"])
    op.create_index("jobs_owner_fairness", "jobs", ["owner_id", "vfinish"])
    op.create_index("jobs_last_vfinish", "jobs", ["vfinish"])
    op.create_table(
        "job_progress",
        sa.Column("job_id", sa.String(64), primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("steps", sa.Integer, nullable=False),
        sa.Column("steps_per_second", sa.Float, nullable=False),
        sa.Column("seconds_left", sa.Float, nullable=False),
        sa.Column("reported_at", sa.Float, nullable=False),
        sa.Column("preview", sa.LargeBinary),
        sa.Column("preview_number", sa.Integer, nullable=False),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_table(
        "engines",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("device", sa.String(255), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("speed", sa.Float),
        sa.Column("seen_at", sa.Float, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("engines")
    op.drop_table("requests")
    op.drop_table("job_progress")
    op.drop_table("jobs")
