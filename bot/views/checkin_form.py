"""The check-in form and its reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot import content
from bot.domain.checkin_command import Quick
from bot.domain.checkins import NOTE_LIMIT, SCALES, Answer, Capacity, Opening, Scale, check
from bot.errors import InvalidAnswer
from bot.views.blocks import (
    Block,
    View,
    choice,
    chosen,
    context,
    modal,
    option,
    section,
    text_field,
    typed,
)
from bot.views.dates import clock_time, long_date
from bot.views.visibility import who_will_see

CHECKIN = "checkin"


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
        private_metadata=json.dumps({"day": opening.day.isoformat()}),
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
                hint=f"Nobody reads this but you. Up to {NOTE_LIMIT:,} characters, encrypted.",
            ),
            context(who_will_see(opening.visibility)),
            context(content.help_now()),
        ],
    )


def read(view: Mapping[str, Any]) -> tuple[date, Answer]:
    """Return the day the form was opened for and what was filled in.

    Raises:
        InvalidAnswer: some field cannot be kept.
        ValueError: the form is not one of ours.
    """
    metadata = json.loads(view.get("private_metadata") or "{}")
    day = date.fromisoformat(str(metadata.get("day")))
    levels = {scale: chosen(view, scale) for scale in SCALES}
    return day, check(levels, chosen(view, "capacity"), typed(view, "note"))


def problems(error: InvalidAnswer, view: Mapping[str, Any]) -> dict[str, str]:
    """Return a sentence for each field of a form that could not be kept."""
    note = typed(view, "note") or ""
    sentences = {
        "missing": "Please choose one.",
        "not a choice": "Please choose one of these.",
        "too long": (
            f"This note has {len(note):,} characters, and {NOTE_LIMIT:,} fit. Nothing is lost: "
            f"it is still here. Please take {len(note) - NOTE_LIMIT:,} away and save again."
        ),
    }
    return {field: sentences[problem] for field, problem in error.problems.items()}


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
    except (ValueError, KeyError, TypeError, AttributeError):
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
