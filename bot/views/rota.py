"""What the rota asks, what is said to an answer, and being on it or not."""

from __future__ import annotations

from bot.content import rituals as content
from bot.domain.rota import Place, Question, Standing
from bot.views.blocks import (
    Block,
    View,
    buttons,
    context,
    escaped,
    header,
    modal,
    plain,
    section,
)
from bot.views.dates import day_in_own_time
from bot.views.letters import Letter, word

YES = "rota_yes"
PASS = "rota_pass"  # noqa: S105  # to pass it on; no password
JOIN = "rota_join"
LEAVE = "rota_leave"

_SILENCE = (
    "If you say nothing, it passes on by itself. Nobody sees that you passed it on or did not "
    "answer; the post names you if you hold it."
)


def asked(question: Question) -> Letter:
    """Return the direct message that asks somebody to hold a ritual.

    Its first words are what a locked screen shows, and name no ritual.
    """
    ask = f"Could you hold this in <#{question.channel}> on {_when(question)}? {_length(question)}"
    note = content.template(question.template).how_to_hold
    row = buttons((YES, str(question.turn), "I can"), (PASS, str(question.turn), "Pass it on"))
    return Letter(
        person=question.person,
        text="\n".join(
            ["A short question from your cohort's rota.", ask, _SILENCE, escaped(question.title)]
        ),
        blocks=[header(question.title), section(ask), *_note(note), context(_SILENCE), row],
    )


def answered(question: Question | None, person: str) -> Letter:
    """Return what the question turns into; None for one that is there no more."""
    if question is None:
        return word(person, _GONE)
    if question.standing is Standing.HOLDS:
        return _holds(question)
    if question.standing is Standing.ASKED:
        return asked(question)
    return word(person, _SAID[question.standing])


def _holds(question: Question) -> Letter:
    held = f"You hold this in <#{question.channel}> on {_when(question)}. Thank you."
    note = content.template(question.template).how_to_hold
    row = buttons((PASS, str(question.turn), "Pass it on after all"))
    return Letter(
        person=question.person,
        text=f"{held}\n{escaped(question.title)}",
        blocks=[header(question.title), section(held), *_note(note), row],
    )


def let_off(person: str, channel: str, title: str) -> Letter:
    """Return the word that what somebody said they would hold does not take place as planned."""
    said = (
        f"What you said you would hold in <#{channel}> was changed or called off, so there is "
        "nothing for you to do. If it comes at another time, the rota is asked again before. "
        "Thank you for having said yes."
    )
    return Letter(
        person=person,
        text=f"{said}\n{escaped(title)}",
        blocks=[header(title), section(said)],
    )


_GONE = "This ritual was changed or called off, so there is nothing you need to do. Thank you."
_SAID = {
    Standing.PASSED: "Passed on. That is fine.",
    Standing.TAKEN: "Somebody else holds this by now, so there is nothing you need to do.",
    Standing.OVER: (
        "This has begun, is over, or does not take place. Nothing was changed, and there is "
        "nothing you need to do."
    ),
}


def place(place: Place, remark: str | None = None) -> View:
    """Return the modal about the rota of a cohort, with the button that changes it."""
    which = str(place.cohort.id)
    now = "You are on the rota." if place.is_on else "You are not on the rota."
    row = (
        buttons((LEAVE, which, "Take me off the rota"))
        if place.is_on
        else buttons((JOIN, which, "Put me on the rota"))
    )
    name: Block = {"type": "section", "text": plain(place.cohort.name)}
    return modal(
        title="The rota",
        close="Done",
        blocks=[name, section(f"*{remark or now}*"), section(_MEANS), row, context(_WHO)],
    )


JOINED = "You are on the rota now. Thank you."
LEFT = "You are off the rota. What you held passes on."

_MEANS = (
    "Some rituals here are held by a member: somebody who opens, keeps an eye on the time, and "
    "thanks people. Whoever is on the rota takes turns. A day before, Hearth asks the one whose "
    "turn it is. *I can* takes it and *Pass it on* asks the next; silence passes it on as well. "
    "Both are fine, every time. Hearth asks anybody at most one thing a week: in a week in which "
    "your weekly question comes first, the rota goes on to the next. You can come off it whenever "
    "you like."
)
_WHO = (
    "*Who will see this:* whoever runs the cohort sees roughly how many are on the rota. The post "
    "names you when you hold it. Nobody sees that you passed or did not answer. Hearth keeps that "
    "you are on the rota, when you were asked and what you said; it is in your copy of your data."
)


def _when(question: Question) -> str:
    return day_in_own_time(question.due_at, question.zone)


def _length(question: Question) -> str:
    if question.minutes is None:
        return "Opening it takes a few minutes; people reply whenever it suits them."
    return f"It takes {question.minutes} minutes."


def _note(note: str) -> list[Block]:
    return [context(f"*Holding it:* {note}")] if note else []
