"""The set-up as a list and as one form for each step, with the reader of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot import content
from bot.domain.people import ELSEWHERE
from bot.domain.programme import (
    EMPLOYER_SEES,
    ITEMS,
    LONG,
    SHORT,
    Checklist,
    Eap,
    Entry,
    Hours,
    Item,
    Phase,
    State,
    Status,
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
    with_button,
)
from bot.views.dates import date_with_year, minutes_as_clock, weekdays
from bot.views.roles import people_words

STEP = "setup_step"
OPEN, BACK, SKIP, LIST = f"{STEP}_open", f"{STEP}_back", f"{STEP}_skip", f"{STEP}_list"
SAVE = "setup_save"
GO_LIVE = "setup_go_live"
LIST_VALUE = "list"

Given = Mapping[str, Any]

_MARKS = {State.DONE: "Done", State.MISSING: "Missing", State.PROBLEM: "Look at this"}


def checklist(found: Checklist, remark: str | None = None) -> View:
    """Return what is set up, what is missing, and a button for each step."""
    blocks: list[Block] = [section(f"*{remark}*")] if remark else []
    blocks.append(section(phase_words(found)))
    for item, entry in found.entries.items():
        label = "Set" if entry.value is None else "Change"
        blocks.append(
            with_button(_line(entry), action=OPEN, value=item, label=label),
        )
    blocks += _before_live(found)
    return modal(title="Set-up", close="Done", blocks=blocks)


def _before_live(found: Checklist) -> list[Block]:
    if found.phase is Phase.LIVE:
        return []
    missing = [f"Missing: {content.proof(each)}." for each in found.missing_proofs]
    words = ["*Before it goes live*", *missing]
    if found.open_items:
        words.append("Missing: every step above, without a problem.")
    if found.may_go_live:
        label = "Go live"
        confirm = "From now on concerns page a moderator, and safety reading counts where chosen."
        return [
            with_button("All is there.", action=GO_LIVE, value="live", label=label, confirm=confirm)
        ]
    return [section("\n".join(words))]


def _line(entry: Entry) -> str:
    words = f"*{content.step(entry.item, 'title')}*: {_MARKS[entry.state].lower()}"
    if entry.set_by is not None and entry.set_at is not None and entry.value is not None:
        words += f", set by <@{entry.set_by}> on {date_with_year(entry.set_at)}"
    return "\n".join([words, *(_NOW[each] for each in entry.problems)])


def phase_words(found: Checklist) -> str:
    """Return how far the programme is, and what that means."""
    done = sum(each.state is State.DONE for each in found.entries.values())
    if found.phase is Phase.LIVE and found.live_since is not None:
        return f"*Live* since {date_with_year(found.live_since)}."
    if found.phase is Phase.REHEARSAL:
        return f"*Rehearsal.* {_OFF} Everything can be practised."
    return f"*Setting up*, {done} of {len(found.entries)} steps are done. {_OFF}"


_OFF = "Nobody is paged and no note is read until it goes live."


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
        *(section(_NOW[each]) for each in entry.problems),
        *fields,
        _turns(entry.item),
        context(f"Step {number} of {len(ITEMS)}. {_progress(step.checklist)}"),
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
    return [section(said), quoted(words(entry) or "nothing")]


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
            "eap_employer": value["employer_sees"],
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


def words(entry: Entry) -> str:
    """Return what is kept of a step as text, in which typed words may stand; for plain text."""
    value = entry.value
    if value is None:
        return ""
    if entry.item is Item.CHANNEL:
        return str(value.get("name") or value["id"])
    if entry.item is Item.EAP:
        eap = Eap(**value)
        given = (eap.name, eap.phone, eap.web, eap.hours, eap.languages)
        return "No such service" if eap.none else ", ".join(each for each in given if each)
    if entry.item is Item.HOURS:
        return hours_words(Hours(**value))
    if entry.item is Item.COUNTRIES:
        return ", ".join(content.countries().get(code, code) for code in value)
    return str(value)


def hours_words(hours: Hours) -> str:
    """Return for instance "Monday to Friday, 09:00 to 17:00 (Europe/Berlin)"."""
    clock = f"{minutes_as_clock(hours.begins)} to {minutes_as_clock(hours.ends)}"
    return f"{weekdays(hours.days)}, {clock} ({hours.zone})"


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
        pick(
            "eap_tried",
            "When was it last rung to try it?",
            "datepicker",
            initial=tried,
            optional=True,
        ),
        choices("eap_none", "If there is none", none, kind="checkboxes", chosen=tick),
    ]


_EMPLOYER_SEES = {
    "no": "No, the employer learns nothing",
    "counts": "Only how many called",
    "unsure": "We do not know",
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
    Problem.MISSING: "This is needed. `Skip for now` leaves the step for later.",
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
_NOW = {
    Problem.NOT_THERE: (
        "The channel is gone, or Hearth was removed from it. Nobody would hear of a concern there."
    ),
    Problem.ARCHIVED: "The channel is archived. Nobody would hear of a concern there.",
    Problem.PUBLIC: "The channel was made public. It has to be private again.",
    Problem.OTHER_COMPANY: "The channel is shared with another company now.",
    Problem.COHORTS_OWN: "The channel belongs to a cohort.",
    Problem.GUESTS: "Guests are in the channel.",
    Problem.CROWDED: "More than thirty people are in the channel.",
    Problem.LEADS_INSIDE: (
        "When it was saved, somebody was in the channel who leads the programme or administrates "
        "the workspace. They have to leave before it goes live; then save this step again."
    ),
    Problem.NOT_LOOKED: "Slack did not say just now how it stands with the channel.",
    Problem.NEVER_TRIED: "Nobody has said when the number was last rung to try it.",
    Problem.TRIED_LONG_AGO: "The number was last tried more than ninety days ago.",
    Problem.LEADS: "They lead the programme by now. Please choose somebody else.",
}


def not_yours(leads: Sequence[str]) -> str:
    """Return the answer to somebody who may not set up."""
    if not leads:
        return "Nobody leads the programme yet. A workspace admin can begin with `/hearth setup`."
    verb = "leads" if len(leads) == 1 else "lead"
    return f"{people_words(leads)} {verb} the programme here, and can set it up. You can ask them."


def live_words(found: Checklist) -> str:
    """Return what became of going live."""
    if found.phase is Phase.LIVE:
        return "It is live."
    return "It is not live yet. Below stands what is missing."


def status(found: Status) -> str:
    """Return how the programme stands, in a few lines."""
    lines = []
    if found.checklist is not None:
        lines.append(phase_words(found.checklist))
        done = [e for e in found.checklist.entries.values() if e.state is State.DONE]
        if done:
            titles = ", ".join(content.step(each.item, "title") for each in done)
            lines.append(f"Works: {titles}.")
        for item in found.checklist.open_items:
            lines.append(_line(found.checklist.entries[item]))
        if found.phase is not Phase.LIVE:
            lines += [f"Missing: {content.proof(p)}." for p in found.checklist.missing_proofs]
    elif found.phase is not Phase.LIVE:
        lines.append("The programme is being prepared. Your check-ins work, and are yours alone.")
    lines.append(_who_moderates(found))
    if found.checklist is None:
        lines.append(content.help_now())
    return "\n".join(lines)


def _who_moderates(found: Status) -> str:
    if not found.moderators:
        return "Nobody moderates yet."
    when = f" Their hours: {hours_words(found.hours)}." if found.hours else ""
    verb = "moderates" if len(found.moderators) == 1 else "moderate"
    return f"{people_words(found.moderators)} {verb}.{when}"
