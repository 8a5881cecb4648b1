"""Rules of the rota: who is asked next to hold a ritual, when, and when silence is an answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.cohorts import Cohort
from bot.domain.days import local_time

DAY_BEGINS, DAY_ENDS = time(8), time(20)
"""Between these, on their own wall clock, somebody is asked."""

LEAST, MOST = timedelta(hours=2), timedelta(hours=8)
"""How long somebody has to answer, as far as the ritual leaves so much time."""

LAST_ASKED = timedelta(minutes=30)
"""So long before a ritual begins, and later, nobody is asked any more."""

SETTLED = timedelta(minutes=15)
"""So long before a ritual begins, silence counts at the latest: what announces it names the
holder."""


class Answer(StrEnum):
    """What became of a question."""

    YES = "yes"
    PASS = "pass"  # noqa: S105  # passed on; no password
    SILENT = "silent"


class Standing(StrEnum):
    """How somebody stands to an occurrence that they were asked about."""

    ASKED = "asked"
    HOLDS = "holds"
    PASSED = "passed"
    TAKEN = "taken"
    """Somebody else holds it."""
    OVER = "over"
    """It has begun, is over, or does not take place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody who is on a rota and could be asked."""

    person: str
    since: datetime
    """Since when they are on the rota."""
    last_turn_at: datetime | None
    """When they were last asked; None: never."""
    zone: str | None
    """IANA name; None: nobody knows, and UTC is meant."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask this person now."""

    person: str
    silent_at: datetime
    """When their silence counts, and the next one is asked."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask nobody before this instant."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody is asked to hold, and how they stand to it."""

    turn: UUID
    person: str
    standing: Standing
    channel: str
    """Slack channel id of the cohort."""
    title: str
    """Of the ritual, as a facilitator typed it."""
    due_at: datetime
    zone: str | None
    """The person's."""
    minutes: int | None
    """How long a live one takes; None: it is open for days."""
    template: str
    """Key of its template in the content."""


@dataclass(frozen=True, slots=True)
class Place:
    """How somebody stands to the rota of a cohort."""

    cohort: Cohort
    is_on: bool
    """Whether they are on it."""


def line(waiting: Collection[Waiting], *, cohort: UUID, occurrence: UUID) -> Sequence[Waiting]:
    """Return who is asked in which order: whoever was asked longest ago comes first.

    Whoever was never asked counts from the day they joined the rota, so that a newcomer comes
    last and nobody is passed over. Between two who are equal a number decides that is the same
    whenever it is worked out, and another for each occurrence.
    """

    def key(each: Waiting) -> tuple[datetime, bytes]:
        mixed = sha256(f"{cohort} {each.person} {occurrence}".encode()).digest()
        return _asked_or_joined(each), mixed

    return sorted(waiting, key=key)


def _asked_or_joined(each: Waiting) -> datetime:
    return each.last_turn_at or each.since


def next_step(line: Sequence[Waiting], *, now: datetime, due_at: datetime) -> Ask | Wait | None:
    """Return whom to ask now, or how long to wait for their day; None: nobody is left.

    The first in line is waited for if their day begins in the first half of the time that is
    left, so that somebody whose night it always is then has a turn as everybody has. Else the
    first one is asked whose day it is.
    """
    last = due_at - LAST_ASKED
    if not line or now > last:
        return None
    begins = [day_begins(each.zone, now) for each in line]
    if begins[0] > now + (due_at - now) / 2:
        awake = (each for each, at in zip(line, begins, strict=True) if at == now)
        first, at = next(awake, None), now
    else:
        first, at = line[0], begins[0]
    if first is None:
        at = min(begins)
    if at > last:
        return None
    if first is None or at > now:
        return Wait(at)
    share = min(max((due_at - now) / len(line), LEAST), MOST)
    return Ask(first.person, min(now + share, due_at - SETTLED))


def day_begins(zone: str | None, now: datetime) -> datetime:
    """Return the first instant from now on at which somebody in `zone` may be asked."""
    local = local_time(now, zone)
    if DAY_BEGINS <= local.time() < DAY_ENDS:
        return now
    day = local.date() + timedelta(days=1 if local.time() >= DAY_ENDS else 0)
    opens = datetime.combine(day, DAY_BEGINS, tzinfo=local.tzinfo)
    return opens.astimezone(ZoneInfo("UTC"))


def turn_at(now: datetime, rota: Collection[Waiting]) -> datetime:
    """Return the instant to keep as somebody's last turn: later than everybody else's.

    Two who are asked in the same moment, or after a clock went back, would else be equal, and
    the one of them who was asked first could come first again.
    """
    latest = max((_asked_or_joined(each) for each in rota), default=now)
    return max(now, latest + timedelta(microseconds=1))


def standing(answer: Answer | None, *, is_coming: bool, is_taken: bool) -> Standing:
    """Return how somebody stands who was asked.

    Args:
        answer: what they said; None: nothing yet.
        is_coming: whether the occurrence is still to begin.
        is_taken: whether somebody else holds it.
    """
    if not is_coming:
        return Standing.OVER
    if answer is Answer.YES:
        return Standing.HOLDS
    if answer is Answer.PASS:
        return Standing.PASSED
    return Standing.TAKEN if is_taken else Standing.ASKED


def changes(before: Standing, wish: Answer) -> bool:
    """Whether an answer changes anything, from how somebody stands.

    Silence is no last word: whoever was asked can say yes as long as nobody holds it. What was
    passed on stays so, as somebody else has been asked since; and the holder can pass it on
    until it begins.
    """
    return before is Standing.ASKED or (before is Standing.HOLDS and wish is Answer.PASS)
