"""The form of a ritual, and its reader.

Fields that belong to a choice come and go with it; what was typed in the others stays.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from bot.content import rituals as templates
from bot.domain.days import local_time
from bot.domain.public_holidays import knows_holidays
from bot.domain.ritual_calendar import Desk, Draft
from bot.domain.ritual_plans import MOST_TIMES, MOST_WEEKS, NTHS, Ends, Given, How, pattern, written
from bot.domain.rituals import MINUTES, MOST_LINKS, TITLE_LIMIT, OnHoliday, Plan, Repeats
from bot.errors import InvalidAnswer, Problem
from bot.views.blocks import (
    Block,
    View,
    all_chosen,
    chosen,
    context,
    inputs,
    modal,
    paragraph,
    picked,
    quoted,
    section,
    ticked,
    typed,
)
from bot.views.dates import minutes_as_clock
from bot.views.ritual_calendar import TOO_MANY, rhythm
from bot.views.ritual_fields import CHANGES, ENDS, HOW, MODE, ON_HOLIDAY, fields

SAVE = "ritual_save"
_FIELD_OF = {HOW: "how", ENDS: "ends", ON_HOLIDAY: "on_holiday", MODE: "mode"}
_BLOCK_OF = {field: block for block, field in _FIELD_OF.items()}


def begun(draft: Draft) -> View:
    """Return the form as it is opened."""
    return form(draft.desk, as_given(draft))


def form(desk: Desk, given: Given, *, stands: Plan | None = None) -> View:
    """Return the form.

    Args:
        desk: what it is about.
        given: what stands in the fields.
        stands: how it stands now, where somebody else changed it since the form was opened.
    """
    template = templates.template(desk.template)
    about = [] if stands is None else _overtaken(stands)
    if desk.is_new:
        about.append(section(f"*{template.name}*\n{template.purpose}"))
    if template.care:
        about += [section("These words always stand before yours:"), quoted(template.care)]
    return modal(
        title="Schedule a ritual" if desk.is_new else "Edit a ritual",
        callback_id=SAVE,
        submit="Save",
        close="Not now",
        private_metadata=json.dumps(asdict(desk), default=str),
        blocks=[
            *about,
            *fields(given),
            context(
                f"*Who will see this:* everyone in <#{desk.channel}>, now and later, once it is "
                "posted. Hearth keeps what you fill in, and not who filled it in."
            ),
        ],
    )


def overtaken(desk: Desk, given: Given, stands: Plan, revision: int) -> View:
    """Return the form with what was typed, and how the ritual stands since somebody changed it.

    Sent again, it takes the place of that.
    """
    return form(replace(desk, revision=revision, is_new=False), given, stands=stands)


def _overtaken(stands: Plan) -> list[Block]:
    return [
        section(
            "*Somebody changed this ritual since you opened it.* What you typed is still below; "
            "nothing of it is saved yet. Here is what stands now:"
        ),
        paragraph({"type": "text", "text": stands.title, "style": {"bold": True}}),
        quoted(f"{stands.words}\n{rhythm(stands.schedule)}"),
        section("*Save* puts yours in its place; *Not now* leaves it as it stands."),
    ]


def as_given(draft: Draft) -> Given:
    """Return what stands in the fields when the form is opened."""
    plan = draft.plan
    if plan is None:
        return _suggested(draft)
    schedule, found = plan.schedule, pattern(plan.schedule.rule)
    return {
        "title": plan.title,
        "words": plan.words,
        "links": written(plan.links),
        "how": found.how,
        "days": [str(day) for day in found.days],
        "every": str(found.every),
        "nth": str(found.nth) if found.nth else None,
        "weekday": str(found.days[0]) if found.days else None,
        "rule": schedule.rule,
        "time": minutes_as_clock(schedule.at_minute),
        "zone": schedule.zone,
        "starts": str(schedule.starts_on),
        "ends": found.ends,
        "until": str(found.until) if found.until else None,
        "count": str(found.count) if found.count else None,
        "on_holiday": schedule.on_holiday,
        "country": schedule.country or draft.country,
        "mode": plan.mode,
        "minutes": str(plan.minutes or MINUTES[0]),
        "rotates": plan.rotates,
        "legend": plan.legend,
    }


def _suggested(draft: Draft) -> Given:
    template = templates.template(draft.desk.template)
    suggested = template.suggested
    local = local_time(draft.now, draft.zone)
    is_over = local.hour * 60 + local.minute >= suggested.at_minute
    first = local.date() + timedelta(days=is_over)
    day = first.weekday() if suggested.day is None else suggested.day
    how = _REPEATS[suggested.repeats]
    known = draft.country is not None and knows_holidays(draft.country)
    return {
        "title": template.title,
        "words": template.words,
        "links": written(template.links),
        "how": how,
        "days": [str(day)],
        "weekday": str(day),
        "time": minutes_as_clock(suggested.at_minute),
        "zone": draft.zone,
        "starts": str(first),
        "ends": Ends.NEVER,
        "on_holiday": OnHoliday.SKIP if known and how is not How.ONCE else OnHoliday.KEEP,
        "country": draft.country,
        "mode": template.mode,
        "minutes": str(template.minutes or MINUTES[0]),
        "rotates": template.rotates,
        "legend": template.legend,
    }


_REPEATS = {
    Repeats.WEEKLY: How.WEEKLY,
    Repeats.EVERY_TWO_WEEKS: How.FORTNIGHTLY,
    Repeats.MONTHLY: How.MONTHLY,
    Repeats.ONCE: How.ONCE,
}

_READERS: Mapping[str, Callable[[Mapping[str, Any], str], Any]] = {
    **dict.fromkeys(("title", "words", "links", "every", "rule", "zone", "count"), typed),
    **dict.fromkeys((*CHANGES, "nth", "weekday", "country", "minutes", "legend"), chosen),
    **dict.fromkeys(("time", "starts", "until"), picked),
    "days": all_chosen,
    "rotates": ticked,
}


def read(view: Mapping[str, Any]) -> tuple[Desk, Given]:
    """Return what a form is about, and what stands in its fields.

    Raises:
        ValueError, KeyError, TypeError, RecursionError: it is no form of ours.
    """
    about = json.loads(view.get("private_metadata") or "{}")
    desk = Desk(
        cohort=UUID(about["cohort"]),
        channel=str(about["channel"]),
        ritual=UUID(about["ritual"]),
        template=str(about["template"]),
        revision=int(about["revision"]),
        is_new=about["is_new"] is True,
    )
    found = {_FIELD_OF.get(name, name): read(view, name) for name, read in _READERS.items()}
    return desk, found


def again(view: Mapping[str, Any]) -> View:
    """Return a form with the fields that belong to what was chosen by now.

    Raises:
        ValueError, KeyError, TypeError, RecursionError: it is no form of ours.
    """
    desk, given = read(view)
    there = inputs(view)
    new = {name: value for name, value in _usual(given).items() if name not in there}
    shown = form(desk, {**given, **new})
    # What was said above the fields, such as that somebody changed it, stays there.
    kept = [each for each in view.get("blocks", ()) if each.get("type") != "input"][:-1]
    below = [each for each in shown["blocks"] if each["type"] == "input"]
    return shown | {"blocks": [*kept, *below, shown["blocks"][-1]]}


def _usual(given: Given) -> Given:
    """Return what stands at first in fields that a choice brings up."""
    try:
        day = str(date.fromisoformat(given.get("starts") or "").weekday())
    except ValueError:
        day = "0"
    usual = {"days": [day], "every": "3", "nth": str(NTHS[0]), "weekday": day}
    return {**usual, "minutes": str(MINUTES[0])}


def problems(error: InvalidAnswer, view: Mapping[str, Any]) -> dict[str, str]:
    """Return a sentence beside each field that cannot be kept."""
    there = inputs(view)
    first = (there or [""])[0]
    found: dict[str, str] = {}
    for field, problem in error.problems.items():
        block = _BLOCK_OF.get(field, field)
        words = _OWN_WORDS.get((field, problem)) or _WORDS.get(
            problem, "Please choose one of these."
        )
        found[block if block in there else first] = words
    return found


_OWN_WORDS = {
    ("title", Problem.MISSING): "Please give it a name.",
    ("title", Problem.TOO_LONG): f"The name should have at most {TITLE_LIMIT} characters.",
    ("title", Problem.TOO_MANY): f"{TOO_MANY} Nothing you typed is lost: it is still here.",
    ("words", Problem.MISSING): "Please write what the post is to say.",
    ("days", Problem.MISSING): "Please choose at least one day.",
    ("links", Problem.TOO_MANY): f"There is room for {MOST_LINKS} links.",
    ("links", Problem.TOO_LONG): "One of the titles is too long. Please make it shorter.",
    ("every", Problem.NOT_A_CHOICE): f"Please write a number from 1 to {MOST_WEEKS}.",
    ("count", Problem.NOT_A_CHOICE): f"Please write a number from 1 to {MOST_TIMES}.",
    ("starts", Problem.NOT_A_TIME): "Please choose a day.",
    ("until", Problem.NOT_A_TIME): "Please choose a day.",
    ("starts", Problem.PAST): "This lies in the past. Please choose a day and time to come.",
}
_WORDS = {
    Problem.MISSING: "This is needed.",
    Problem.TOO_LONG: "This is too long to be shown. Please make it shorter.",
    Problem.NOT_A_LINK: (
        "One of these is no link. Each stands on a line of its own, such as: A talk | "
        "https://example.org/talk"
    ),
    Problem.NOT_A_ZONE: "There is no such time zone. For instance: Europe/Berlin.",
    Problem.NOT_A_TIME: "Please choose a time.",
    Problem.NOT_A_RULE: (
        "Hearth cannot read this rule. It knows days, weeks, months and years, nothing smaller; "
        "for instance: FREQ=WEEKLY;BYDAY=MO,TH"
    ),
    Problem.NEVER_HAPPENS: (
        "No day comes of this within five years; or each one is a public holiday, and left out."
    ),
    Problem.PAST: "All days of this lie in the past, so nothing would come of it.",
    Problem.FAR_AHEAD: "This is more than two years ahead. Please choose a day that is nearer.",
    Problem.ENDS_FIRST: "This is before the first day.",
    Problem.DELETED: (
        "This ritual was deleted meanwhile, so nothing was saved. What you typed is still here, "
        "if you would like to copy it."
    ),
}
