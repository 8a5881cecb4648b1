"""A cohort's calendar, its screens, and what they say of what was asked.

What people typed, such as titles, stands in rich text, which Slack shows as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from bot import content
from bot.content import rituals as templates
from bot.domain import recurrence
from bot.domain.budget import COHORT_POSTS
from bot.domain.cohorts import Cohort, Purpose
from bot.domain.days import local_time
from bot.domain.ritual_calendar import Calendar, Draft, Entry, Outlook, Said, Upcoming
from bot.domain.ritual_plans import MOST_RITUALS
from bot.domain.rituals import Schedule, Template, Why
from bot.errors import InvalidAnswer
from bot.views.blocks import (
    Block,
    View,
    bullets,
    button,
    buttons,
    context,
    modal,
    paragraph,
    plain,
    section,
    with_button,
)
from bot.views.dates import clock_time, full_date, long_date
from bot.views.refusals import because

OPEN = "ritual_calendar"
NEW = "ritual_new"
BEGIN = "ritual_begin"
EDIT = "ritual_edit"
PAUSE = "ritual_pause"
RESUME = "ritual_resume"
SKIP = "ritual_skip"
RUN = "ritual_run"
DELETE = "ritual_delete"
PREVIEW = "ritual_preview"

MOST_LISTED = 45
"""With two blocks for each this stays within Slack's hundred for a view."""

_HELP = """A ritual is something that a cohort does again and again, at a time of its own: a \
weekly check-in, thanks on Friday, ten quiet minutes.
*/ritual* in a cohort's channel opens its calendar: what there is, when it comes next, and the \
dates ahead.
*/ritual list* shows the cohorts whose calendars you can open, wherever you are.
Whoever runs the cohort schedules rituals there, and can change, pause, skip or run them; \
*/hearth roles* shows who that is. Taking part is never asked for: silence is fine.
Nobody watches a cohort's channel. If you are worried, raise a concern or call: */support*."""


def help_text() -> str:
    """Return what /ritual can do."""
    return _HELP


def nowhere() -> str:
    """Return what somebody is told who can open no calendar."""
    return (
        "There is no cohort in this channel, and you belong to none. A cohort's channel has a "
        "pinned notice with a button to join; `/ritual help` tells more."
    )


def choice(found: Sequence[Cohort]) -> View:
    """Return the cohorts whose calendars somebody can open."""
    blocks: list[Block] = [section("Whose calendar would you like to see?")]
    for each in found[:MOST_LISTED]:
        blocks += [_cohort(each), buttons((OPEN, str(each.id), "Open the calendar"))]
    if len(found) > MOST_LISTED:
        blocks.append(
            context(f"And {len(found) - MOST_LISTED} more: type `/ritual` in their channels.")
        )
    return modal(title="Rituals", close="Done", blocks=blocks)


def calendar(shown: Calendar) -> View:
    """Return the calendar of a cohort."""
    blocks: list[Block] = []
    if shown.said is not None:
        blocks.append(section(f"*{_SAID[shown.said]}*"))
    blocks.append(_cohort(shown.cohort))
    if shown.halted_for is not None:
        blocks.append(section(f"Nothing is posted here just now: {because(shown.halted_for)}."))
    if shown.may_change and len(shown.entries) < MOST_RITUALS:
        blocks.append(buttons((NEW, str(shown.cohort.id), "Schedule a ritual")))
    elif shown.may_change:
        blocks.append(context(TOO_MANY))
    for each in shown.entries:
        blocks += [_entry(each, shown), _acts(each, may_change=shown.may_change)]
    if not shown.entries:
        blocks.append(section(_EMPTY if shown.may_change else _EMPTY_FOR_MEMBERS))
    if not shown.may_change:
        blocks.append(context("Whoever runs the cohort can change this: `/hearth roles`."))
    return modal(title="Rituals", close="Done", blocks=blocks)


TOO_MANY = f"A cohort has at most {MOST_RITUALS} rituals. Deleting one makes room for another."
_EMPTY = (
    "There is no ritual here yet. Begin with one that is small, such as *Friday wins and "
    "thanks*; a template fills in nearly all of it."
)
_EMPTY_FOR_MEMBERS = "There is no ritual here yet."
_SAID = {
    Said.PAUSED: "It is paused. Nothing comes of it until somebody resumes it.",
    Said.WAS_PAUSED: "It was paused already, so nothing was changed.",
    Said.RESUMED: "It goes on. Whatever fell into the pause is not made up for.",
    Said.WAS_GOING_ON: "It was going on already, so nothing was changed.",
    Said.SKIPPED: "That date is skipped. The one after it comes as usual.",
    Said.NOTHING_TO_SKIP: (
        "That date does not lie ahead any more, or was skipped already, so nothing was changed. "
        "Below is how it stands now."
    ),
    Said.RUNS: "It begins now. The post will be in the channel in a few seconds.",
    Said.WAS_RUN: (
        "Today's has taken place or is under way, so nothing more is posted. A ritual takes "
        "place at most once a day."
    ),
    Said.NO_ROOM: (
        f"Nothing was posted. A cohort gets at most {COHORT_POSTS} posts a week, so that they "
        "stay welcome, and those of this week are used or promised. Skipping another one makes "
        "room."
    ),
    Said.IS_PAUSED: "It is paused, so nothing was done. Resume it first.",
    Said.HAS_ENDED: "It has ended, so nothing was done. Edit its dates, and it goes on.",
    Said.IS_HALTED: "Nothing can be posted in this channel just now, so nothing was done.",
    Said.DELETED: "It is deleted. What took place stays in the channel.",
    Said.WAS_DELETED: "It was deleted meanwhile, so nothing was done.",
}


def _cohort(cohort: Cohort) -> Block:
    return paragraph(
        {"type": "text", "text": cohort.name, "style": {"bold": True}},
        {"type": "text", "text": " in "},
        {"type": "channel", "channel_id": cohort.channel},
    )


def _entry(entry: Entry, shown: Calendar) -> Block:
    plan = entry.ritual.plan
    return paragraph(
        {"type": "text", "text": plan.title, "style": {"bold": True}},
        {"type": "text", "text": f"\n{rhythm(plan.schedule)}\n{_stands(entry, shown)}"},
    )


def rhythm(schedule: Schedule) -> str:
    """Return when a schedule comes round, as a sentence."""
    try:
        words = recurrence.describe(schedule)
    except InvalidAnswer:  # an update may have left a rule behind
        return "When it comes round has to be set anew."
    country = content.countries().get(schedule.country or "")
    place = f" ({country})" if country else ""
    return f"{words[:1].upper()}{words[1:]}{place}."


def _stands(entry: Entry, shown: Calendar) -> str:
    if entry.has_ended:
        return "It has ended: nothing more comes."
    if entry.ritual.is_paused:
        return "Paused: nothing comes until somebody resumes it."
    if entry.due_at is None:
        return "Nothing comes: no date lies ahead."
    return f"Next: {when(entry.due_at, shown.zone, entry.ritual.plan.schedule.zone, shown.now)}."


def when(instant: datetime, viewer: str | None, zone: str, now: datetime) -> str:
    """Return a day and time by the viewer's clock; by the ritual's where that is not known."""
    whose = "your" if viewer else _town(zone)
    return f"{_day_and_time(instant, viewer or zone, now)} {whose} time"


def _day_and_time(instant: datetime, zone: str, now: datetime) -> str:
    local = local_time(instant, zone)
    return f"{_day(local.date(), local_time(now, zone))}, {clock_time(local)}"


def _day(day: date, now: datetime) -> str:
    return long_date(day) if day.year == now.year else full_date(day)


def _town(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _acts(entry: Entry, *, may_change: bool) -> Block:
    which, title = str(entry.ritual.id), entry.ritual.plan.title
    made = [_named(button(PREVIEW, which, "Next dates"), title)]
    if may_change:
        made += [_named(each, title) for each in _changes(entry, which)]
    return {"type": "actions", "elements": made}


def _changes(entry: Entry, which: str) -> list[Block]:
    made = [button(EDIT, which, "Edit")]
    if entry.ritual.is_paused and not entry.has_ended:
        made.append(button(RESUME, which, "Resume"))
    elif not entry.has_ended:
        made.append(button(PAUSE, which, "Pause"))
        if entry.on_date is not None:
            made.append(button(SKIP, f"{which} {entry.on_date}", "Skip next"))
        run = button(RUN, which, "Run now", confirm=_RUN_NOW)
        run["confirm"]["deny"] = plain("Not now")
        made.append(run)
    made.append(button(DELETE, which, "Delete", confirm=_DELETE))
    return made


def _named(made: Block, title: str) -> Block:
    """Return a button that says to whoever hears the page which ritual it is about."""
    return {**made, "accessibility_label": f"{made['text']['text']}: {title}"[:75]}


_RUN_NOW = "This posts it in the channel now, as today's. A ritual takes place once a day."
_DELETE = "Nothing more comes of it, and it leaves the calendar. What took place stays."


def read_which(value: str) -> tuple[str, date | None]:
    """Return the ritual that a button is about, and the date if it names one.

    Raises:
        ValueError: the button is not one of ours.
    """
    which, _, day = value.partition(" ")
    return str(UUID(which)), date.fromisoformat(day) if day else None


def ahead(outlook: Outlook) -> View:
    """Return the dates that lie ahead of a ritual."""
    plan = outlook.ritual.plan
    blocks = [
        paragraph(
            {"type": "text", "text": plan.title, "style": {"bold": True}},
            {"type": "text", "text": f"\n{rhythm(plan.schedule)}"},
        ),
        *_dates(outlook),
    ]
    if outlook.ritual.is_paused:
        blocks.append(section("It is paused. These dates come only if somebody resumes it."))
    return modal(title="The next dates", close="Back", blocks=blocks)


def saved(outlook: Outlook) -> View:
    """Return what the form turns into."""
    plan, dates = outlook.ritual.plan, [each for each in outlook.dates if each.due_at]
    first = dates[0].due_at if dates else None
    words = "It is saved."
    if outlook.ritual.is_paused:
        words += " It is still paused: nothing comes until somebody resumes it."
    elif first is not None:
        words += f" First: {when(first, outlook.zone, plan.schedule.zone, outlook.now)}."
    return modal(
        title="Saved",
        close="Done",
        blocks=[
            section(f"*{words}*"),
            paragraph(
                {"type": "text", "text": plan.title, "style": {"bold": True}},
                {"type": "text", "text": f"\n{rhythm(plan.schedule)}"},
            ),
            *_dates(outlook),
            *(section(_crowd(week, posts)) for week, posts in outlook.crowded),
            buttons((OPEN, str(outlook.cohort.id), "Back to the calendar")),
        ],
    )


def _dates(outlook: Outlook) -> list[Block]:
    if not outlook.dates:
        return [section("No date lies ahead.")]
    zone = outlook.ritual.plan.schedule.zone
    items = [_date(each, outlook.zone, zone, outlook.now) for each in outlook.dates]
    return [section("The next dates, by your own clock:"), bullets(items)]


def _date(each: Upcoming, viewer: str | None, zone: str, now: datetime) -> Sequence[Block]:
    if each.due_at is None:
        why = each.holiday or _REASONS.get(each.reason or "", "not this time")
        return [{"type": "text", "text": f"{_day(each.on_date, now)}: skipped, {why}"}]
    shown = [_by_own_clock(each.due_at, viewer, zone, now)]
    if each.holiday:
        moved = f" (moved from {_day(each.on_date, now)}, {each.holiday})"
        shown.append({"type": "text", "text": moved})
    return shown


def _by_own_clock(instant: datetime, viewer: str | None, zone: str, now: datetime) -> Block:
    """Return an instant by the viewer's clock; where Hearth does not know it, Slack does."""
    words = _day_and_time(instant, viewer or zone, now)
    if viewer:
        return {"type": "text", "text": words}
    return {
        "type": "date",
        "timestamp": int(instant.timestamp()),
        "format": "{date_long}, {time}",
        "fallback": f"{words} {_town(zone)} time",
    }


_REASONS: Mapping[str, str] = {
    Why.ASKED: "as somebody asked",
    Why.FULL: "because the posts of that week are used",
    Why.HALTED: "because nothing was posted in the channel then",
}


def _crowd(week: date, posts: int) -> str:
    return (
        f"In the week of {long_date(week)} the rituals of this cohort come to {posts} posts. "
        f"A cohort gets at most {COHORT_POSTS} a week, so whatever is planned last is left out "
        "then, and whoever runs the cohort is told."
    )


def kinds(draft: Draft) -> View:
    """Return the templates to begin with, those that suit the cohort first."""
    purpose = Purpose(draft.purpose)
    found = sorted(
        templates.templates().values(),
        key=lambda each: (each.key == templates.OWN, purpose not in each.suits),
    )
    blocks = [
        section("What would you like to do together? All of it can be changed on the next page."),
        *(_kind(each, draft) for each in found),
        buttons((OPEN, str(draft.desk.cohort), "Back to the calendar")),
    ]
    return modal(title="Schedule a ritual", close="Not now", blocks=blocks)


def _kind(template: Template, draft: Draft) -> Block:
    row = with_button(
        f"*{template.name}*\n{template.purpose}",
        action=BEGIN,
        value=f"{draft.desk.cohort} {template.key}",
        label="Choose",
    )
    return {**row, "accessory": _named(row["accessory"], template.name)}
