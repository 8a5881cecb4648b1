"""Everything that can go wrong in a way a person may read about.

The words for each stand in `bot.views.errors`; nothing here carries what a person wrote.

HearthError
├── SettingsError        the operator's settings are missing or malformed
├── CannotStart          something outside must be mended before Hearth can run
├── InvalidAnswer        a form was filled in a way that cannot be kept
├── ConsentNeeded        nothing is stored for somebody who has not agreed
├── CannotJoin           guests, apps and people of other companies cannot be members
├── NotAllowed           the person has no role that may do this
├── CohortRefused        a cohort cannot be made there, or somebody cannot belong to it
├── StorageFailed
│   ├── NotSaved         storage did not take it; nothing was half-written
│   └── NotRead          storage did not give it; nothing was changed
├── SlackUnavailable     Slack did not do what it was asked
├── TooEarly             what an event is about is not noted yet; it should come again
└── NotDelivered         what was to be said was not, or nobody knows
    ├── RateLimited      Slack asked to wait; it surely does not have it
    ├── NotReached       Slack was not reached; it surely does not have it
    ├── NobodyKnows      Slack may have it or not
    └── Refused          Slack will not take it, now or later
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from enum import StrEnum


class HearthError(Exception):
    """Base of every error that has words for a person."""


class SettingsError(HearthError):
    """Settings that are missing or malformed, all of them at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class CannotStart(HearthError):
    """Hearth cannot run until the operator mends something; the message says what."""


class InvalidAnswer(HearthError):
    """A form whose fields cannot be kept, with the reason for each field."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__(", ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = dict(problems)


class Problem(StrEnum):
    """Why a field cannot be kept."""

    MISSING = "missing"
    NOT_A_CHOICE = "not a choice"
    TOO_LONG = "too long"
    NOTHING_TO_SHARE = "nothing to share"
    PAUSED = "paused"
    """The cohort is one with which nothing can be shared just now."""
    CLOSED = "closed"
    """The cohort was closed."""
    NOT_YOURS = "not yours"
    """The cohort is none that the person belongs to."""
    NOT_A_COLLEAGUE = "not a colleague"
    # of roles
    NOT_YOURS_TO_GIVE = "not yours to give"
    YOURSELF = "yourself"
    LEADS = "leads"
    ADMINISTRATES = "administrates"
    MODERATES = "moderates"
    HELD_ALREADY = "held already"
    DECIDES = "decides"
    LAST_LEAD = "last lead"
    # of the set-up
    NOT_A_NUMBER = "not a number to call"
    NOT_A_LINK = "not a link"
    NOT_A_ZONE = "not a zone"
    NOT_A_TIME = "not a time"
    ENDS_FIRST = "ends first"
    NOT_YET = "not yet"
    NOT_THERE = "not there"
    ARCHIVED = "archived"
    PUBLIC = "public"
    OTHER_COMPANY = "other company"
    GUESTS = "guests"
    CROWDED = "crowded"
    COHORTS_OWN = "a cohort's own"
    LEADS_INSIDE = "leads inside"
    NOT_LOOKED = "not looked"
    NEVER_TRIED = "never tried"
    TRIED_LONG_AGO = "tried long ago"
    VACANT = "vacant"
    # of rituals
    NOT_A_RULE = "not a rule"
    NEVER_HAPPENS = "never happens"
    PAST = "past"
    """It lies behind."""
    FAR_AHEAD = "far ahead"
    TOO_MANY = "too many"
    DELETED = "deleted"


class ConsentNeeded(HearthError):
    """The person has not agreed, or not to the words that hold today."""


class CannotJoin(HearthError):
    """Only people with an account of their own in this workspace can; nothing was stored."""


class NotAllowed(HearthError):
    """The person has no role that may do this, or has it no longer; nothing was done."""


class Refusal(StrEnum):
    """Why there is no cohort in a channel, no sharing with it, or no place in it for somebody."""

    NOT_A_CHANNEL = "not_a_channel"
    NOT_INSIDE = "not_inside"
    """Hearth is not in the channel."""
    ARCHIVED = "archived"
    SHARED = "shared"
    """With another company."""
    OPEN = "open"
    """Everybody in the company can read the channel, and nobody has agreed to that."""
    GUESTS = "guests"
    """Somebody is in the channel who is not of the company."""
    UNSEEN = "unseen"
    """Nobody has looked yet who is in the channel."""
    TAKEN = "taken"
    """The channel has a cohort."""
    CLOSED = "closed"
    """There is no such cohort, or it was closed."""
    NONE_HERE = "none_here"
    NOT_IN_CHANNEL = "not_in_channel"
    """The person is not in the channel."""
    NOT_A_COLLEAGUE = "not_a_colleague"
    """A guest, a bot, or of another company."""
    DECIDES = "decides"
    """On others' work or pay, where that is not welcome."""
    DECIDES_AND_FACILITATES = "decides_and_facilitates"
    DECIDES_AND_HOLDS = "decides_and_holds"
    """Whoever decides on others' work or pay holds no rituals."""
    NOT_A_MEMBER = "not_a_member"
    """The person does not belong to the cohort."""


class CohortRefused(HearthError):
    """A cohort cannot be made there, or somebody cannot belong to it; nothing was changed."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Cause(StrEnum):
    """Why storage did not answer, as far as it helps the person who reads it."""

    BUSY = "busy"
    FULL = "full"
    UNREADABLE = "unreadable"
    UNAVAILABLE = "unavailable"


class StorageFailed(HearthError):
    """Base of `NotSaved` and `NotRead`."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


class NotSaved(StorageFailed):
    """Storage did not take it; nothing was half-written."""


class NotRead(StorageFailed):
    """Storage did not give it; nothing was changed."""


class SlackUnavailable(HearthError):
    """Slack did not do what it was asked."""


class TooEarly(HearthError):
    """What an event is about is not noted yet, so Slack should send the event again."""


class NotDelivered(HearthError):
    """Base of what can become of an attempt to say something; `code` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RateLimited(NotDelivered):
    """Slack asked to wait for so many seconds; it surely does not have it."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class NotReached(NotDelivered):
    """Slack was not reached, or does not know Hearth just now; it surely does not have it."""


class NobodyKnows(NotDelivered):
    """No answer came, or one that says nothing: Slack may have it or not."""


class Refused(NotDelivered):
    """Slack will not take it, now or later."""


def places(error: BaseException) -> str:
    """Return the last lines of code that an error came through, innermost first.

    That is what may be told of an error that nobody expected: its message may quote a person.
    """
    frames = reversed(traceback.extract_tb(error.__traceback__)[-5:])
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in frames)
