"""Showing a part of a check-in to a cohort, keeping it true, and taking it away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.checkins import Answer, Capacity
from bot.domain.cohorts import Cohort
from bot.domain.delivery import Kind
from bot.domain.sharing import Choice, SharedCheckIn, check, looks_the_same, why_unsent
from bot.domain.visibility import Part, Shared, Visibility
from bot.services.correspondence import Word, say
from bot.views import shares as view
from bot.views.letters import Letter
from storage import cohorts, outbox, posts, shares
from storage.checkins import CheckInRow, Filing
from storage.cohorts import CohortRow
from storage.encryption import Keyring
from storage.shares import ShareRow


def cohort(row: CohortRow) -> Cohort:
    """Return a row as what the rules speak of."""
    return Cohort(
        row.id,
        row.name,
        row.channel_id,
        is_halted=row.halted_for is not None,
        has_decider=row.has_decider,
        is_open=row.is_open,
        is_closed=row.closed_at is not None,
    )


def shared(row: ShareRow | None) -> Shared | None:
    """Return a row as what the rules speak of."""
    return None if row is None else Shared(Part(row.part), row.channel_id)


def route(
    connection: Connection,
    person: str,
    filing: Filing,
    answer: Answer,
    choice: Choice | None,
    *,
    now: datetime,
) -> tuple[Visibility, bool]:
    """Let what is shared follow the check-in that was just stored.

    Args:
        connection: the transaction that stored it.
        person: whose it is.
        filing: what became of it.
        answer: what it says.
        choice: what to share; None leaves that as it was.
        now: the present instant.

    Returns:
        Who sees what is shared now, and whether something was put into the outbox.

    Raises:
        InvalidAnswer: the choice cannot be kept; the transaction has to be undone.
    """
    before = shares.of_checkin(connection, filing.id) if filing.replaced else None
    wanted, where = _wanted(connection, person, answer, choice, before)
    if choice is None and before is not None and not _may_follow(connection, person, where):
        # Nothing new is shown there.
        wanted = wanted if _stands(connection, before, filing, answer, choice) else None
    seen = _seen(wanted, where)
    if wanted == shared(before) and (
        before is None or _stands(connection, before, filing, answer, choice)
    ):
        return seen, False
    if before is not None and (wanted is None or wanted.channel != before.channel_id):
        take_away(connection, shares.withdraw(connection, filing.id), now=now)
        before = None
    if wanted is not None:
        _show(connection, filing.id, before, wanted, now=now)
    return seen, True


def take_away(connection: Connection, withdrawn: Iterable[ShareRow], *, now: datetime) -> bool:
    """Have the messages of withdrawn shares taken away; True if there are any."""
    rows = list(withdrawn)
    for row in rows:
        _post(connection, row.id, row.revision, row.channel_id, now=now)
    return bool(rows)


class ShareCorrespondence:
    """What stands in a cohort's channel about a share."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the message of a share, or None when it was withdrawn."""
        shown = shares.shown(connection, self._keyring, subject)
        if shown is None:
            return None
        return view.post(
            SharedCheckIn(
                person=shown.person_id,
                day=shown.checkin.day,
                answer=_answer(shown.checkin),
                shared=Shared(Part(shown.part), shown.channel_id),
            )
        )

    def taken_away(self, connection: Connection, subject: UUID) -> None:
        """Forget a share of which nothing stands in Slack any more."""
        shares.remove_withdrawn(connection, subject)

    def failed(self, connection: Connection, subject: UUID, now: datetime) -> bool:
        """Tell the person that what they chose could not be shown, or not be taken away."""
        attempt = outbox.last_failed(connection, Kind.SHARE, subject)
        if attempt is None or shares.whose(connection, subject) is None:
            return False
        kind, occasion = Kind.SHARE_UNSENT, str(attempt[0])
        say(connection, kind, subject, occasion=occasion, channel=None, now=now)
        return True


class UnsentCorrespondence(Word):
    """The word to the person that what they shared could not be posted."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None when there is nobody or nothing to tell any more."""
        found = shares.whose(connection, subject)
        attempt = outbox.last_failed(connection, Kind.SHARE, subject)
        if found is None or attempt is None or not outbox.gave_up(connection, Kind.SHARE, subject):
            return None  # what is tried again, or was mended meanwhile, is no news
        person, channel, withdrawn = found
        reason = why_unsent(attempt[1])
        stands = posts.find(connection, Kind.SHARE, subject) is not None
        return view.unsent(person, channel, reason, stands=stands, withdrawn=withdrawn)


def _wanted(
    connection: Connection,
    person: str,
    answer: Answer,
    choice: Choice | None,
    before: ShareRow | None,
) -> tuple[Shared | None, Cohort | None]:
    """Return what is to be shown, and the cohort whose channel that is; None when it has closed."""
    if choice is None:
        row = None if before is None else cohorts.in_channel(connection, before.channel_id)
        return shared(before), None if row is None else cohort(row)
    if choice.part is None:
        return None, None
    theirs = list(map(cohort, cohorts.of(connection, person)))
    chosen = next((each for each in theirs if str(each.id) == choice.cohort), None)
    if chosen is None:
        theirs += _closed(connection, choice.cohort)
    return check(choice, answer, theirs), chosen


def _may_follow(connection: Connection, person: str, where: Cohort | None) -> bool:
    """Whether what is shared may change without being chosen anew: it is still their cohort."""
    if where is None or where.is_halted:
        return False
    return cohorts.member(connection, where.id, person)


def _seen(wanted: Shared | None, where: Cohort | None) -> Visibility:
    if wanted is None or where is None:
        return Visibility(wanted)
    return Visibility(wanted, has_decider=where.has_decider, is_open=where.is_open)


def _closed(connection: Connection, which: str | None) -> Sequence[Cohort]:
    """Return the cohort that a form names, if it was closed; nobody belongs to such a one."""
    with suppress(ValueError):  # a forged id
        row = cohorts.find(connection, UUID(which or ""))
        return [cohort(row)] if row is not None and row.closed_at is not None else []
    return []


def _stands(
    connection: Connection, share: ShareRow, filing: Filing, answer: Answer, choice: Choice | None
) -> bool:
    """Whether the channel shows, or soon will, what is still true."""
    if filing.before is None or outbox.gave_up(connection, Kind.SHARE, share.id):
        return False
    before = _answer(filing.before)
    after = answer if choice is not None else replace(answer, note=before.note)
    return looks_the_same(Part(share.part), before, after)


def _show(
    connection: Connection, checkin: UUID, before: ShareRow | None, wanted: Shared, *, now: datetime
) -> None:
    if before is None:
        row = shares.add(connection, checkin, channel=wanted.channel, part=wanted.part)
        share, revision = row.id, row.revision
    else:
        share, revision = before.id, shares.change(connection, before.id, part=wanted.part)
    _post(connection, share, revision, wanted.channel, now=now)


def _post(
    connection: Connection, share: UUID, revision: int, channel: str, *, now: datetime
) -> None:
    say(connection, Kind.SHARE, share, occasion=str(revision), channel=channel, now=now)


def _answer(row: CheckInRow) -> Answer:
    return Answer(
        mood=row.mood,
        stress=row.stress,
        energy=row.energy,
        capacity=Capacity(row.capacity),
        note=row.note,
    )
