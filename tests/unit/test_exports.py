"""The copy of one's data: every cell safe, every text whole."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.exports import Copy, ExportedCheckIn, as_csv, as_json, safe_cell

NOW = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
HOSTILE = [
    "=1+1",
    '=HYPERLINK("https://evil.example","click")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\uff1d1+1",
    "|calc",
    "%0A",
    "-- a list",
]
HARMLESS = ["", "a walk", "4", "2026-11-22", "'=1", "a=1", "\U0001f614", 'say "hi", twice\nor so']


def copy(*notes: str, with_notes: bool = True) -> Copy:
    checkins = [
        ExportedCheckIn(date(2026, 11, 1 + n), 4, 2, 3, "steady", NOW, note)
        for n, note in enumerate(notes)
    ]
    return Copy(NOW, with_notes, {"id": "U1", "joined_at": NOW}, [], [], [], {}, checkins)


def table(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_left_that_a_spreadsheet_takes_for_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    (row,) = table(as_csv(copy(text)))
    assert row["note"] == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text
    (row,) = table(as_csv(copy(text)))
    assert row["note"] == text


def test_a_note_cannot_end_its_cell_and_begin_another() -> None:
    rows = table(as_csv(copy('",=1+1,"', 'x"\r\n=1+1,2', "y")))
    assert [row["note"] for row in rows] == ['",=1+1,"', 'x"\r\n=1+1,2', "y"]
    assert all(None not in row for row in rows)


@pytest.mark.parametrize("text", [*HOSTILE, *HARMLESS])
def test_in_json_a_note_stands_exactly_as_it_was_written(text: str) -> None:
    assert json.loads(as_json(copy(text)))["checkins"][0]["note"] == text


def test_without_the_notes_there_is_not_even_a_place_for_them() -> None:
    without = copy("a lantern", with_notes=False)
    assert "note" not in table(as_csv(without))[0]
    assert "note" not in json.loads(as_json(without))["checkins"][0]
    assert "lantern" not in as_csv(without) + as_json(without)
