"""A copy of everything that is kept about a person, as files that other programs read.

A cell that a spreadsheet would take for a formula could do something when the file is opened, so
none is left as it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")
_INVISIBLE = " \t\r\n\v\f\0\u00a0\u200b\ufeff"
_BEGINS_A_CELL = ("\t", "\r", "\n")

NOT_READABLE = "(this note cannot be opened; the people who run Hearth can look for its key)"


@dataclass(frozen=True, slots=True)
class ExportedCheckIn:
    """One check-in with what of it is shared."""

    day: date
    mood: int
    stress: int
    energy: int
    capacity: str
    changed_at: datetime
    note: str | None = None
    shared_part: str | None = None
    shared_in: str | None = None
    """Slack channel id."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Everything that is kept about a person."""

    made_at: datetime
    with_notes: bool
    person: Mapping[str, Any]
    consents: Sequence[Mapping[str, Any]]
    cohorts: Sequence[Mapping[str, Any]]
    roles: Sequence[Mapping[str, Any]]
    set_up: Mapping[str, Sequence[str]]
    """Which steps of the set-up name them, which they set, and which crisis lines they marked."""
    checkins: Sequence[ExportedCheckIn]
    weekly: Mapping[str, Any] = field(default_factory=dict)
    """When they want to be asked."""
    prompts: Sequence[Mapping[str, Any]] = ()
    """When they were prompted, and by what."""
    responses: Sequence[Mapping[str, Any]] = ()
    """Which emoji they gave which ritual on which day, and whether it stands."""
    support_offers: Sequence[Mapping[str, Any]] = ()
    """Which messages they gave a sign of support lately, and what they chose to do about them."""
    rota: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """On which rotas they are, and for which rituals they were asked."""


_COLUMNS = ("day", "mood", "stress", "energy", "capacity", "changed_at")
_SHARED = ("shared_part", "shared_in")


def as_csv(copy: Copy) -> str:
    """Return the check-ins as a table (RFC 4180), every cell safe to open in a spreadsheet."""
    columns = (*_COLUMNS, *(("note",) if copy.with_notes else ()), *_SHARED)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(columns)
    for checkin in copy.checkins:
        table.writerow([safe_cell(_plain(getattr(checkin, name))) for name in columns])
    return written.getvalue()


def as_json(copy: Copy) -> str:
    """Return everything as JSON; texts stand in it exactly as they were written."""
    columns = (*_COLUMNS, *(("note",) if copy.with_notes else ()), *_SHARED)
    whole = {
        "made_at": copy.made_at,
        "notes_are_in_it": copy.with_notes,
        "person": copy.person,
        "consents": copy.consents,
        "cohorts": copy.cohorts,
        "roles": copy.roles,
        "set_up": copy.set_up,
        "weekly_question": copy.weekly,
        "prompts": copy.prompts,
        "responses": copy.responses,
        "support_offers": copy.support_offers,
        "rota": copy.rota,
        "checkins": [{name: getattr(each, name) for name in columns} for each in copy.checkins],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, default=_plain)


def safe_cell(text: str) -> str:
    """Return a text so that no spreadsheet takes it for a formula.

    An apostrophe before it says "this is text". Space before the sign does not hide it: some
    programs leave that out.
    """
    visible = text.lstrip(_INVISIBLE)
    if text.startswith(_BEGINS_A_CELL) or visible.startswith(_BEGINS_A_FORMULA):
        return f"'{text}"
    return text


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
