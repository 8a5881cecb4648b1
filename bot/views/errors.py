"""The sentence for everything that can go wrong: what happened, what is safe, what to do."""

from __future__ import annotations

from bot import content
from bot.errors import (
    CannotJoin,
    Cause,
    CohortRefused,
    ConsentNeeded,
    HearthError,
    InvalidAnswer,
    NotAllowed,
    NotRead,
    NotSaved,
    SlackUnavailable,
)
from bot.views.blocks import View, modal, section, unmarked
from bot.views.refusals import refused

_NOT_SAVED = {
    Cause.BUSY: "Hearth is busy just now and could not save this.",
    Cause.FULL: "Hearth has no room to save this; the people who run it need to know.",
    Cause.UNREADABLE: "Hearth could not save this beside what was there before.",
    Cause.UNAVAILABLE: "Hearth cannot reach its memory just now and could not save this.",
}
_NOT_READ = {
    Cause.BUSY: "Hearth is busy just now and could not look this up.",
    Cause.FULL: "Hearth has no room to work; the people who run it need to know.",
    Cause.UNREADABLE: (
        "A note that is kept here cannot be opened; the people who run Hearth can look for its key."
    ),
    Cause.UNAVAILABLE: "Hearth cannot reach its memory just now and could not look this up.",
}


def for_form(error: Exception, number: str) -> str:
    """Return the sentence that stands in a form whose text is still there."""
    happened = what_happened(error, number)
    then = _then(error, "press the button again")
    return unmarked(f"{happened} Nothing you typed is lost: it is still here. {then}")


def for_command(error: Exception, number: str) -> str:
    """Return the private answer to a command that did not work, with where to find help."""
    happened = what_happened(error, number)
    return f"{happened} {_then(error, 'send the command again')}\n{content.help_now()}"


def sorry(error: Exception, number: str) -> View:
    """Return what is laid over a view that has no field to put a sentence beside."""
    text = f"{what_happened(error, number)} {_then(error, 'try again')}"
    return modal(
        title="That did not work",
        close="Back",
        blocks=[section(text), section(content.help_now())],
    )


def what_happened(error: Exception, number: str) -> str:
    """Return the sentence that says what happened, and what of it is safe."""
    if isinstance(error, NotSaved):
        return _NOT_SAVED[error.cause]
    if isinstance(error, NotRead):
        return f"{_NOT_READ[error.cause]} Nothing was changed."
    if isinstance(error, ConsentNeeded):
        return "Nothing is kept before you have read and agreed to what Hearth keeps."
    if isinstance(error, CannotJoin):
        return "Check-ins are for members of this workspace, so nothing was kept about you."
    if isinstance(error, NotAllowed):
        return "This is for people with another role in the programme, so nothing was done."
    if isinstance(error, CohortRefused):
        return refused(error.reason)
    if isinstance(error, InvalidAnswer):
        return "This form is not one that can be saved any more, so nothing was saved."
    if isinstance(error, SlackUnavailable):
        return "Slack could not open the form just now. Nothing was changed."
    # It may have happened after the row was stored, so nothing is claimed about that.
    return f"Something went wrong in Hearth; its number is {number}."


def _then(error: Exception, again: str) -> str:
    if isinstance(error, ConsentNeeded):
        return "Please begin with `/checkin`."
    if isinstance(error, CannotJoin):
        return "Help is there for everybody: `/hearth help`."
    if isinstance(error, NotAllowed):
        return "`/hearth roles` shows who leads the programme and can change that."
    if isinstance(error, CohortRefused):
        return "`/cohort help` tells more."
    if isinstance(error, InvalidAnswer):
        return "Please open a new one with `/checkin`."
    if isinstance(error, NotRead) and error.cause is Cause.UNREADABLE:
        return "You can still check in with `/checkin 4 2 3 steady`; the note stays where it is."
    if isinstance(error, HearthError):
        return f"Please {again} in a moment."
    return (
        f"Please {again}, or look with `/checkin history` whether it is there. If it happens "
        "twice, tell the people who run Hearth the number."
    )
