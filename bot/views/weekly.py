"""The weekly question: its form, the direct message, and the words that confirm a choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.domain.budget import Sort
from bot.domain.pauses import Pause
from bot.domain.visibility import Visibility
from bot.domain.weekly import FIRST_OFFERED, Filled, Setting, Wish
from bot.errors import InvalidAnswer, Problem
from bot.views import pauses
from bot.views.blocks import (
    Block,
    View,
    buttons,
    choice,
    chosen,
    context,
    modal,
    option,
    pick,
    picked,
    section,
    text_field,
    tick,
    ticked,
    typed,
)
from bot.views.dates import clock_time, long_date, minutes_as_clock, weekdays
from bot.views.letters import Letter
from bot.views.visibility import who_will_see

FORM = "weekly"
CHECK_IN = "weekly_check_in"
NOT_THIS_WEEK = "weekly_not_this_week"
PAUSE = "weekly_pause"
STOP = "weekly_stop"

_WANTED = {"yes": "Yes, once a week", "no": "No, please do not ask me"}
_QUESTION = {
    Sort.PROMPT: "Your weekly check-in, if you like.",
    Sort.REMINDER: "Your weekly check-in is still open, if you like.",
}
_ZONE_LIMIT = 60


def form(known: Setting) -> View:
    """Return the form, with what was chosen before."""
    return modal(
        title="A weekly question",
        callback_id=FORM,
        submit="Save",
        close="Leave as it is",
        blocks=[
            section(
                "Once a week, at a time of yours, Hearth can ask in a direct message whether you "
                "would like to check in. Not answering is always fine."
            ),
            *_fields(known),
            context(
                f"{who_will_see(Visibility())} Hearth tells nobody whether it asks you, or whether "
                "you answer."
            ),
        ],
    )


def _fields(known: Setting) -> list[Block]:
    wish = known.wish
    wanted = None if wish is None else "yes" if known.next_at else "no"
    at = FIRST_OFFERED if wish is None else wish.at_minute
    days = [option(str(day), weekdays([day])) for day in range(7)]
    return [
        choice(
            "wanted",
            "Shall Hearth ask you?",
            [option(*each) for each in _WANTED.items()],
            chosen=wanted,
        ),
        choice(
            "weekday",
            "On which day?",
            days,
            kind="static_select",
            chosen=None if wish is None else str(wish.weekday),
        ),
        pick("time", "At what time?", "timepicker", initial=minutes_as_clock(at)),
        text_field(
            "zone",
            "By which clock?",
            limit=_ZONE_LIMIT,
            initial=wish.zone if wish else None,
            hint=_zone_hint(known.known_zone),
            multiline=False,
        ),
        tick(
            "reminds",
            "If I have not checked in",
            "Remind me once, two days later",
            ticked=wish is not None and wish.reminds,
            optional=True,
            hint="After a Saturday, the day after. After a Sunday there is none: a reminder "
            "stays in the week of its question.",
        ),
    ]


def read(view: Mapping[str, Any]) -> Filled:
    """Return what stands in the form, as far as it can be read."""
    return Filled(
        wanted=chosen(view, "wanted"),
        weekday=chosen(view, "weekday"),
        time=picked(view, "time"),
        zone=typed(view, "zone") or "",
        reminds=ticked(view, "reminds"),
    )


def problems(error: InvalidAnswer) -> dict[str, str]:
    """Return a sentence for each field that cannot be kept."""
    return {field: _PROBLEMS[problem] for field, problem in error.problems.items()}


_PROBLEMS = {
    Problem.MISSING: "Please choose one of these.",
    Problem.NOT_A_CHOICE: "Please choose one of these.",
    Problem.NOT_A_TIME: "Please choose a time, for instance 10:00.",
    Problem.NOT_A_ZONE: "There is no such time zone. For instance: Europe/Berlin. Left empty, it "
    "is the clock of where you are.",
}


def saved(now: Setting) -> View:
    """Return what the form turns into."""
    return _told("Saved", words(now))


def words(now: Setting) -> str:
    """Return what holds, in a sentence or two."""
    if now.wish is None or now.next_at is None:
        return "Hearth asks you no weekly question. `/checkin weekly` lets it begin."
    paused = ""
    if now.paused_until is not None:
        paused = (
            f"\nJust now you pause, and that goes first. {pauses.words(Pause(now.paused_until))}"
        )
    return (
        f"Hearth asks you {_when(now.wish, now.known_zone)}{_reminded(now.wish)}. Next: "
        f"{_instant(now.next_at)}. It stays silent if you checked in that day, or if Hearth has "
        f"asked you something else that week.{paused}"
    )


def question(person: str, name: UUID, sort: Sort) -> Letter:
    """Return the direct message that asks, or that asks once more; `name` is the question's.

    On a locked screen stands one sentence that says nothing about anybody.
    """
    text = _QUESTION[sort]
    rest = "" if sort is Sort.PROMPT else " This is the only reminder."
    return Letter(
        person=person,
        text=text,
        blocks=[
            section(f"{text}{rest} It takes about thirty seconds, and not answering is fine too."),
            _buttons(name),
            context(
                "*Who will see this:* only you, unless you choose in the form to share a part of "
                "it."
            ),
        ],
    )


def _buttons(name: UUID) -> Block:
    value = str(name)
    return buttons(
        (CHECK_IN, value, "Check in"),
        (NOT_THIS_WEEK, value, "Not this week"),
        (PAUSE, value, "Pause for two weeks"),
        (STOP, value, "Stop asking me"),
    )


def read_question(value: str) -> UUID:
    """Return the name of the question that a button stands under.

    Raises:
        ValueError: the button is not one of ours.
    """
    return UUID(value)


def not_this_week(now: Setting | None) -> View:
    """Return the answer to "Not this week"; None where the question is not the latest one."""
    if now is None:
        return _told(
            "All right",
            "That question is from an earlier week, so nothing is changed. `/checkin weekly` "
            "shows when Hearth asks you next.",
        )
    later = f" Next: {_instant(now.next_at)}." if now.next_at else ""
    return _told(
        "All right",
        f"Not this week, then.{later} If you change your mind, `/checkin` is there.",
    )


def paused(pause: Pause) -> View:
    """Return the answer to the button that pauses."""
    return _told("Paused", pauses.words(pause))


def stopped() -> View:
    """Return the answer to the button that stops the question."""
    return _told(
        "Stopped",
        "Hearth will not ask you this again. You can still check in whenever you like, and "
        "`/checkin weekly` brings it back.",
    )


def _told(title: str, text: str) -> View:
    return modal(title=title, close="Done", blocks=[section(text)])


def _when(wish: Wish, known_zone: str | None) -> str:
    where = f"in {wish.zone}" if wish.zone else f"wherever you are{_as_known(known_zone)}"
    return f"every {weekdays([wish.weekday])} at {minutes_as_clock(wish.at_minute)}, {where}"


def _as_known(zone: str | None) -> str:
    return f" (now {zone})" if zone else ""


def _reminded(wish: Wish) -> str:
    return ", and reminds you once" if wish.reminds else ""


def _instant(at: datetime) -> str:
    return f"{long_date(at.date())} at {clock_time(at)}"


def _zone_hint(known: str | None) -> str:
    says = f" (now {known})" if known else ""
    return (
        f"Left empty, it is the clock of where you are, as Slack says{says}. Or a time zone by its "
        "name, such as America/New_York."
    )
