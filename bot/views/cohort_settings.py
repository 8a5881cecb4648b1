"""The form with what can be set about a cohort, and its reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot import content
from bot.domain.cohort_settings import (
    GUIDELINES_LIMIT,
    NOWHERE,
    REACTION_LIMIT,
    USUAL_REACTION,
    ZONE_LIMIT,
    Page,
    Wish,
    check_settings,
)
from bot.domain.cohorts import NAME_LIMIT
from bot.domain.people import ELSEWHERE
from bot.errors import InvalidAnswer, Problem, Refusal
from bot.views.blocks import (
    Block,
    View,
    button,
    choice,
    chosen,
    context,
    inputs,
    modal,
    option,
    quoted,
    section,
    text_field,
    tick,
    ticked,
    typed,
    unmarked,
)
from bot.views.notices import PURPOSES
from bot.views.refusals import refused

SETTINGS = "cohort_settings"
SAVE = "cohort_settings_save"
CLOSE = "cohort_close"

Given = Mapping[str, str | None]
"""What stands in the fields, by their names; None for an empty one."""

_COUNTRY_HINT = "Rituals can leave out public holidays, or move to the next day."
_ZONE_HINT = (
    "As it is called in the time zone database, such as Europe/Berlin or America/New_York. "
    "Rituals are set in it."
)


def form(page: Page, given: Given | None = None) -> View:
    """Return the form.

    Args:
        page: what stands now.
        given: what was typed while somebody else changed it; it stays in the fields.
    """
    standing = _standing(page)
    fields = standing if given is None else {**standing, **given}
    return modal(
        title="Cohort settings",
        callback_id=SAVE,
        submit="Save",
        close="Close",
        private_metadata=json.dumps(
            {"cohort": str(page.cohort.id), "revision": page.settings.revision}
        ),
        blocks=[
            section(_who(page)),
            *([] if given is None else _overtaken(page)),
            *_what_for(page, fields),
            *_when(fields),
            *_whom(fields),
            context(
                "*Who will see this:* everyone in the channel reads the name, what it is for, the "
                "guidelines and whether deciders can join, in the pinned notice. The rest is seen "
                "by those who run the cohort and by the leads."
            ),
            {"type": "actions", "elements": [close_button(str(page.cohort.id))]},
        ],
    )


def _what_for(page: Page, fields: Given) -> list[Block]:
    purposes = [option(each, words.capitalize()) for each, words in PURPOSES.items()]
    hint = f"One line, at most {NAME_LIMIT} characters."
    blocks = [
        text_field(
            "name",
            "What is it called?",
            limit=NAME_LIMIT,
            initial=fields["name"],
            hint=hint,
            multiline=False,
            optional=False,
        ),
        choice("purpose", "What is it for?", purposes, chosen=fields["purpose"]),
    ]
    if page.cohort.is_open:
        known = "I know that everybody in the company can read it"
        blocks.append(tick("open", "Its channel is public", known, optional=True))
    blocks.append(
        text_field(
            "guidelines",
            "What do you agree on?",
            limit=GUIDELINES_LIMIT,
            initial=fields["guidelines"],
            hint="They stand in the notice and where people join. Leave this empty for the usual "
            "ones.",
        )
    )
    return blocks


def _when(fields: Given) -> list[Block]:
    countries = [option(NOWHERE, "No public holidays")]
    countries += [
        option(code, name) for code, name in content.countries().items() if code != ELSEWHERE
    ]
    return [
        choice(
            "country",
            "Whose public holidays count?",
            countries,
            kind="static_select",
            chosen=fields["country"],
            hint=_COUNTRY_HINT,
        ),
        text_field(
            "zone",
            "In which time zone do you meet?",
            limit=ZONE_LIMIT,
            initial=fields["zone"],
            hint=_ZONE_HINT,
            multiline=False,
        ),
    ]


def _whom(fields: Given) -> list[Block]:
    return [
        text_field(
            "reaction",
            "Which reaction offers support?",
            limit=REACTION_LIMIT,
            initial=fields["reaction"],
            hint="The name of an emoji; usually "
            f"{USUAL_REACTION}. Whoever puts it on a message here is privately offered ways to "
            "support its author. Leave this empty for none.",
            multiline=False,
        ),
        choice(
            "deciders",
            "May people join who decide on others' work or pay?",
            [option("no", "No"), option("yes", "Yes, and the notice says if one is there")],
            chosen=fields["deciders"],
        ),
    ]


def close_button(which: str) -> Block:
    """Return the button that closes a cohort, which asks once more."""
    confirm = (
        "Nobody will belong to it any more, its rituals end, and nothing more is shared there. "
        "The channel itself stays as it is."
    )
    return button(CLOSE, which, "Close this cohort", confirm=confirm)


def _standing(page: Page) -> Given:
    """Return what is kept, as it stands in the fields."""
    return {
        "name": page.cohort.name,
        "purpose": page.purpose,
        "open": None,
        "guidelines": page.settings.guidelines,
        "country": page.settings.country or NOWHERE,
        "zone": page.settings.zone,
        "reaction": page.settings.support_reaction,
        "deciders": "yes" if page.welcomes_deciders else "no",
    }


def _who(page: Page) -> str:
    people = ", ".join(f"<@{person}>" for person in page.facilitators)
    run = f"Run by {people}." if people else "Nobody runs it at present."
    return (
        f"The cohort in <#{page.cohort.channel}>. {run} Leads change that with `/hearth roles`. "
        f"Those who take turns at holding its rituals: {page.rota}."
    )


def _overtaken(page: Page) -> list[Block]:
    fields = _standing(page)
    country = content.countries().get(page.settings.country or "", "No public holidays")
    now = {
        "Name": fields["name"],
        "For": PURPOSES[page.purpose],
        "Guidelines": fields["guidelines"],
        "Public holidays": country,
        "Time zone": fields["zone"] or "none",
        "Reaction": fields["reaction"] or "none",
        "Deciders can join": fields["deciders"],
    }
    return [
        section(
            "*Somebody else changed these settings meanwhile.* What you typed is still below, and "
            'nothing of it is saved yet; "Save" puts it in the place of what stands now:'
        ),
        quoted("\n".join(f"{label}: {value}" for label, value in now.items())),
    ]


def read(view: Mapping[str, Any]) -> tuple[str, int, Given]:
    """Return the cohort's id, the revision when the form was opened, and what was filled in.

    A form that says neither is about no cohort, or is older than any revision.
    """
    try:
        about = json.loads(view.get("private_metadata") or "{}")
        which, revision = str(about["cohort"]), about["revision"]
    except (ValueError, KeyError, TypeError, RecursionError):
        which, revision = "", None
    given = {
        **{name: typed(view, name) for name in ("name", "guidelines", "zone", "reaction")},
        **{name: chosen(view, name) for name in ("purpose", "country", "deciders")},
        "open": "yes" if ticked(view, "open") else None,
    }
    return which, revision if isinstance(revision, int) else -1, given


def wish(given: Given) -> Wish:
    """Return what the fields stand for.

    Raises:
        InvalidAnswer: some field cannot be kept.
    """
    return check_settings(given, content.countries())


def problems(error: InvalidAnswer) -> dict[str, str]:
    """Return a sentence for each field that cannot be kept."""
    return {field: _problem(field, problem) for field, problem in error.problems.items()}


def _problem(field: str, problem: Problem) -> str:
    if field == "name":
        if problem is Problem.MISSING:
            return "Please give it a name."
        return f"The name should be one line of at most {NAME_LIMIT} characters."
    return _PROBLEMS.get(field, "Please choose one.")


_PROBLEMS = {
    "guidelines": f"Please keep the guidelines to {GUIDELINES_LIMIT} characters.",
    "zone": (
        "There is no time zone of that name. Zones are called after a region and a city, such as "
        "Europe/Berlin, Asia/Kolkata or America/New_York."
    ),
    "reaction": (
        "Please type the name of an emoji, such as "
        f"{USUAL_REACTION}: Slack shows it when you point at the emoji."
    ),
}


def not_saved(reason: Refusal, view: Mapping[str, Any]) -> dict[str, str]:
    """Return the sentence beside the field that could mend it, or beside the purpose."""
    field = "open" if "open" in inputs(view) else "purpose"
    return {field: unmarked(refused(reason))}


def saved(page: Page) -> View:
    """Return what the form turns into."""
    text = f"The settings of the cohort in <#{page.cohort.channel}> are saved."
    if page.cohort.is_halted:
        text += " The notice there says so as soon as Hearth can write in the channel."
    else:
        text += " The notice there follows in a moment."
    blocks = [section(text)]
    if page.cohort.has_decider and not page.welcomes_deciders:
        blocks.append(
            section(
                "Somebody who decides on others' work or pay belongs to it already. They stay "
                "until they leave, and the notice goes on saying that such a person is there. "
                "From now on nobody else who does can join."
            )
        )
    return modal(title="Saved", close="Done", blocks=blocks)
