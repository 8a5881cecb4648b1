"""One form for each step of the set-up, with the reader of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot import content
from bot.domain.eap import EMPLOYER_SEES, SHORT, UNSURE
from bot.domain.people import ELSEWHERE
from bot.domain.programme import (
    ITEMS,
    LONG,
    Checklist,
    Entry,
    Item,
    Step,
)
from bot.errors import InvalidAnswer, Problem
from bot.views.blocks import (
    MOST_OPTIONS,
    Block,
    View,
    all_chosen,
    buttons,
    choice,
    choices,
    chosen,
    context,
    inputs,
    modal,
    option,
    pick,
    picked,
    quoted,
    section,
    text_field,
    ticked,
    typed,
)
from bot.views.dates import minutes_as_clock, weekdays
from bot.views.setup import PROBLEM_WORDS, STEP, words

SAVE = "setup_save"
BACK, SKIP, LIST = f"{STEP}_back", f"{STEP}_skip", f"{STEP}_list"
LIST_VALUE = "list"

Given = Mapping[str, Any]
"""What stands in the fields, by their names."""


def page(step: Step, given: Given | None = None, *, overtaken: bool = False) -> View:
    """Return the form of one step.

    Args:
        step: the item as it is kept.
        given: what was typed, where that is to stay in the fields.
        overtaken: whether somebody else changed it while it was typed.
    """
    entry = step.entry
    number = ITEMS.index(entry.item) + 1
    fields = _FIELDS[entry.item](step, as_given(step) if given is None else given)
    blocks = [
        section(f"*{content.step(entry.item, 'title')}*\n{content.step(entry.item, 'why')}"),
        *(_overtaken(entry) if overtaken else ()),
        *(section(PROBLEM_WORDS[each]) for each in entry.problems),
        *fields,
        _turns(entry.item),
        context(f"Step {number} of {len(ITEMS)}. {_progress(step.checklist)} {_ONLY_SAVED}"),
    ]
    has_fields = any(block["type"] == "input" for block in blocks)
    return modal(
        title="Set-up",
        close="Close",
        callback_id=SAVE if has_fields else None,
        submit="Save and go on" if has_fields else None,
        private_metadata=json.dumps({"item": entry.item, "revision": entry.revision}),
        blocks=blocks,
    )


_ONLY_SAVED = 'Only "Save and go on" keeps what you fill in on this page.'


def _progress(found: Checklist) -> str:
    left = [content.step(item, "title") for item in found.open_items]
    return f"Still open: {', '.join(left)}." if left else "Every step is done."


def _overtaken(entry: Entry) -> list[Block]:
    who = f"<@{entry.set_by}>" if entry.set_by else "Hearth"
    title = content.step(entry.item, "title")
    said = (
        f"*{title} was changed meanwhile by {who}.* What you typed is still below; nothing of it "
        "is saved yet. Here is what stands now:"
    )
    if entry.value is None:
        return [section(f"{said} nobody is named.")]
    if entry.item in (Item.DUTY_LEAD, Item.SECURITY_CONTACT):
        return [section(f"{said} <@{entry.value}>")]
    if entry.item is Item.CHANNEL:
        return [section(f"{said} <#{entry.value['id']}>")]
    return [section(said), quoted(words(entry))]


def _turns(item: Item) -> Block:
    at = ITEMS.index(item)
    turns = [(BACK, ITEMS[at - 1], "Back")] if at else []
    after = ITEMS[at + 1] if at + 1 < len(ITEMS) else LIST_VALUE
    return buttons(*turns, (SKIP, after, "Skip for now"), (LIST, LIST_VALUE, "All steps"))


def following(item: Item) -> Item | None:
    """Return the step after one, or None after the last."""
    at = ITEMS.index(item) + 1
    return ITEMS[at] if at < len(ITEMS) else None


def read_turn(value: Any) -> Item | None:
    """Return the step that a button leads to, or None for the list.

    Raises:
        ValueError: the button is not one of ours.
    """
    return None if value == LIST_VALUE else Item(value)


def read(view: Mapping[str, Any]) -> tuple[Item, int, Given]:
    """Return which step was filled in, its revision when it was opened, and what was typed.

    Raises:
        ValueError: the form is not one of ours.
    """
    metadata = json.loads(view.get("private_metadata") or "{}")
    item, revision = Item(metadata["item"]), metadata["revision"]
    if not isinstance(revision, int):
        raise ValueError("no revision")
    return item, revision, {name: _READERS[name](view, name) for name in _NAMES[item]}


_NAMES: Mapping[Item, Sequence[str]] = {
    Item.EAP: (
        "eap_name",
        "eap_phone",
        "eap_web",
        "eap_hours",
        "eap_languages",
        "eap_code",
        "eap_employer",
        "eap_countries",
        "eap_tried",
        "eap_none",
    ),
    Item.HOURS: ("hours_days", "hours_from", "hours_to", "hours_zone"),
    **{
        item: (str(item),)
        for item in (
            Item.CHANNEL,
            Item.COUNTRIES,
            Item.DUTY_LEAD,
            Item.SECURITY_CONTACT,
            Item.EMERGENCY_PLAN,
        )
    },
}
_READERS: Mapping[str, Callable[[Mapping[str, Any], str], Any]] = {
    **dict.fromkeys(
        (
            "eap_name",
            "eap_phone",
            "eap_web",
            "eap_hours",
            "eap_languages",
            "eap_code",
            "hours_zone",
            "emergency_plan",
        ),
        typed,
    ),
    **dict.fromkeys(("channel", "eap_employer"), chosen),
    **dict.fromkeys(("countries", "hours_days", "eap_countries"), all_chosen),
    **dict.fromkeys(
        ("duty_lead", "security_contact", "hours_from", "hours_to", "eap_tried"), picked
    ),
    "eap_none": ticked,
}


def as_given(step: Step) -> Given:
    """Return what is kept, as it stands in the fields."""
    item, value = step.entry.item, step.entry.value
    if value is None:
        return {"hours_zone": step.zone}
    if item is Item.CHANNEL:
        return {"channel": value["id"]}
    if item is Item.EAP:
        return {
            "eap_employer": value["employer_sees"] or UNSURE,
            "eap_tried": value["tried_on"],
            **{f"eap_{name}": each for name, each in value.items()},
        }
    if item is Item.HOURS:
        return {
            "hours_days": [str(day) for day in value["days"]],
            "hours_from": minutes_as_clock(value["begins"]),
            "hours_to": minutes_as_clock(value["ends"]),
            "hours_zone": value["zone"],
        }
    return {item: value}


def _channel(step: Step, given: Given) -> list[Block]:
    options = [
        option(each, f"#{name}"[:75]) for each, name in [*step.channels.items()][:MOST_OPTIONS]
    ]
    if not options:
        return [section(_NO_CHANNEL)]
    return [
        choice(
            "channel",
            "Which channel?",
            options,
            kind="static_select",
            chosen=given.get("channel"),
            hint="Private channels that Hearth is in, without those of cohorts. "
            "If it is missing, invite Hearth there and open this step again.",
        )
    ]


_NO_CHANNEL = (
    "Hearth is in no private channel yet. Please let a moderator make one and type `/invite "
    "@hearth` there, then open this step again."
)


def _eap(_step: Step, given: Given) -> list[Block]:
    def line(name: str, label: str, hint: str | None = None) -> Block:
        limit = 3 * SHORT if name == "eap_web" else SHORT
        return text_field(
            name, label, limit=limit, initial=given.get(name), hint=hint, multiline=False
        )

    sees = [option(each, _EMPLOYER_SEES[each]) for each in EMPLOYER_SEES]
    none = [option("yes", "We have no such service")]
    tick = ["yes"] if given.get("eap_none") else []
    tried = given.get("eap_tried")
    rung = "When was it last rung to try it?"
    return [
        line("eap_name", "What is it called?"),
        line("eap_phone", "Which number?", "With the country code, such as +49 30 1234567."),
        line("eap_web", "Where on the web?"),
        line("eap_hours", "When does somebody answer?", "For instance: day and night."),
        line("eap_languages", "In which languages?"),
        line("eap_code", "What does a caller have to say?", "An employer code, if there is one."),
        choice(
            "eap_employer",
            "Does the employer see who called?",
            sees,
            chosen=given.get("eap_employer"),
            hint="Members read this answer beside the number.",
            optional=True,
        ),
        choices(
            "eap_countries",
            "From which countries can it be called?",
            _countries(),
            kind="multi_static_select",
            chosen=given.get("eap_countries") or (),
            hint="Leave it empty if it can be called from everywhere.",
        ),
        pick("eap_tried", rung, "datepicker", initial=tried, optional=True),
        choices("eap_none", "If there is none", none, kind="checkboxes", chosen=tick),
    ]


_EMPLOYER_SEES = {
    EMPLOYER_SEES[0]: "No, the employer learns nothing",
    EMPLOYER_SEES[1]: "Only how many called",
    UNSURE: "We do not know",
}


def _countries() -> list[Block]:
    return [option(code, name) for code, name in content.countries().items() if code != ELSEWHERE]


def _enrolled(_step: Step, given: Given) -> list[Block]:
    return [
        choices(
            "countries",
            "Where do your members live?",
            _countries(),
            kind="multi_static_select",
            chosen=given.get("countries") or (),
            optional=False,
        )
    ]


def _hours(_step: Step, given: Given) -> list[Block]:
    days = [option(str(day), weekdays([day])) for day in range(7)]
    begins, ends = given.get("hours_from") or "09:00", given.get("hours_to") or "17:00"
    given_days = given.get("hours_days") or ("0", "1", "2", "3", "4")
    return [
        choices(
            "hours_days",
            "On which days?",
            days,
            kind="checkboxes",
            chosen=given_days,
            optional=False,
        ),
        pick("hours_from", "From", "timepicker", initial=begins),
        pick("hours_to", "To", "timepicker", initial=ends),
        text_field(
            "hours_zone",
            "By which clock?",
            limit=SHORT,
            initial=given.get("hours_zone"),
            hint="A time zone by its name, such as Europe/Berlin or America/New_York.",
            multiline=False,
            optional=False,
        ),
    ]


def _person(item: Item) -> Callable[[Step, Given], list[Block]]:
    def fields(_step: Step, given: Given) -> list[Block]:
        return [pick(item, "Who?", "users_select", initial=given.get(item))]

    return fields


def _plan(_step: Step, given: Given) -> list[Block]:
    return [
        text_field(
            "emergency_plan",
            "Where does it stand, or what does it say?",
            limit=LONG,
            initial=given.get("emergency_plan"),
            optional=False,
        )
    ]


_FIELDS: Mapping[Item, Callable[[Step, Given], list[Block]]] = {
    Item.CHANNEL: _channel,
    Item.EAP: _eap,
    Item.COUNTRIES: _enrolled,
    Item.HOURS: _hours,
    Item.DUTY_LEAD: _person(Item.DUTY_LEAD),
    Item.SECURITY_CONTACT: _person(Item.SECURITY_CONTACT),
    Item.EMERGENCY_PLAN: _plan,
}


def problems(error: InvalidAnswer, view: Mapping[str, Any]) -> dict[str, str]:
    """Return a sentence for each field of a step that could not be kept."""
    first = (inputs(view) or [""])[0]
    return {
        field if field in inputs(view) else first: _SENTENCES.get(problem, _CHOOSE)
        for field, problem in error.problems.items()
    }


_CHOOSE = "Please choose one of these."
_SENTENCES = {
    Problem.MISSING: 'This is needed. "Skip for now" leaves the step for later.',
    Problem.TOO_LONG: "This is too long to be shown. Please make it shorter.",
    Problem.NOT_A_COLLEAGUE: (
        "Please choose somebody who works here: no guest, no app, nobody of another company and "
        "nobody whose account is closed."
    ),
    Problem.LEADS: "They lead the programme, and whoever leads does not hear of concerns.",
    Problem.ADMINISTRATES: "They are a workspace admin, and an admin does not hear of concerns.",
    Problem.NOT_A_NUMBER: "This is no number to call. For instance: +49 30 1234567.",
    Problem.NOT_A_LINK: "A link begins with https:// and has no spaces.",
    Problem.NOT_A_ZONE: "There is no such time zone. For instance: Europe/Berlin.",
    Problem.NOT_A_TIME: "Please choose a time.",
    Problem.ENDS_FIRST: "This is not after the beginning.",
    Problem.NOT_YET: "This day has not come yet.",
    Problem.NOT_THERE: "Hearth is not in this channel. Please type /invite @hearth there.",
    Problem.ARCHIVED: "This channel is archived.",
    Problem.PUBLIC: "Everybody can read this channel. It has to be a private one.",
    Problem.OTHER_COMPANY: "This channel is shared with another company.",
    Problem.GUESTS: "Guests are in this channel. They have to leave it first.",
    Problem.CROWDED: "More than thirty people are in this channel. It is for moderators alone.",
    Problem.COHORTS_OWN: "This channel belongs to a cohort.",
}
