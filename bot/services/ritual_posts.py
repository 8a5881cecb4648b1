"""What Hearth says of rituals in a cohort's channel: that one begins, what it is, and thanks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.cohorts import is_halted
from bot.domain.delivery import Kind, Post
from bot.domain.news import Topic
from bot.domain.rhythm import not_after
from bot.domain.rituals import Link, Mode, Shown, State, Why
from bot.domain.roles import Role
from bot.ports import Clock
from bot.services.correspondence import Word
from bot.services.news import tell, tell_halted
from bot.services.occurrences import give_back
from bot.services.reactions import responders
from bot.services.rota_places import holder
from bot.views import rituals as view
from bot.views.letters import Letter
from storage import cohorts, outbox, posts, ritual_claims, rituals, roles
from storage.rituals import ShownRow

_STANDS = (State.OPEN, State.CLOSED)


class RitualCorrespondence:
    """The one post of an occurrence."""

    def __init__(self, clock: Clock, late: timedelta) -> None:
        """Render it; after `late` it is not posted any more."""
        self._clock = clock
        self._late = late

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the post as the facts are now; None where nothing is to stand."""
        row = rituals.shown(connection, subject)
        if row is None or row.state not in _STANDS:
            return None
        stands = posts.find(connection, Kind.RITUAL, subject)
        if stands is None and _is_halted(row):
            return None
        last = not_after(row.due_at, minutes=row.minutes, late=self._late)
        return replace(view.post(_shown(connection, row)), not_after=last)

    def taken_away(self, connection: Connection, subject: UUID) -> None:
        """Note that it was not posted, where nothing is posted any more since it was claimed."""
        row = rituals.shown(connection, subject)
        if row is None or not _is_halted(row):
            return
        ended = ritual_claims.end(connection, [subject], state=State.UNSENT, reason=Why.HALTED)
        if ended:
            give_back(connection, subject)
            tell_halted(connection, row.cohort_id, row.title, now=self._clock.now())

    def failed(self, connection: Connection, subject: UUID, now: datetime) -> bool:
        """Note that it could not be posted, and tell whoever runs the cohort."""
        row = rituals.shown(connection, subject)
        attempt = outbox.last_failed(connection, Kind.RITUAL, subject)
        if row is None or attempt is None:
            return False
        if posts.find(connection, Kind.RITUAL, subject) is not None:
            return False  # it stands, and only a change of it was refused
        reason = attempt[1]
        if not ritual_claims.end(connection, [subject], state=State.UNSENT, reason=reason):
            return False
        give_back(connection, subject)
        cohorts.look_soon(connection, row.channel_id, now=now)
        return _tell(connection, row, Topic.RITUAL_UNSENT, now, reason=reason)


class SoonCorrespondence(Word):
    """The word that a live ritual begins in some minutes."""

    def __init__(self, clock: Clock) -> None:
        """Render it as long as it has not begun."""
        self._clock = clock

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the announcement, or that it is called off; None where nothing is to stand."""
        row = rituals.shown(connection, subject)
        if row is None:
            return None
        if posts.find(connection, Kind.RITUAL_SOON, subject) is None and (
            row.state != State.PLANNED or self._clock.now() >= row.due_at or _is_halted(row)
        ):
            return None
        return view.soon(_shown(connection, row))


class ThanksCorrespondence(Word):
    """The thanks in the thread of a live ritual that is over."""

    def __init__(self, late: timedelta) -> None:
        """Render it; after `late` it is not said any more."""
        self._late = late

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the reply; None when there is nothing to reply to."""
        row = rituals.shown(connection, subject)
        stands = posts.find(connection, Kind.RITUAL, subject)
        if row is None or row.state != State.CLOSED or stands is None or _is_halted(row):
            return None
        last = row.closes_at + self._late if row.closes_at else None
        thanks = view.thanks(_shown(connection, row))
        return replace(thanks, thread=Post(*stands), not_after=last)


def _is_halted(row: ShownRow) -> bool:
    return is_halted(row.halted_for, is_closed=row.is_closed)


def _tell(
    connection: Connection, row: ShownRow, topic: Topic, now: datetime, **details: str
) -> bool:
    details |= {"title": row.title, "day": row.on_date.isoformat()}
    return tell(connection, row.cohort_id, topic, now=now, **details)


def _shown(connection: Connection, row: ShownRow) -> Shown:
    return Shown(
        occurrence=row.id,
        channel=row.channel_id,
        template=row.template,
        title=row.title,
        words=row.words,
        links=[Link(each["title"], each["url"]) for each in json.loads(row.links)],
        number=rituals.took_place_before(connection, row),
        mode=Mode(row.mode),
        minutes=row.minutes,
        holder=holder(connection, row.id),
        facilitators=[
            each.person_id
            for each in roles.holders(connection, Role.FACILITATOR, cohort=row.cohort_id)
        ],
        rotates=row.rotates,
        legend=row.legend,
        state=State(row.state),
        responders=responders(connection, row.id),
        due_at=row.due_at,
        zone=row.zone,
    )
