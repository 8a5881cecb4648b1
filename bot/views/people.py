"""The first screen, one's choices, when the day starts, and taking everything back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import content
from bot.domain.checkin_command import Quick
from bot.domain.people import Agreement, Choices, Joining, Safety
from bot.errors import InvalidAnswer, Problem
from bot.views import checkin_form
from bot.views.blocks import (
    Block,
    View,
    buttons,
    choice,
    chosen,
    modal,
    option,
    section,
    tick,
    ticked,
)
from bot.views.dates import length, minutes_as_clock
from bot.views.support import OPEN as HELP
from bot.views.support import help_button

CONSENT = "consent"
IN_FULL = "consent_in_full"
CHOICES = "choices"
DAY_START = "day_start"
FORGET = "forget"


def consent(quick: Quick, joining: Joining) -> View:
    """Return the screen that stands before the first check-in.

    What was already typed travels with it, so that nobody has to type it twice. Nothing is
    chosen beforehand, also for somebody who agreed to earlier words.
    """
    again = [section(content.consent("again"))] if joining.again else []
    return modal(
        title="Before you begin",
        callback_id=CONSENT,
        submit="Agree and go on",
        close="Not now",
        private_metadata=json.dumps(
            {**checkin_form.pack(quick), _WORDS: content.consent_version()}
        ),
        blocks=[
            *again,
            section(content.consent("intro")),
            *_points(joining, short=True),
            buttons((IN_FULL, "all", "Read all of it"), (HELP, "support", "Help now")),
            _country(None),
            tick("agreed", "Check-ins", content.consent("agree")),
            _safety(None),
        ],
    )


_WORDS = "words"
"""Where the screen keeps which words it shows: nobody agrees to others than they read."""


def words_changed() -> View:
    """Return what stands in the place of a first screen with other words than those of today.

    No new screen stands there at once: Slack would carry over into it what was chosen before.
    """
    text = (
        "What Hearth tells you before you begin has changed while this was open, so nothing was "
        "kept. Please open it once more, for instance with `/checkin`, and read what it says now."
    )
    return modal(title="Please read once more", close="Close", blocks=[section(text)])


def consent_in_full(joining: Joining) -> View:
    """Return every word of what is agreed to, to be laid over the first screen."""
    return modal(title="All of it", close="Back", blocks=_points(joining, short=False))


def _points(joining: Joining, *, short: bool) -> list[Block]:
    named = {
        "retention": length(joining.checkins_days),
        "moderators": ", ".join(f"<@{each}>" for each in joining.moderators)
        or content.consent("nobody_yet"),
    }
    points = content.consent_points(short=short)
    return [section(f"*{title}*\n{text.format(**named)}") for title, text in points]


def read_consent(view: Mapping[str, Any]) -> tuple[Agreement, Quick]:
    """Return what was chosen on the first screen, and what was typed before it."""
    chosen_there = replace(read_choices(view), words=str(_metadata(view).get(_WORDS)))
    return chosen_there, checkin_form.unpack(view.get("private_metadata", ""))


def _metadata(view: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def consent_problems(error: InvalidAnswer) -> dict[str, str]:
    """Return a sentence for each field without which nothing can be stored."""
    sentences = {
        "agreed": "Hearth keeps nothing before you agree. You can also close this.",
        "country": "Please choose a country, or the last one for somewhere else.",
        "safety": "Please choose one of these, or none.",
    }
    return {field: sentences[field] for field in error.problems}


def choices(choices: Choices) -> View:
    """Return the form of what somebody has chosen, each of it to be changed."""
    return modal(
        title="Your choices",
        callback_id=CHOICES,
        submit="Save",
        close="Leave as it is",
        blocks=[
            section(
                "What you have chosen, as it holds now. Nobody sees it but you, and nobody is told "
                "when you change it."
            ),
            tick(
                "agreed",
                "Check-ins",
                content.consent("agree"),
                ticked=choices.checkins,
                optional=True,
                hint="Without the tick, all your check-ins and notes are deleted when you save, "
                "what you shared of them is taken away in Slack, and no new ones are kept.",
            ),
            _safety(choices.safety),
            _country(choices.country),
        ],
    )


def read_choices(view: Mapping[str, Any]) -> Agreement:
    """Return what was chosen in the form, as far as it can be read."""
    return Agreement(
        agreed=ticked(view, "agreed"),
        country=chosen(view, "country"),
        safety=chosen(view, "safety"),
    )


def choices_saved(choices: Choices) -> View:
    """Return what the form turns into."""
    lines = [
        "Check-ins: yes."
        if choices.checkins
        else "Check-ins: no. Your check-ins and notes are deleted, and what you had shared is "
        "being taken away in Slack. `/checkin` begins again, whenever you like.",
        f"Reading notes for safety: {content.safety_level(choices.safety)}.",
        f"Country: {content.countries()[choices.country]}.",
    ]
    return modal(title="Saved", close="Done", blocks=[section("\n".join(lines))])


def cannot_join() -> View:
    """Return the kind answer to somebody who cannot be a member."""
    text = (
        "Hearth is for people with a full account in this company's Slack. Guests and people of "
        "other companies cannot take part, and nothing was kept about you. If you need somebody, "
        "the help below is for you as well."
    )
    return modal(
        title="Not for guests",
        close="Close",
        blocks=[section(text), section(content.help_now()), help_button()],
    )


def _country(country: str | None) -> Block:
    return choice(
        "country",
        content.consent("country"),
        [option(code, name) for code, name in content.countries().items()],
        kind="static_select",
        chosen=country,
        hint=content.consent("country_hint"),
    )


def _safety(level: Safety | None) -> Block:
    return choice(
        "safety",
        content.consent("safety"),
        [option(each, content.safety_level(each)) for each in Safety],
        chosen=level,
        hint=content.consent("safety_hint"),
        optional=True,
    )


def day_start(minute: int) -> View:
    """Return the form that asks when the person's day starts; `minute` is what holds now."""
    hours = [option(str(60 * hour), minutes_as_clock(60 * hour)) for hour in range(24)]
    return modal(
        title="When your day starts",
        callback_id=DAY_START,
        submit="Save",
        close="Leave as it is",
        blocks=[
            section(
                "A check-in belongs to a day, and you say when yours begins. If you work nights, "
                "an hour in the middle of your sleep is a good choice."
            ),
            choice(
                "day_start", "My day starts at", hours, kind="static_select", chosen=str(minute)
            ),
        ],
    )


def read_day_start(view: Mapping[str, Any]) -> int:
    """Return the chosen minute after midnight.

    Raises:
        InvalidAnswer: nothing of the list was chosen.
    """
    value = chosen(view, "day_start")
    if value not in {str(60 * hour) for hour in range(24)}:
        raise InvalidAnswer({"day_start": Problem.NOT_A_CHOICE})
    return int(value)


def day_start_saved(minute: int) -> View:
    """Return what the form turns into."""
    return modal(title="Saved", close="Done", blocks=[section(day_start_words(minute))])


def day_start_words(minute: int) -> str:
    """Return the sentence that confirms when the day starts."""
    return f"Your day now starts at {minutes_as_clock(minute)}, by the clock where you are."


def forget() -> View:
    """Return the question before everything is deleted."""
    return modal(
        title="Leave and delete",
        callback_id=FORGET,
        submit="Delete all of it",
        close="Keep it",
        blocks=[section(_FORGET), section(_WHAT_STAYS)],
    )


_FORGET = (
    "This deletes all your check-ins and notes, your choices and the record that you agreed, your "
    "country and your settings. You leave your cohorts here, and any role you hold ends. What you "
    "shared with a cohort is taken away in Slack. It cannot be undone, and nobody is told."
)
_WHAT_STAYS = (
    "*What stays, and why*\n"
    "If you held a role: that you did, from when until when, for at most two years, so that it can "
    "be seen who was able to receive concerns.\n"
    "What other people wrote in Slack, which is theirs, and what Hearth wrote to you alone, such "
    "as that you were given a role.\n"
    "Copies of the database that the people who run the server made before today, until those "
    "copies go.\n\n"
    "You can begin again whenever you like."
)


FORGOTTEN = "It is deleted: your check-ins, your notes, and everything else that was yours here."
_TAKING_AWAY = (
    " What you had shared, and any file with a copy of your data, is being taken away in Slack. "
    "That takes {time}; while Slack cannot be reached, Hearth goes on trying. A channel "
    "from which Hearth was removed is out of its reach: there, somebody has to delete it by hand."
)


def forgotten(*, minutes: int) -> View:
    """Return what the question turns into; and how long Slack takes, if that is not 0 minutes."""
    time = "a minute at most" if minutes == 1 else f"about {minutes} minutes"
    text = FORGOTTEN + (_TAKING_AWAY.format(time=time) if minutes else "")
    return modal(title="Deleted", close="Done", blocks=[section(text)])
