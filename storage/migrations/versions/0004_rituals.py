"""Rituals and their occurrences, rota, responses, the prompt budget, and news for facilitators."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create and widen them."""
    with op.batch_alter_table("cohorts") as cohorts:
        for name in ("guidelines", "country", "zone", "support_reaction"):
            cohorts.add_column(sa.Column(name, sa.String(), nullable=True))
        cohorts.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("recipients") as recipients:
        recipients.add_column(sa.Column("about", sa.Uuid(), nullable=True))
    _rituals()
    _occurrences()
    _rota()
    _reactions()
    _budget()
    op.create_table(
        "news",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _belongs_to("grants", "grant_id"),
        _belongs_to("cohorts", "cohort_id"),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
    )
    for column in ("grant_id", "cohort_id", "made_at"):
        op.create_index(f"ix_news_{column}", "news", [column])
    op.create_index("ix_posts_place", "posts", ["channel", "ts"])


def _belongs_to(table: str, name: str, *, key: bool = False) -> sa.Column[Any]:
    kind = sa.String() if table == "people" else sa.Uuid()
    whose = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, kind, whose, primary_key=key, nullable=False)


def _rituals() -> None:
    op.create_table(
        "rituals",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _belongs_to("cohorts", "cohort_id"),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("template", "title", "words", "links", "rule")
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("at_minute", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("on_holiday", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("rotates", sa.Boolean(), nullable=False),
        sa.Column("legend", sa.String(), nullable=False),
        sa.Column("paused_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.Column("to_plan", sa.Boolean(), nullable=False),
        sa.Column("plan_after", UTCDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
    )
    op.create_index("ix_rituals_cohort_id", "rituals", ["cohort_id"])
    _index_where("ix_rituals_to_plan", "rituals", "id", "to_plan")


def _occurrences() -> None:
    op.create_table(
        "ritual_occurrences",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _belongs_to("rituals", "ritual_id"),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("announce_at", UTCDateTime(), nullable=True),
        sa.Column("ask_at", UTCDateTime(), nullable=True),
        sa.Column("closes_at", UTCDateTime(), nullable=True),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.UniqueConstraint("ritual_id", "on_date", name="uq_ritual_occurrences_once"),
    )
    for name, column, rows in (
        ("due", "due_at", "state = 'planned'"),
        ("announce", "announce_at", "announce_at IS NOT NULL"),
        ("ask", "ask_at", "ask_at IS NOT NULL"),
        ("close", "closes_at", "state = 'open'"),
    ):
        _index_where(f"ix_ritual_occurrences_{name}", "ritual_occurrences", column, rows)


def _index_where(name: str, table: str, column: str, condition: str) -> None:
    rows = sa.text(condition)
    op.create_index(name, table, [column], sqlite_where=rows, postgresql_where=rows)


def _rota() -> None:
    op.create_table(
        "rota_members",
        _belongs_to("cohorts", "cohort_id", key=True),
        _belongs_to("people", "person_id", key=True),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("last_turn_at", UTCDateTime(), nullable=True),
    )
    op.create_index("ix_rota_members_person_id", "rota_members", ["person_id"])
    op.create_table(
        "ritual_turns",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _belongs_to("ritual_occurrences", "occurrence_id"),
        _belongs_to("people", "person_id"),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.UniqueConstraint("occurrence_id", "person_id", name="uq_ritual_turns_asked_once"),
    )
    op.create_index("ix_ritual_turns_person_id", "ritual_turns", ["person_id"])


def _reactions() -> None:
    op.create_table(
        "ritual_responses",
        _belongs_to("ritual_occurrences", "occurrence_id", key=True),
        _belongs_to("people", "person_id", key=True),
        sa.Column("emoji", sa.String(), primary_key=True),
        sa.Column("event_ts", sa.String(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_ritual_responses_person_id", "ritual_responses", ["person_id"])
    op.create_table(
        "invitations",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("invited_on", sa.Date(), nullable=False),
    )
    op.create_index("ix_invitations_invited_on", "invitations", ["invited_on"])
    op.create_table(
        "support_offers",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _belongs_to("people", "person_id"),
        sa.Column(
            "author_id",
            sa.String(),
            sa.ForeignKey("people.id", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("message_ts", sa.String(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=True),
        sa.Column("passed_on_at", UTCDateTime(), nullable=True),
        sa.UniqueConstraint("person_id", "channel_id", "message_ts", name="uq_support_offers_once"),
    )
    for column in ("author_id", "made_at"):
        op.create_index(f"ix_support_offers_{column}", "support_offers", [column])


def _budget() -> None:
    op.create_table(
        "prompts",
        _belongs_to("people", "person_id", key=True),
        sa.Column("week", sa.Date(), primary_key=True),
        sa.Column("sort", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "cohort_posts",
        sa.Column("occasion", sa.Uuid(), primary_key=True),
        _belongs_to("cohorts", "cohort_id"),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
    )
    op.create_index("ix_cohort_posts_week", "cohort_posts", ["cohort_id", "week"])
    op.create_table(
        "weekly_checkins",
        _belongs_to("people", "person_id", key=True),
        sa.Column("ref", sa.Uuid(), nullable=False, unique=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("at_minute", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("reminds", sa.Boolean(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("remind_at", UTCDateTime(), nullable=True),
    )
    for column in ("next_at", "remind_at"):
        op.create_index(f"ix_weekly_checkins_{column}", "weekly_checkins", [column])


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_index("ix_posts_place", "posts")
    for table in (
        *("news", "weekly_checkins", "cohort_posts", "prompts"),
        *("support_offers", "invitations", "ritual_responses"),
        *("ritual_turns", "rota_members", "ritual_occurrences", "rituals"),
    ):
        op.drop_table(table)
    with op.batch_alter_table("recipients") as recipients:
        recipients.drop_column("about")
    with op.batch_alter_table("cohorts") as cohorts:
        for name in ("guidelines", "country", "zone", "support_reaction", "revision"):
            cohorts.drop_column(name)
