"""Pausing: the form, its reader, and the words that confirm it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.pauses import UNTIL_I_SAY, Pause, read_pause
from bot.errors import InvalidAnswer, Problem
from bot.views.blocks import View, choice, chosen, chosen_date, date_field, modal, option, section
from bot.views.dates import full_date

PAUSE = "pause"

_DATE = "date"
_OFFERS = {
    "1w": "One week",
    "2w": "Two weeks",
    "4w": "Four weeks",
    _DATE: "Until the day below",
    "until I say": "Until I say",
    "off": "No pause: I may be asked again",
}


def form(until: date | None, *, puzzled: bool) -> View:
    """Return the form; `until` is what holds now, `puzzled` says that typed words were unclear."""
    remark = "I did not understand for how long. " if puzzled else ""
    return modal(
        title="A pause",
        callback_id=PAUSE,
        submit="Save",
        close="Leave as it is",
        blocks=[
            section(
                f"{remark}While you pause, Hearth asks you nothing of its own accord. You can "
                f"still check in, and nobody is told.\n{_now(until)}"
            ),
            choice("pause", "For how long?", [option(*each) for each in _OFFERS.items()]),
            date_field("day", "The day on which the pause ends", optional=True),
        ],
    )


def read(view: Mapping[str, Any], *, today: date) -> Pause:
    """Return what was chosen.

    Raises:
        InvalidAnswer: nothing, or no day that lies ahead within two years.
    """
    value = chosen(view, "pause")
    if value is None:
        raise InvalidAnswer({"pause": Problem.MISSING})
    if value not in _OFFERS:
        raise InvalidAnswer({"pause": Problem.NOT_A_CHOICE})
    wanted = read_pause(chosen_date(view, "day") or "" if value == _DATE else value, today=today)
    if wanted is None or (value == _DATE and wanted.until in (None, UNTIL_I_SAY)):
        raise InvalidAnswer({"day": Problem.NOT_A_CHOICE})
    return wanted


def problems(error: InvalidAnswer) -> dict[str, str]:
    """Return a sentence for each field that cannot be kept."""
    sentences = {
        "pause": "Please choose one of these.",
        "day": "Please choose a day after today, within the next two years.",
    }
    return {field: sentences[field] for field in error.problems}


def saved(pause: Pause) -> View:
    """Return what the form turns into."""
    return modal(title="Saved", close="Done", blocks=[section(words(pause))])


def words(pause: Pause) -> str:
    """Return the sentence that confirms a pause or its end."""
    if pause.until is None:
        return "The pause is over: Hearth may ask you again, seldom. `/checkin pause` begins one."
    return (
        f"Hearth asks you nothing {_until(pause.until)}. You can check in whenever you like, and "
        "`/checkin pause off` ends the pause."
    )


def _now(until: date | None) -> str:
    return "You are not pausing now." if until is None else f"You are pausing {_until(until)}."


def _until(until: date) -> str:
    return "until you say so" if until == UNTIL_I_SAY else f"until {full_date(until)}"
