"""The check-in form and its reader."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot import content
from bot.domain.checkin_command import Quick
from bot.domain.checkins import NOTE_LIMIT, SCALES, Answer, Capacity, Opening, Scale, check
from bot.domain.cohorts import Cohort
from bot.domain.sharing import NOTHING, Choice
from bot.domain.visibility import Part, Shared
from bot.errors import InvalidAnswer, Problem
from bot.views.blocks import (
    MOST_OPTIONS,
    Block,
    View,
    choice,
    chosen,
    context,
    inputs,
    modal,
    option,
    plain_context,
    section,
    text_field,
    typed,
)
from bot.views.dates import clock_time, long_date
from bot.views.visibility import DECIDER, who_will_see

CHECKIN = "checkin"
_NOTHING = "nothing"
_NOT_LOST = "Nothing is lost: what you filled in is still here."
_ONLY_ME = (
    "Choose that only you see it, and save again; what you shared there today is then taken away."
)
_OFFERS = {
    Part.CAPACITY: "My capacity",
    Part.MOOD_AND_CAPACITY: "My mood and capacity",
    Part.NOTE: "My note",
}


def form(opening: Opening, quick: Quick) -> View:
    """Return the form for a day, filled in as far as we know.

    What was typed wins over what stands there from earlier; the earlier note is always there,
    so that saving again never loses it.
    """
    return modal(
        title="Check-in",
        callback_id=CHECKIN,
        submit="Save",
        close="Not now",
        private_metadata=json.dumps(_metadata(opening)),
        blocks=[
            section(f"*{long_date(opening.day)}*"),
            *_remarks(opening, quick),
            *(_scale(scale, opening.earlier, quick) for scale in SCALES),
            _capacity(opening.earlier, quick),
            text_field(
                "note",
                "A note",
                limit=NOTE_LIMIT,
                initial=opening.earlier.note if opening.earlier else None,
                hint=_note_hint(opening),
            ),
            *_share(opening),
            context(who_will_see(opening.visibility)),
            context(content.help_now()),
        ],
    )


def read(view: Mapping[str, Any]) -> tuple[date, Answer, Choice]:
    """Return the day the form was opened for, what was filled in, and what is to be shared.

    Raises:
        InvalidAnswer: some field cannot be kept.
        ValueError: the form is not one of ours.
    """
    metadata = json.loads(view.get("private_metadata") or "{}")
    day = date.fromisoformat(str(metadata.get("day")))
    levels = {scale: chosen(view, scale) for scale in SCALES}
    answer = check(levels, chosen(view, "capacity"), typed(view, "note"))
    return day, answer, _choice(view, metadata.get("cohort"))


def problems(error: InvalidAnswer, view: Mapping[str, Any]) -> dict[str, str]:
    """Return a sentence for each field of a form that could not be kept."""
    note = typed(view, "note") or ""
    # With one cohort only, there is no field that asks which.
    asks_which = "cohort" in inputs(view)
    sentences = {
        Problem.MISSING: "Please choose one.",
        Problem.NOT_A_CHOICE: "Please choose one of these.",
        Problem.TOO_LONG: (
            f"This note has {len(note):,} characters, and {NOTE_LIMIT:,} fit. Nothing is lost: "
            f"it is still here. Please take {len(note) - NOTE_LIMIT:,} away and save again."
        ),
        Problem.NOTHING_TO_SHARE: (
            "There is no note to share. Write one above, or choose something else here."
        ),
        Problem.CLOSED: f"This cohort was closed meanwhile. {_NOT_LOST} {_ONLY_ME}",
        Problem.NOT_YOURS: f"You do not belong to this cohort any more. {_NOT_LOST} {_ONLY_ME}",
        Problem.PAUSED: (
            "Sharing with this cohort is paused just now, because its channel has changed. "
            f"{_NOT_LOST} {_ONLY_ME}"
        ),
    }
    return {
        "share" if field == "cohort" and not asks_which else field: sentences[problem]
        for field, problem in error.problems.items()
    }


def pack(quick: Quick) -> dict[str, Any]:
    """Return what was understood of a command as plain values; never what was not."""
    return {
        "levels": {scale.value: level for scale, level in quick.levels.items()},
        "capacity": quick.capacity,
        "puzzled": quick.puzzled,
    }


def unpack(metadata: str) -> Quick:
    """Return what `pack` gave; an empty reading where it cannot be read."""
    try:
        packed = json.loads(metadata)
        capacity = packed["capacity"]
        return Quick(
            {Scale(scale): int(level) for scale, level in packed["levels"].items()},
            Capacity(capacity) if capacity else None,
            bool(packed["puzzled"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Quick()


def _scale(scale: Scale, earlier: Answer | None, quick: Quick) -> Block:
    level = quick.levels.get(scale) or (earlier.level(scale) if earlier else None)
    options = [
        option(str(each), f"{each}: {content.level_word(scale, each)}") for each in range(1, 6)
    ]
    return choice(
        scale, content.scale_label(scale), options, chosen=None if level is None else str(level)
    )


def _capacity(earlier: Answer | None, quick: Quick) -> Block:
    known = quick.capacity or (earlier.capacity if earlier else None)
    options = [option(each, f"{each}: {content.capacity_word(each)}") for each in Capacity]
    return choice("capacity", content.capacity_label(), options, chosen=known)


def _metadata(opening: Opening) -> dict[str, str]:
    day = {"day": opening.day.isoformat()}
    # The form names its cohort, so that it cannot become another one while the form is open.
    only = opening.cohorts[0] if len(opening.cohorts) == 1 else None
    return day | ({"cohort": str(only.id)} if only else {})


def _note_hint(opening: Opening) -> str:
    unless = ", unless you share it below" if opening.cohorts else ""
    return f"Nobody reads this but you{unless}. Up to {NOTE_LIMIT:,} characters, encrypted."


def _share(opening: Opening) -> list[Block]:
    """Return the questions about sharing; none for somebody who belongs to no cohort."""
    if not opening.cohorts:
        return []
    shared = opening.visibility.shared
    options = [
        option(_NOTHING, "No, only I see it"),
        *(option(part, words) for part, words in _OFFERS.items()),
    ]
    with_whom = opening.cohorts[0].name if len(opening.cohorts) == 1 else "a cohort"
    asked = [
        choice(
            "share",
            f"Share a part of it with {with_whom}?",
            options,
            chosen=shared.part if shared else _NOTHING,
            hint="Everyone in its channel sees that part with your name, now and later. If you "
            "choose otherwise today, the message is changed or taken away.",
        )
    ]
    if len(opening.cohorts) > 1:
        asked.append(_which(opening.cohorts, shared))
    return asked + _deciders(opening.cohorts)


def _deciders(cohorts: Sequence[Cohort]) -> list[Block]:
    """Return the word that such a person is present, never who."""
    names = [each.name for each in cohorts if each.has_decider]
    if not names:
        return []
    where = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and in {names[-1]}"
    return [plain_context(f"In {where} there is {DECIDER}.")]


def _which(cohorts: Sequence[Cohort], shared: Shared | None) -> Block:
    options = [option(str(each.id), each.name) for each in cohorts[:MOST_OPTIONS]]
    known = [str(each.id) for each in cohorts if shared and each.channel == shared.channel]
    return choice(
        "cohort",
        "With which cohort?",
        options,
        kind="static_select",
        chosen=known[0] if known else None,
        hint="Only needed if you share something.",
        optional=True,
    )


def _choice(view: Mapping[str, Any], only: Any) -> Choice:
    picked = chosen(view, "share")
    if picked is None or picked == _NOTHING:
        return NOTHING
    try:
        part = Part(picked)
    except ValueError:
        raise InvalidAnswer({"share": Problem.NOT_A_CHOICE}) from None
    return Choice(part, str(only) if only else chosen(view, "cohort"))


def _remarks(opening: Opening, quick: Quick) -> list[Block]:
    remarks = [] if quick.empty else [section(_understood(quick))]
    if opening.earlier_at is not None:
        remarks.append(
            section(
                f"You checked in at {clock_time(opening.earlier_at)}. That is what you see here; "
                "saving again takes its place."
            )
        )
    return remarks


def _understood(quick: Quick) -> str:
    known = [f"{scale.value} {level}" for scale, level in quick.levels.items()]
    known += [quick.capacity.value] if quick.capacity else []
    heard = f"I understood {', '.join(known)}." if known else "I did not understand that."
    rest = "Some of it I did not understand. " if quick.puzzled and known else ""
    example = " A whole check-in looks like `/checkin 4 2 3 steady`." if quick.puzzled else ""
    return f"{heard} {rest}Nothing is saved yet; please look it over here.{example}"
