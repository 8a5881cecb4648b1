"""Rules of what Hearth says: what comes first, how long it is tried, when it is given up.

A delivery is one row of the outbox. It says *that* something about a subject is to be said or
changed in Slack; the words are made from the subject at the moment of sending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

LEASE = timedelta(seconds=75)
"""How long a sender may hold a delivery. Whoever finds it later has to look whether Slack has it:
a minute in which an answer may still arrive, and some seconds for clocks that differ."""

WAIT_FOR_ANOTHER = timedelta(seconds=10)
"""The longest that a delivery waits for the one it comes after."""

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)

SENT_KEPT_FOR = timedelta(days=7)
FAILED_KEPT_FOR = timedelta(days=90)
"""How long a row stays after it was settled; what was given up may be asked about for longer."""

NOBODY_KNOWS = "nobody_knows"
"""The reason of a delivery given up because nobody can find out whether Slack has it."""

TOO_LATE = "too_late"
"""The reason of a delivery given up, or of a ritual left out, because its time was over."""


class Kind(StrEnum):
    """What a delivery is about."""

    SHARE = "share"
    """Part of a check-in, in a cohort's channel; the subject is the share."""
    SHARE_UNSENT = "share_unsent"
    """A word to the person that what they shared could not be posted; the subject is the share."""
    EXPORT = "export"
    """The files of a copy of one's data, in a direct message; the subject is the export."""
    EXPORT_UNSENT = "export_unsent"
    """A word to the person that their copy could not be sent; the subject is the recipient."""
    RETURNED = "returned"
    """A word to somebody whose account is open again; the subject is the recipient."""
    NOW_A_GUEST = "now_a_guest"
    """A word to a member whose account became a guest's; the subject is the recipient."""
    TURNED_AWAY = "turned_away"
    """A word to somebody who joined and could not have; the subject is the recipient."""
    ROLE = "role"
    """A word to the person that they were given a role; the subject is the grant."""
    ROLE_ENDED = "role_ended"
    """A word to the person that a role was taken from them; the subject is the grant."""
    LINES_DUE = "lines_due"
    """A word to a lead that crisis lines should be looked at; the subject is their grant."""
    NOTICE = "notice"
    """What a cohort is, pinned in its channel; the subject is the cohort."""
    COHORT_HALTED = "cohort_halted"
    """A word to a member that nothing is shared with their cohort just now; the subject is their
    membership."""
    INVITED = "invited"
    """A word to somebody who invited Hearth into a channel; the subject is the recipient."""
    RITUAL_TURN = "ritual_turn"
    """A question to somebody on a rota whether they can hold a ritual; the subject is the turn."""
    LET_OFF = "let_off"
    """A word to whoever holds a ritual that it does not take place; the subject is the recipient.
    """
    NEWS = "news"
    """A word to somebody who runs a cohort about what happened to it; the subject is the news."""
    RITUAL = "ritual"
    """What a ritual is about this time, in its cohort's channel; the subject is the occurrence."""
    RITUAL_SOON = "ritual_soon"
    """That a live ritual begins in some minutes; the subject is the occurrence."""
    RITUAL_THANKS = "ritual_thanks"
    """The thanks at the end of a live ritual, in its thread; the subject is the occurrence."""
    WEEKLY_CHECKIN = "weekly_checkin"
    """The weekly question to whoever wants it; the subject is the name of that question."""
    WEEKLY_REMINDER = "weekly_reminder"
    """Its one reminder; the subject is the name of the question."""
    INVITATION = "invitation"
    """A word to somebody who reacted and is no member; the subject is the recipient."""
    SUPPORT_OFFER = "support_offer"
    """What a member may do about a message that they gave a sign of support; the subject is the
    offer."""
    KIND_WORD = "kind_word"
    """A word to somebody that a colleague thinks of them; the subject is the recipient."""
    SUPPORT_SUGGESTED = "support_suggested"
    """A word to somebody that help may be of use to them; the subject is the recipient."""


class Priority(IntEnum):
    """What is sent first; the lowest number."""

    URGENT = 0
    """Somebody may need help."""
    SOON = 1
    """Somebody has just done something and looks for it."""
    LATER = 2


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    """Settled: Slack shows what it is to show, which may be nothing."""
    FAILED = "failed"
    """Given up; the person has been told, or where there is nobody to tell, the log."""


class IfUnknown(StrEnum):
    """What to do when nobody can find out whether Slack has the message."""

    AGAIN = "again"
    """Rather two than none."""
    LEAVE = "leave"
    """Rather none than two; whoever it concerns is told."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How deliveries of one kind are treated."""

    priority: Priority
    keep_trying: timedelta
    if_unknown: IfUnknown
    sends_files: bool = False
    """Whether what stands in Slack are files, found by their names."""


RULES: Mapping[Kind, Rule] = {
    Kind.SHARE: Rule(Priority.SOON, timedelta(hours=24), IfUnknown.LEAVE),
    Kind.SHARE_UNSENT: Rule(Priority.SOON, timedelta(hours=72), IfUnknown.AGAIN),
    # A file has to go however long Slack cannot be reached; its coming ends by itself before.
    Kind.EXPORT: Rule(Priority.SOON, timedelta(days=30), IfUnknown.AGAIN, sends_files=True),
    Kind.EXPORT_UNSENT: Rule(Priority.SOON, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.RETURNED: Rule(Priority.LATER, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.NOW_A_GUEST: Rule(Priority.LATER, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.TURNED_AWAY: Rule(Priority.SOON, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.ROLE: Rule(Priority.SOON, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.ROLE_ENDED: Rule(Priority.SOON, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.LINES_DUE: Rule(Priority.LATER, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.NOTICE: Rule(Priority.SOON, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.COHORT_HALTED: Rule(Priority.SOON, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.INVITED: Rule(Priority.SOON, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.RITUAL_TURN: Rule(Priority.LATER, timedelta(hours=24), IfUnknown.AGAIN),
    Kind.LET_OFF: Rule(Priority.SOON, timedelta(hours=24), IfUnknown.AGAIN),
    Kind.NEWS: Rule(Priority.SOON, timedelta(hours=72), IfUnknown.AGAIN),
    Kind.RITUAL: Rule(Priority.SOON, timedelta(hours=2), IfUnknown.LEAVE),
    Kind.RITUAL_SOON: Rule(Priority.SOON, timedelta(minutes=10), IfUnknown.LEAVE),
    Kind.RITUAL_THANKS: Rule(Priority.LATER, timedelta(hours=2), IfUnknown.LEAVE),
    # Late, nobody wants to be asked; and rather not at all than twice.
    Kind.WEEKLY_CHECKIN: Rule(Priority.LATER, timedelta(hours=2), IfUnknown.LEAVE),
    Kind.WEEKLY_REMINDER: Rule(Priority.LATER, timedelta(hours=2), IfUnknown.LEAVE),
    Kind.INVITATION: Rule(Priority.LATER, timedelta(hours=24), IfUnknown.LEAVE),
    Kind.SUPPORT_OFFER: Rule(Priority.SOON, timedelta(hours=24), IfUnknown.AGAIN),
    Kind.KIND_WORD: Rule(Priority.SOON, timedelta(hours=24), IfUnknown.AGAIN),
    Kind.SUPPORT_SUGGESTED: Rule(Priority.SOON, timedelta(hours=24), IfUnknown.AGAIN),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delivery that a sender holds."""

    id: int
    delivery_id: UUID
    """Random; travels in the message's metadata, so that the message can be found again."""
    kind: Kind
    subject: UUID
    channel: str | None
    """The Slack channel, or None for a direct message: whose, only the subject knows."""
    attempts: int
    """How often it was taken up, this time included."""
    created_at: datetime
    newest: int
    """The id of the newest delivery about the same subject when this one was taken up."""

    def given_up(self, now: datetime) -> bool:
        """Whether it is no longer worth saying."""
        return now - self.created_at > RULES[self.kind].keep_trying


@dataclass(frozen=True, slots=True)
class Doubt:
    """An earlier delivery about the same subject that Slack may have or not."""

    delivery_id: UUID
    created_at: datetime


FILES = "files"
"""Where files stand, in the place of a channel: which direct message would say whose they are."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message of ours that stands in Slack, or files that do."""

    channel: str
    ts: str

    @classmethod
    def of_files(cls, ids: Sequence[str]) -> Post:
        """Return files as what stands in Slack."""
        return cls(FILES, " ".join(ids))

    @property
    def files(self) -> Sequence[str]:
        """The ids of the files; empty for a message."""
        return self.ts.split() if self.channel == FILES else ()


def pause(attempts: int, jitter: float) -> timedelta:
    """Return how long to wait after the given number of attempts, the first of them 1.

    Doubles each time up to `LONGEST_PAUSE`; `jitter`, from 0 to 1, takes away up to half, so that
    what failed together does not come back together.
    """
    doubled = FIRST_PAUSE * float(2 ** min(max(attempts, 1) - 1, 16))
    return min(doubled, LONGEST_PAUSE) * (1 - jitter / 2)
