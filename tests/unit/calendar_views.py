"""The calendar and the forms of rituals as they are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from bot.content import rituals as templates
from bot.domain.cohorts import Cohort
from bot.domain.ritual_calendar import (
    Calendar,
    Desk,
    Draft,
    Entry,
    Outlook,
    Said,
    Upcoming,
    preview,
)
from bot.domain.ritual_plans import MOST_RITUALS
from bot.domain.rituals import Link, Mode, OnHoliday, Plan, Ritual, Schedule
from bot.errors import InvalidAnswer, Problem, Refusal
from bot.views import ritual_calendar, ritual_forms
from bot.views.blocks import View

NOW = datetime.fromisoformat("2026-11-22T09:12+01:00")
EVIL = "<!channel> *bold* <https://evil.example|click> & `code` :wave:"
COHORT = Cohort(UUID(int=1), EVIL[:60], "C1")
FRIDAYS = Schedule(
    rule="FREQ=WEEKLY;BYDAY=FR",
    starts_on=date(2026, 11, 22),
    at_minute=900,
    zone="Europe/Berlin",
    on_holiday=OnHoliday.SKIP,
    country="DE",
)
PLAN = Plan(
    template="friday_wins",
    title="Friday wins",
    words="What worked?",
    links=(),
    schedule=FRIDAYS,
    mode=Mode.OPEN,
    minutes=None,
    rotates=True,
    legend="thanks",
)
TUESDAYS = replace(
    PLAN,
    template="own",
    title=EVIL[:60],
    words=EVIL,
    links=(Link("A talk", "https://example.org/talk"),),
    schedule=replace(
        FRIDAYS,
        rule="FREQ=MONTHLY;BYDAY=2TU;COUNT=6",
        zone="America/New_York",
        on_holiday=OnHoliday.MOVE,
        country="US",
    ),
    mode=Mode.LIVE,
    minutes=15,
    rotates=False,
    legend="here",
)
RITUAL = Ritual(id=UUID(int=5), cohort=COHORT.id, plan=PLAN, is_paused=False, revision=2)
AHEAD = preview(FRIDAYS, now=NOW)


def entry(plan: Plan = PLAN, *, paused: bool = False, ended: bool = False) -> Entry:
    goes_on = not paused and not ended
    return Entry(
        ritual=replace(RITUAL, plan=plan, is_paused=paused),
        on_date=AHEAD[0].on_date if goes_on else None,
        due_at=AHEAD[0].due_at if goes_on else None,
        has_ended=ended,
    )


CALENDAR = Calendar(
    cohort=COHORT,
    halted_for=None,
    entries=[
        entry(),
        entry(TUESDAYS),
        entry(paused=True),
        entry(ended=True),
        replace(entry(), on_date=None, due_at=None),
    ],
    zone="Asia/Kolkata",
    now=NOW,
    may_change=True,
)
OUTLOOK = Outlook(
    cohort=COHORT,
    ritual=RITUAL,
    dates=[
        Upcoming(on_date=date(2026, 11, 27), due_at=None, reason="asked"),
        *AHEAD,
        Upcoming(
            on_date=date(2027, 1, 6),
            due_at=NOW + timedelta(days=46),
            holiday="Epiphany",
        ),
    ],
    crowded=[(date(2026, 12, 7), 4)],
    zone="Asia/Kolkata",
    now=NOW,
)
DESK = Desk(
    cohort=COHORT.id,
    channel="C1",
    ritual=RITUAL.id,
    template="friday_wins",
    revision=2,
    is_new=False,
)


def draft(template: str, plan: Plan | None = None, zone: str | None = "Europe/Berlin") -> Draft:
    desk = replace(DESK, template=template, is_new=plan is None)
    return Draft(desk=desk, purpose="skill", zone=zone, country="DE", plan=plan, now=NOW)


OWN_RULE = replace(PLAN, schedule=replace(FRIDAYS, rule="FREQ=MONTHLY;BYMONTHDAY=1,15"))
OVERTAKEN = ritual_forms.overtaken(DESK, ritual_forms.as_given(draft("own", PLAN)), TUESDAYS, 3)
LONG = replace(PLAN, title="x" * 60, words="y" * 1500)

VIEWS: dict[str, View] = {
    "ritual_calendar": ritual_calendar.calendar(CALENDAR),
    "ritual_calendar_member": ritual_calendar.calendar(
        replace(CALENDAR, may_change=False, zone=None, halted_for=Refusal.ARCHIVED)
    ),
    "ritual_calendar_empty": ritual_calendar.calendar(replace(CALENDAR, entries=[])),
    "ritual_calendar_empty_member": ritual_calendar.calendar(
        replace(CALENDAR, entries=[], may_change=False)
    ),
    "ritual_calendar_full": ritual_calendar.calendar(
        replace(CALENDAR, entries=[entry(LONG)] * MOST_RITUALS, said=Said.NO_ROOM)
    ),
    "ritual_choice": ritual_calendar.choice([COHORT] * 50),
    "ritual_ahead": ritual_calendar.ahead(OUTLOOK),
    "ritual_ahead_paused": ritual_calendar.ahead(
        replace(OUTLOOK, ritual=replace(RITUAL, is_paused=True), dates=[], zone=None)
    ),
    "ritual_saved": ritual_calendar.saved(OUTLOOK),
    "ritual_saved_paused": ritual_calendar.saved(
        replace(OUTLOOK, ritual=replace(RITUAL, is_paused=True), dates=AHEAD, crowded=[])
    ),
    "ritual_kinds": ritual_calendar.kinds(draft("own")),
    **{
        f"ritual_new_{key}": ritual_forms.begun(draft(key, zone=None if key == "own" else "UTC"))
        for key in ("friday_wins", "hard_event", "own")
    },
    "ritual_edit": ritual_forms.begun(draft("own", TUESDAYS)),
    "ritual_edit_own_rule": ritual_forms.begun(draft("own", OWN_RULE)),
    "ritual_edit_long": ritual_forms.begun(draft("own", LONG)),
    "ritual_overtaken": OVERTAKEN,
}
FORMS = {
    **{f"new {key}": ritual_forms.begun(draft(key)) for key in templates.templates()},
    "overtaken": OVERTAKEN,
}
PROBLEMS = {
    "title": (Problem.MISSING, Problem.TOO_LONG, Problem.TOO_MANY, Problem.DELETED),
    "words": (Problem.MISSING, Problem.TOO_LONG),
    "links": (Problem.NOT_A_LINK, Problem.TOO_MANY, Problem.TOO_LONG),
    "days": (Problem.MISSING, Problem.NEVER_HAPPENS, Problem.PAST),
    "every": (Problem.MISSING, Problem.NOT_A_CHOICE),
    "count": (Problem.MISSING, Problem.NOT_A_CHOICE),
    "rule": (Problem.NOT_A_RULE, Problem.NEVER_HAPPENS, Problem.PAST),
    "time": (Problem.MISSING, Problem.NOT_A_TIME),
    "zone": (Problem.MISSING, Problem.NOT_A_ZONE),
    "starts": (Problem.MISSING, Problem.NOT_A_TIME, Problem.PAST, Problem.FAR_AHEAD),
    "until": (Problem.MISSING, Problem.NOT_A_TIME, Problem.ENDS_FIRST),
    "country": (Problem.MISSING, Problem.NOT_A_CHOICE),
    "minutes": (Problem.MISSING, Problem.NOT_A_CHOICE),
}


def sentence(field: str, problem: Problem) -> str:
    """Return what stands beside a field of a form that has it."""
    form = {"blocks": [{"type": "input", "block_id": field}]}
    return ritual_forms.problems(InvalidAnswer({field: problem}), form)[field]


TEXTS = {
    "ritual_help": ritual_calendar.help_text(),
    "ritual_nowhere": ritual_calendar.nowhere(),
    "ritual_said": "\n".join(
        next(
            block["text"]["text"]
            for block in ritual_calendar.calendar(replace(CALENDAR, said=said))["blocks"]
            if block["type"] == "section"
        )
        for said in Said
    ),
    "ritual_problems": "\n".join(
        f"{field}: {sentence(field, problem)}"
        for field, found in PROBLEMS.items()
        for problem in found
    ),
}
