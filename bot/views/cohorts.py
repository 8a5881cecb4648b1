"""The forms and lists of cohorts, and their readers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.cohorts import (
    NAME_LIMIT,
    Cohort,
    Door,
    Founding,
    Listed,
    check_founding,
    is_channel,
)
from bot.errors import CohortRefused, InvalidAnswer, Problem, Refusal
from bot.views.blocks import (
    Block,
    View,
    button,
    choice,
    chosen,
    context,
    line_field,
    modal,
    option,
    paragraph,
    plain,
    section,
    tick,
    ticked,
    typed,
    unmarked,
)
from bot.views.cohort_settings import SETTINGS, close_button
from bot.views.notices import JOIN, PURPOSES, agreed_on
from bot.views.refusals import because, refused

CREATE = "cohort_create"
JOIN_FORM = "cohort_join_form"
LEAVE = "cohort_leave"
LEAVE_FORM = "cohort_leave_form"

MOST_LISTED = 45
"""With two blocks for each this stays within Slack's hundred for a view."""

_HELP = """A cohort is a channel with a purpose, whose members can share a part of a check-in there.
*/cohort list* shows your cohorts and the one of this channel, with buttons to join and to leave.
*/cohort join* joins the one of this channel, and */cohort leave* leaves it; nobody is told.
*/cohort rota* is for members: whether you take turns in holding its rituals.
*/cohort create* makes a cohort of this channel, for people who lead or facilitate.
*/cohort settings* is for whoever runs it: name, guidelines, holidays, time zone, and closing it.
Nobody watches a cohort's channel. If you are worried, raise a concern or call: */support*."""

_YES_NO = (option("no", "No"), option("yes", "Yes"))


def help_text() -> str:
    """Return what /cohort can do."""
    return _HELP


def create(channel: str) -> View:
    """Return the form that makes a cohort of a channel."""
    purposes = [option(each, words.capitalize()) for each, words in PURPOSES.items()]
    return modal(
        title="A new cohort",
        callback_id=CREATE,
        submit="Make it",
        close="Not now",
        private_metadata=json.dumps({"channel": channel}),
        blocks=[
            section(
                f"This makes a cohort of <#{channel}>. You will run it. A notice with a button to "
                "join is pinned there, and nobody is added: people join by themselves."
            ),
            line_field(
                "name", "What is it called?", limit=NAME_LIMIT, hint="As people know it; one line."
            ),
            choice("purpose", "What is it for?", purposes),
            choice(
                "deciders",
                "May people join who decide on others' work or pay?",
                [option("no", "No"), option("yes", "Yes, and the notice says if one is there")],
                hint="People speak more freely without. If you choose nothing, it is no.",
                optional=True,
            ),
            tick(
                "open",
                "If the channel is public",
                "I know that everybody in the company can read it",
                optional=True,
            ),
            context(
                "A cohort is for colleagues: no guests, and no channel that is shared with "
                "another company. If that changes later, sharing stops and members are told."
            ),
        ],
    )


def read_create(view: Mapping[str, Any]) -> tuple[str, Founding]:
    """Return the channel and what was filled in.

    Raises:
        InvalidAnswer: some field cannot be kept.
        CohortRefused: the form names no channel.
    """
    channel = _named(view, "channel")
    if not is_channel(channel):
        raise CohortRefused(Refusal.NOT_A_CHANNEL)
    founding = check_founding(
        typed(view, "name"),
        chosen(view, "purpose"),
        welcomes_deciders=chosen(view, "deciders") == "yes",
        may_be_open=ticked(view, "open"),
    )
    return channel, founding


def create_problems(error: InvalidAnswer) -> dict[str, str]:
    """Return a sentence for each field that cannot be kept."""
    name = {
        Problem.MISSING: "Please give it a name.",
        Problem.TOO_LONG: f"The name should be one line of at most {NAME_LIMIT} characters.",
    }
    return {
        field: name[problem] if field == "name" else "Please choose one."
        for field, problem in error.problems.items()
    }


def create_refused(reason: Refusal) -> dict[str, str]:
    """Return the sentence beside the field that could mend it, or beside the first."""
    return {"open" if reason is Refusal.OPEN else "name": unmarked(refused(reason))}


def created(cohort: Cohort) -> View:
    """Return what the form turns into."""
    text = (
        f"The notice is on its way to <#{cohort.channel}>. Hearth now looks who is in the channel; "
        "people can join at once, and share in a minute or so."
    )
    return modal(title="The cohort is made", close="Done", blocks=[section(text)])


def join(door: Door) -> View:
    """Return the form that lets somebody belong to a cohort."""
    cohort = door.cohort
    return modal(
        title="Join a cohort",
        callback_id=JOIN_FORM,
        submit="Join",
        close="Not now",
        private_metadata=json.dumps({"cohort": str(cohort.id)}),
        blocks=[
            _name(cohort),
            section(
                "Joining shares nothing. In each check-in you can then choose to share a part of "
                f"it in <#{cohort.channel}>; everyone there sees that part with your name, now "
                "and later. You can leave with one click, and nobody is told."
            ),
            *agreed_on(door.guidelines),
            choice(
                "decides",
                "Do you decide on anyone's work or pay here?",
                _YES_NO,
                hint="Nobody is told what you answer. If somebody says yes, the notice and the "
                "check-in form say that such a person is there, never who.",
            ),
            context(
                "*Who will see this:* Hearth shows nobody who has joined; everyone in the channel "
                "sees who is in the channel. Hearth keeps that you belong to this cohort, your "
                "answer, and how you react to its rituals; reactions are public in Slack."
            ),
        ],
    )


def read_join(view: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the cohort's id and what was answered.

    Raises:
        InvalidAnswer: nothing was answered.
    """
    answer = chosen(view, "decides")
    if answer not in {"yes", "no"}:
        problem = Problem.MISSING if answer is None else Problem.NOT_A_CHOICE
        raise InvalidAnswer({"decides": problem})
    return _named(view, "cohort"), answer == "yes"


JOIN_PROBLEMS = {"decides": "Please choose one."}


def join_refused(reason: Refusal) -> dict[str, str]:
    """Return the sentence beside the one field."""
    return {"decides": unmarked(refused(reason))}


def joined(cohort: Cohort) -> View:
    """Return what the form turns into."""
    text = (
        f"You belong to the cohort in <#{cohort.channel}> now. `/checkin` asks whether to share a "
        "part with it, and nothing is shared unless you say so there."
    )
    return modal(title="You have joined", close="Done", blocks=[_name(cohort), section(text)])


def leave(cohort: Cohort) -> View:
    """Return the question before somebody leaves."""
    return modal(
        title="Leave a cohort",
        callback_id=LEAVE_FORM,
        submit="Leave",
        close="Stay",
        private_metadata=json.dumps({"cohort": str(cohort.id)}),
        blocks=[
            _name(cohort),
            section(
                "Nobody is told that you leave. You stay in the Slack channel until you leave "
                "that as well. What you shared there stays, unless you tick the box."
            ),
            tick("take_back", "What you shared", "Take back what I shared here", optional=True),
        ],
    )


def read_leave(view: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the cohort's id, and whether what was shared is taken back."""
    return _named(view, "cohort"), ticked(view, "take_back")


def left(*, take_back: bool) -> View:
    """Return what the question turns into."""
    then = (
        " What you shared there is being taken away in Slack."
        if take_back
        else " What you shared there stays; deleting a check-in in `/checkin history` removes it."
    )
    text = f"You have left the cohort, and nobody was told.{then}"
    return modal(title="You have left", close="Done", blocks=[section(text)])


def listing(found: Sequence[Listed]) -> View:
    """Return somebody's list."""
    blocks: list[Block] = []
    for each in found[:MOST_LISTED]:
        blocks += [_entry(each), _buttons(each)]
    if not found:
        blocks = [
            section(
                "You belong to no cohort, and there is none in this channel. A cohort's channel "
                "has a pinned notice with a button to join."
            )
        ]
    elif len(found) > MOST_LISTED:
        blocks.append(context(f"And {len(found) - MOST_LISTED} more."))
    return modal(title="Cohorts", close="Done", blocks=blocks)


def sentence(title: str, text: str) -> View:
    """Return a modal that says one thing."""
    return modal(title=title, close="Done", blocks=[section(text)])


def no_place(reason: Refusal) -> View:
    """Return what is shown where a button leads nowhere any more."""
    return sentence("Not possible", refused(reason))


CLOSED = (
    "The cohort is closed, and the notice will say so. Its rituals have ended. The channel stays "
    "as it is, and so does what was shared there, until its author takes it back."
)


def _entry(listed: Listed) -> Block:
    words = [f": {PURPOSES[listed.purpose]}."]
    if listed.is_mine:
        words.append("You belong to it.")
    if listed.band is not None:
        words.append(f"Members: {listed.band}.")
    if listed.halted_for is not None:
        words.append(f"Nothing is shared just now: {because(listed.halted_for)}.")
    return paragraph(
        {"type": "text", "text": listed.cohort.name, "style": {"bold": True}},
        {"type": "text", "text": "\nIn "},
        {"type": "channel", "channel_id": listed.cohort.channel},
        {"type": "text", "text": " ".join(words)},
    )


def _buttons(listed: Listed) -> Block:
    which = str(listed.cohort.id)
    elements = [button(LEAVE, which, "Leave") if listed.is_mine else button(JOIN, which, "Join")]
    if listed.is_run:
        elements += [button(SETTINGS, which, "Settings"), close_button(which)]
    return {"type": "actions", "elements": elements}


def _name(cohort: Cohort) -> Block:
    return {"type": "section", "text": plain(cohort.name)}


def _named(view: Mapping[str, Any], what: str) -> str:
    """Return what the form is about; nothing, where it does not say."""
    try:
        return str(json.loads(view.get("private_metadata") or "{}")[what])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def cohort_asked_for(view: Mapping[str, Any]) -> str | None:
    """Return the cohort that somebody asked to join before the first screen came up, if any."""
    return _named(view, "cohort") or None


def first(consent: View, cohort: Cohort) -> View:
    """Return the first screen, so that it leads to the cohort afterwards."""
    packed = json.loads(consent.get("private_metadata") or "{}")
    return consent | {"private_metadata": json.dumps(packed | {"cohort": str(cohort.id)})}
