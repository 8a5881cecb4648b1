"""In whatever order events come, and however often: what is kept is what Slack shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from bot.domain.reactions import moment
from bot.services.reactions import answers
from storage import cohorts, people, responses
from storage.engine import Database
from storage.responses import ResponseRow
from storage.rituals import occurrences, rituals

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PEOPLE = ("U0000001", "U0000002")
EMOJI = ("raised_hand", "sunny", "turtle")
Act = tuple[str, str]
"""Somebody presses an emoji: it is added, or taken away if it was there."""

acts = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(EMOJI)), max_size=9)


def simulated(pressed: Sequence[Act]) -> tuple[list[ResponseRow], dict[str, int]]:
    """Return Slack's events in their true order, and what stands after the last of them."""
    there: dict[str, list[str]] = {person: [] for person in PEOPLE}
    events = []
    for number, (person, emoji) in enumerate(pressed):
        adds = emoji not in there[person]
        if adds:
            there[person].append(emoji)
        else:
            there[person].remove(emoji)
        # As Slack counts: the number of digits before the point changes on the way.
        ts = moment(f"{999_999_996 + number}.{number:06d}")
        assert ts is not None
        events.append(ResponseRow(person, emoji, ts, adds))
    last = [emoji[-1] for emoji in there.values() if emoji]
    return events, {emoji: last.count(emoji) for emoji in last}


@pytest.fixture
def occurrence(database: Database) -> UUID:
    """An occurrence of a ritual, and two people."""
    ritual, occurrence = uuid4(), uuid4()
    texts = dict.fromkeys(("template", "title", "words", "links", "rule", "legend"), "x")
    schedule: dict[str, Any] = {"starts_on": NOW.date(), "at_minute": 0, "zone": "UTC"}
    schedule |= {"on_holiday": "keep", "mode": "open", "rotates": False, "to_plan": False}
    schedule |= {"plan_after": NOW, "revision": 0, "created_at": NOW}

    def lay(connection: Connection) -> None:
        for person in PEOPLE:
            people.join(connection, person, country="DE", now=NOW)
        cohorts.add(connection, name="x", channel="C0000001", people=[], now=NOW)
        row = cohorts.in_channel(connection, "C0000001")
        assert row is not None
        made = {"id": ritual, "cohort_id": row.id, **texts, **schedule}
        connection.execute(rituals.insert().values(**made))
        due: dict[str, Any] = {"on_date": NOW.date(), "due_at": NOW, "state": "open"}
        connection.execute(occurrences.insert().values(id=occurrence, ritual_id=ritual, **due))

    database.write(lay)
    return occurrence


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pressed=acts, order=st.randoms(use_true_random=False))
def test_events_in_any_order_and_any_of_them_again_come_to_what_slack_shows(
    database: Database, occurrence: UUID, pressed: list[Act], order: Any
) -> None:
    events, stands = simulated(pressed)
    again = [*events, *events]
    order.shuffle(again)

    def work(connection: Connection) -> dict[str, int]:
        connection.execute(delete(responses.responses))
        for each in again:
            responses.keep(connection, occurrence, each)
        return answers(connection, occurrence)

    assert database.write(work) == stands


def test_of_two_at_the_same_moment_the_one_that_takes_away_holds(
    database: Database, occurrence: UUID
) -> None:
    added = ResponseRow(PEOPLE[0], EMOJI[0], "1", stands=True)
    removed = ResponseRow(PEOPLE[0], EMOJI[0], "1", stands=False)

    def work(connection: Connection) -> list[dict[str, int]]:
        found = []
        for pair in ((added, removed), (removed, added)):
            connection.execute(delete(responses.responses))
            for each in pair:
                responses.keep(connection, occurrence, each)
            found.append(answers(connection, occurrence))
        return found

    assert database.write(work) == [{}, {}]
