"""People, consents, check-ins, and the proofs of the keys."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "encryption_keys",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("zone_read_at", UTCDateTime(), nullable=True),
        sa.Column("day_starts_minute", sa.Integer(), nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
    )
    op.create_index("ix_people_zone_read_at", "people", ["zone_read_at"])
    op.create_table(
        "checkins",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _person(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mood", sa.Integer(), nullable=False),
        sa.Column("stress", sa.Integer(), nullable=False),
        sa.Column("energy", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("filed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("person_id", "day", name="uq_checkins_person_id_day"),
    )
    op.create_index("ix_checkins_day", "checkins", ["day"])
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), primary_key=True),
        _person(),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("given_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
    )
    op.create_index(
        "ix_consents_current",
        "consents",
        ["person_id", "purpose", "version"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    """Drop them, with everything in them."""
    for table in ("consents", "checkins", "people", "encryption_keys"):
        op.drop_table(table)


def _person() -> sa.Column[str]:
    person = sa.ForeignKey("people.id", ondelete="CASCADE")
    return sa.Column("person_id", sa.String(), person, nullable=False)
