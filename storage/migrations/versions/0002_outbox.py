"""The outbox and what stands in Slack; cohorts, and what people share with them."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('pending', 'sending')")
_FAILED = sa.text("state = 'failed'")


def upgrade() -> None:
    """Create them."""
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("dm_channel", sa.String(), nullable=True))
    op.create_table(
        "cohorts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False, unique=True),
        sa.Column("added_at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "cohort_members",
        sa.Column(
            "cohort_id",
            sa.Uuid(),
            sa.ForeignKey("cohorts.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("person_id", sa.String(), primary_key=True),
    )
    op.create_index("ix_cohort_members_person_id", "cohort_members", ["person_id"])
    op.create_table(
        "shares",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "checkin_id",
            sa.Uuid(),
            sa.ForeignKey("checkins.id", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
    )
    op.create_index("ix_shares_checkin_id", "shares", ["checkin_id"])
    op.create_index(
        "ix_shares_one_stands",
        "shares",
        ["checkin_id"],
        unique=True,
        sqlite_where=sa.text("NOT withdrawn"),
        postgresql_where=sa.text("NOT withdrawn"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("delivery_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False, unique=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("after_until", UTCDateTime(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
    )
    # Only what is open or was given up is looked for, so the indexes stay as small as that.
    for name, columns, rows in (
        ("ix_outbox_due", ["state", "priority", "due_at", "id"], _OPEN),
        ("ix_outbox_open_subject", ["kind", "subject", "id"], _OPEN),
        ("ix_outbox_failed_subject", ["kind", "subject", "id"], _FAILED),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=rows, postgresql_where=rows)
    op.create_index("ix_outbox_settled_at", "outbox", ["settled_at"])
    op.create_table(
        "posts",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("subject", sa.Uuid(), primary_key=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
    )


def downgrade() -> None:
    """Drop them, with everything in them."""
    for table in ("posts", "outbox", "shares", "cohort_members", "cohorts"):
        op.drop_table(table)
    with op.batch_alter_table("people") as people:
        people.drop_column("dm_channel")
