"""Roles, how the programme is set up, choices, pauses, exports; cohorts that people join."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_HELD = sa.text("revoked_at IS NULL AND cohort_id IS NULL")
_HELD_IN_COHORT = sa.text("revoked_at IS NULL AND cohort_id IS NOT NULL")


def upgrade() -> None:
    """Create and widen them."""
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        people.add_column(sa.Column("gone_since", UTCDateTime(), nullable=True))
    with op.batch_alter_table("consents") as consents:
        consents.add_column(sa.Column("level", sa.String(), nullable=True))
    _widen_cohorts()
    op.create_table(
        "grants",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column(
            "cohort_id",
            sa.Uuid(),
            sa.ForeignKey("cohorts.id", ondelete="CASCADE"),
            nullable=True,
        ),
        sa.Column("granted_by", sa.String(), nullable=True),
        sa.Column("granted_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
    )
    op.create_index("ix_grants_cohort_id", "grants", ["cohort_id"])
    for name, columns, rows in (
        ("ix_grants_held", ["person_id", "role"], _HELD),
        ("ix_grants_held_in_cohort", ["person_id", "role", "cohort_id"], _HELD_IN_COHORT),
    ):
        op.create_index(
            name, "grants", columns, unique=True, sqlite_where=rows, postgresql_where=rows
        )
    op.create_table(
        "programme",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=True),
        sa.Column("set_at", UTCDateTime(), nullable=False),
    )
    _recipients()
    _exports()
    _create_lines()


def _recipients() -> None:
    op.create_table(
        "recipients",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("dm_channel", sa.String(), nullable=True),
    )
    op.create_index("ix_recipients_person_id", "recipients", ["person_id"])


def _exports() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "person_id",
            sa.String(),
            sa.ForeignKey("people.id", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column("with_notes", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_exports_person_id", "exports", ["person_id"])


def _create_lines() -> None:
    op.create_table(
        "line_checks",
        sa.Column("country", sa.String(), primary_key=True),
        sa.Column("line", sa.String(), primary_key=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=True),
    )
    op.create_table(
        "line_reminders",
        sa.Column(
            "grant_id", sa.Uuid(), sa.ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("occasion", sa.String(), primary_key=True),
        sa.Column("put_on", sa.Date(), nullable=False),
    )


def _widen_cohorts() -> None:
    with op.batch_alter_table("cohorts") as cohorts:
        for name, kind, default in (
            ("purpose", sa.String(), "support"),
            ("welcomes_deciders", sa.Boolean(), sa.false()),
            ("is_open", sa.Boolean(), sa.false()),
        ):
            cohorts.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        for name in ("halted_at", "look_at", "closed_at", "size_band_at"):
            cohorts.add_column(sa.Column(name, UTCDateTime(), nullable=True))
        for name in ("halted_for", "size_band"):
            cohorts.add_column(sa.Column(name, sa.String(), nullable=True))
    with op.batch_alter_table("cohort_members") as members:
        members.add_column(
            sa.Column("decides", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        members.add_column(sa.Column("joined_at", UTCDateTime(), nullable=True))
        members.add_column(sa.Column("ref", sa.Uuid(), nullable=True))
    op.create_index("ix_cohort_members_ref", "cohort_members", ["ref"], unique=True)


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_table("exports")
    op.drop_table("recipients")
    op.drop_table("line_reminders")
    op.drop_table("line_checks")
    op.drop_table("programme")
    op.drop_table("grants")
    op.drop_index("ix_cohort_members_ref", "cohort_members")
    with op.batch_alter_table("cohort_members") as members:
        for name in ("decides", "joined_at", "ref"):
            members.drop_column(name)
    with op.batch_alter_table("cohorts") as cohorts:
        for name in (
            "purpose",
            "welcomes_deciders",
            "is_open",
            "halted_at",
            "halted_for",
            "look_at",
            "closed_at",
            "size_band",
            "size_band_at",
        ):
            cohorts.drop_column(name)
    with op.batch_alter_table("consents") as consents:
        consents.drop_column("level")
    with op.batch_alter_table("people") as people:
        for name in ("paused_until", "gone_since"):
            people.drop_column(name)
