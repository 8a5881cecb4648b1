"""Who is on a rota and who holds what, and what follows when somebody leaves or answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection

from bot.domain.delivery import Kind
from bot.domain.rituals import State
from bot.domain.rota import Answer
from bot.services.correspondence import say
from storage import posts, recipients, rota
from storage.rota import ComingRow, TurnRow


def holder(connection: Connection, occurrence: UUID) -> str | None:
    """Return who holds an occurrence, or None."""
    return rota.holder(connection, occurrence)


def members(connection: Connection, cohort: UUID) -> Sequence[str]:
    """Return who is on the rota of a cohort, the longest first."""
    return [each.person_id for each in rota.on_rota(connection, cohort)]


def is_on(connection: Connection, cohort: UUID, person: str) -> bool:
    """Whether somebody is on the rota of a cohort."""
    return person in members(connection, cohort)


def hold_places(connection: Connection, person: str, *, cohort: UUID | None = None) -> None:
    """Hold what `step_down` changes of rituals; to be called before any cohort is held."""
    rota.hold_places(connection, person, cohort=cohort)


def step_down(
    connection: Connection, person: str, *, cohort: UUID | None = None, now: datetime
) -> bool:
    """Take somebody off the rota of a cohort, or of all; True if a post says so.

    What they hold, or were asked and have not answered, passes to the next in line. To be called
    in the transaction in which they leave, which has called `hold_places` before.
    """
    told = False
    for turn in rota.unfinished(connection, person, cohort=cohort):
        coming = rota.find(connection, turn.occurrence_id)
        if coming is not None:
            told = take(connection, turn, coming, Answer.PASS, now=now) or told
    rota.leave(connection, person, cohort=cohort)
    return told


def let_off(connection: Connection, which: Collection[UUID], *, now: datetime) -> bool:
    """Tell whoever holds one of these occurrences that it does not take place; False if nobody.

    To be called while it is still kept who holds them.
    """
    held = rota.held(connection, which)
    for ritual, person in held:
        recipient = recipients.add(connection, person, now=now, about=ritual)
        say(connection, Kind.LET_OFF, recipient, occasion="once", channel=None, now=now)
    return bool(held)


def name_no_more(connection: Connection, person: str, *, now: datetime) -> bool:
    """Have every post follow that may name somebody who is to be forgotten; False if none does.

    To be called before the person is deleted.
    """
    found = [
        (kind, *each)
        for kind in (Kind.RITUAL_SOON, Kind.RITUAL)
        for each in rota.named_in_posts(connection, person, kind)
    ]
    for kind, occurrence, channel in found:
        _say(connection, kind, occurrence, channel, now=now)
    return bool(found)


def take(
    connection: Connection, turn: TurnRow, coming: ComingRow, wish: Answer, *, now: datetime
) -> bool:
    """Keep an answer, and do what follows from it; True if the post has to follow."""
    rota.answer(connection, turn.id, wish, now=now)
    if wish is Answer.YES:
        rota.set_ask_at(connection, coming.id, None)
    elif turn.answer != Answer.SILENT and _is_next_due(connection, coming, now):
        rota.set_ask_at(connection, coming.id, now)
    held = Answer.YES in (wish, turn.answer)
    return held and _tell_post(connection, coming, now=now)


def _is_next_due(connection: Connection, coming: ComingRow, now: datetime) -> bool:
    """Whether nobody holds what is coming, or is just being asked."""
    turns = rota.turns_for(connection, coming.id)
    return is_coming(coming, now) and all(
        each.answer in (Answer.PASS, Answer.SILENT) for each in turns
    )


def _tell_post(connection: Connection, coming: ComingRow, *, now: datetime) -> bool:
    """Have the post that stands in the channel name whoever holds it now."""
    kind = Kind.RITUAL
    if coming.state == State.PLANNED and posts.find(connection, Kind.RITUAL_SOON, coming.id):
        kind = Kind.RITUAL_SOON
    elif coming.state != State.OPEN:
        return False
    _say(connection, kind, coming.id, coming.channel_id, now=now)
    return True


def _say(
    connection: Connection, kind: Kind, occurrence: UUID, channel: str, *, now: datetime
) -> None:
    occasion = f"holder {uuid4().hex}"
    say(connection, kind, occurrence, occasion=occasion, channel=channel, now=now)


def is_coming(coming: ComingRow, now: datetime) -> bool:
    """Whether an occurrence is still to begin, and somebody can hold it."""
    is_open = coming.closed_at is None and coming.rotates
    return is_open and coming.state == State.PLANNED and now < coming.due_at
