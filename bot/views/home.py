"""A person's own page, the Home tab.

What people typed, such as the names of cohorts, stands in rich text, which Slack shows as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from bot import content
from bot.domain.cohorts import Cohort
from bot.domain.home import (
    SHARES_SHOWN_DAYS,
    Coming,
    HomePage,
    Own,
    Past,
    Run,
    SharedDay,
    Standing,
)
from bot.domain.pauses import Pause
from bot.domain.people import Choices
from bot.domain.programme import Checklist
from bot.domain.rituals import State
from bot.domain.roles import GRANTED, Role
from bot.domain.visibility import Exposure, Thing
from bot.domain.weekly import Setting
from bot.errors import HearthError
from bot.views import pauses, setup, weekly
from bot.views.blocks import (
    Block,
    View,
    bullets,
    buttons,
    context,
    header,
    home_tab,
    plain_context,
    section,
    with_button,
)
from bot.views.checkins import answer_words
from bot.views.dates import clock_time, long_date
from bot.views.errors import what_happened
from bot.views.roles import able
from bot.views.support import help_button
from bot.views.trend import trend
from bot.views.visibility import PARTS, seen_now, who_sees

CHECK_IN = "home_check_in"
TAKE_BACK = "home_take_back"
HISTORY = "home_history"
DAY = "home_day"
CHOICES = "home_choices"
WEEKLY = "home_weekly"
PAUSE = "home_pause"
EXPORT = "home_export"
FORGET = "home_forget"
SET_UP = "home_set_up"
ROLES = "home_roles"

COHORTS_SHOWN = 20
_MARK = "home"


def home(page: HomePage, *, chart: bool = True) -> View:
    """Return the page; without `chart`, the trend is drawn in characters."""
    blocks = [*_joining(page.standing)] if page.own is None else [*_own(page.own, chart=chart)]
    blocks += _help()
    if page.standing is not Standing.NEW:
        blocks += [*_taking_back(), *_who_may_see(page)]
    return home_tab([*blocks, *_roles(page)])


def without_memory(error: HearthError) -> View:
    """Return the page while nothing can be looked up."""
    happened = what_happened(error, "")
    return home_tab(
        [section(f"{happened} Please open this page again in a moment."), *_help()],
    )


def _joining(standing: Standing) -> list[Block]:
    text, label = {
        Standing.ASKED_AGAIN: (content.home("asked_again"), "Read it"),
        Standing.LEFT: (content.home("left"), "Begin again"),
    }.get(standing, (content.home("intro"), "Have a look"))
    return [
        header("Welcome to Hearth"),
        section(text),
        section("\n".join([who_sees(Thing.ANSWERS), who_sees(Thing.NOTES)])),
        section(content.home("before_you_begin")),
        buttons((CHECK_IN, "open", label)),
    ]


def _own(own: Own, *, chart: bool) -> list[Block]:
    return [
        *_today(own),
        *trend(own.weeks, chart=chart),
        *_cohorts(own.cohorts),
        *_coming(own.coming),
        *_sharing(own.shares),
        *_choices(own.choices),
        *_weekly(own.weekly),
        *_pause(own.paused_until),
    ]


def _today(own: Own) -> list[Block]:
    if own.latest is None:
        words, label = "You have not checked in yet. It takes about thirty seconds.", "Check in"
    else:
        day, answer = own.latest
        said = answer_words(answer)
        if own.checked_in_at is not None:
            words = f"You checked in at {clock_time(own.checked_in_at)}.\n{said}"
            label = "Look at it or change it"
        else:
            words = f"No check-in today, and that is fine.\nYour latest, {long_date(day)}: {said}"
            label = "Check in"
    return [
        header(f"Today, {long_date(own.today)}"),
        section(words),
        buttons(
            (CHECK_IN, "open", label),
            (HISTORY, "open", "Your check-ins"),
            (DAY, "open", "When your day starts"),
        ),
    ]


def _cohorts(cohorts: Sequence[Cohort]) -> list[Block]:
    if not cohorts:
        return []
    more = len(cohorts) - COHORTS_SHOWN
    shown = [header("Your cohorts"), _names(cohorts)]
    shown += [context(f"And {more} more.")] if more > 0 else []
    return [*shown, context("`/cohort list` shows them with a button to leave.")]


def _names(cohorts: Sequence[Cohort]) -> Block:
    return bullets(
        [
            {"type": "text", "text": f"{each.name}, in "},
            {"type": "channel", "channel_id": each.channel},
        ]
        for each in cohorts[:COHORTS_SHOWN]
    )


def _coming(coming: Sequence[Coming]) -> list[Block]:
    if not coming:
        return []
    return [header("What comes next"), bullets(map(_next, coming))]


def _next(each: Coming) -> Sequence[Block]:
    when = f"{long_date(each.at.date())}, {clock_time(each.at)}, in "
    return [
        {"type": "text", "text": when},
        {"type": "channel", "channel_id": each.channel},
        {"type": "text", "text": ": "},
        _bold(each.title),
    ]


def _bold(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}}


def _run(run: Run) -> list[Block]:
    """Return how a cohort's last rituals went, for whoever runs it."""
    told = f"{run.cohort.name}: {run.on_rota} on the rota."
    if not run.past:
        return [plain_context(f"{told} No ritual has taken place yet; /ritual begins one.")]
    return [plain_context(f"{told} The last rituals:"), bullets(map(_went, run.past))]


def _went(each: Past) -> Sequence[Block]:
    how = f" on {long_date(each.on)}. {_HOW[each.state].format(reacted=each.reacted)}."
    return [_bold(each.title), {"type": "text", "text": how}]


_MORE_RUN = (
    "How rituals went is shown for a few cohorts only. `/ritual list` leads to the calendars of "
    "all of them."
)
_HOW = {
    State.OPEN: "It is open; {reacted} reacted so far",
    State.CLOSED: "It took place; {reacted} reacted",
    State.SKIPPED: "It was skipped",
    State.MISSED: "It was missed, because Hearth was away",
    State.UNSENT: "It could not be posted",
}


def _sharing(shares: Sequence[SharedDay]) -> list[Block]:
    heading = header("What you share")
    if not shares:
        return [heading, section("Nothing of your last seven days is shared with anybody.")]
    older = "`/checkin history` shows what you share of earlier days."
    return [heading, *(_share(each) for each in shares), context(older)]


def _share(share: SharedDay) -> Block:
    part, day = PARTS[share.shared.part], long_date(share.day)
    return with_button(
        f"{day}: {part}, with everyone in <#{share.shared.channel}>.",
        action=TAKE_BACK,
        value=str(share.id),
        label="Take back",
        confirm=f"This takes {part} of {day} away in Slack. Who has read it has read it. Your "
        "check-in stays, and only you see it.",
    )


def _help() -> list[Block]:
    return [header("Help now"), section(content.help_now()), help_button()]


def _choices(choices: Choices) -> list[Block]:
    words = [
        "Check-ins: yes.",
        f"Reading notes for safety: {content.safety_level(choices.safety)}.",
        f"Country: {content.countries()[choices.country]}.",
    ]
    return [
        header("Your choices"),
        section("\n".join(words)),
        buttons((CHOICES, "open", "Change them")),
    ]


def _weekly(known: Setting) -> list[Block]:
    label = "Change or end it" if known.next_at else "Have it asked"
    words = weekly.words(replace(known, paused_until=None))  # of a pause it is told below
    return [header("A weekly question"), section(words), buttons((WEEKLY, "open", label))]


def _pause(until: date | None) -> list[Block]:
    if until is None:
        words = "You are not pausing: Hearth may ask you how you are, seldom."
    else:
        words = pauses.words(Pause(until))
    return [
        header("A pause"),
        section(words),
        buttons((PAUSE, "open", "Pause" if until is None else "Change or end it")),
    ]


def _taking_back() -> list[Block]:
    return [
        header("What is kept of you"),
        buttons(
            (EXPORT, "open", "Have a copy of it"),
            (FORGET, "open", "Leave and delete all of it"),
        ),
        context("Both ask once more before anything happens. Nobody is told."),
    ]


def _who_may_see(page: HomePage) -> list[Block]:
    things = [Thing.ANSWERS, Thing.NOTES, Thing.SHARED, Thing.COHORTS, Thing.CHOICES]
    if page.own is not None and page.own.cohorts:
        things += [Thing.REACTIONS, Thing.ROTA]
    if page.roles:
        things.append(Thing.ROLES)
    blocks = [header("Who may see what about you"), section("\n".join(map(who_sees, things)))]
    if page.own is not None:
        just_now = [f"*Just now, and of the last {SHARES_SHOWN_DAYS} days:*"]
        blocks.append(section("\n".join([*just_now, *seen_now(_exposure(page.own))])))
    return blocks


def _exposure(own: Own) -> Exposure:
    return Exposure(
        shared=[(each.day, each.shared) for each in own.shares],
        cohorts=[each.channel for each in own.cohorts[:COHORTS_SHOWN]],
        copies=own.copies,
    )


def _roles(page: HomePage) -> list[Block]:
    blocks: list[Block] = []
    for role in GRANTED:
        if role in page.roles:
            blocks += [
                header(f"You are {content.role(role, 'is')}"),
                section(able(role)),
            ]
            if role is Role.FACILITATOR:
                blocks.append(_names(page.facilitates))
                blocks += [block for run in page.runs for block in _run(run)]
                if len(page.facilitates) > len(page.runs) > 0:
                    blocks.append(context(_MORE_RUN))
    if page.checklist is not None:
        blocks += _set_up(page.checklist, leads=Role.LEAD in page.roles)
    return blocks if page.is_led else [*blocks, context(content.home("nobody_leads"))]


def _set_up(found: Checklist, *, leads: bool) -> list[Block]:
    words = setup.phase_words(found)
    if found.open_items:
        steps = ", ".join(content.step(item, "title") for item in found.open_items)
        words += f"\nTo look at: {steps}."
    shown = [header("How the programme stands"), section(words)]
    if leads:
        shown.append(buttons((SET_UP, "open", "Set-up"), (ROLES, "open", "Roles")))
    return shown


def read_take_back(value: str) -> UUID:
    """Return the share that the button is about.

    Raises:
        ValueError: the button is not one of ours.
    """
    return UUID(value)


def marked(view: View) -> View:
    """Return a form that was opened from the Home tab, so that it knows."""
    metadata = json.loads(view.get("private_metadata") or "{}")
    return {**view, "private_metadata": json.dumps({**metadata, _MARK: True})}


def after(before: Mapping[str, Any], shown: View) -> View:
    """Return the view that takes the place of another; it knows the Home tab if that did."""
    return marked(shown) if is_marked(before) else shown


def is_marked(view: Mapping[str, Any]) -> bool:
    """Whether a form was opened from the Home tab."""
    try:
        metadata = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, RecursionError):
        return False
    return isinstance(metadata, dict) and bool(metadata.get(_MARK))
