"""What the tests of Slack's and the database's bad weather share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from slack_sdk import WebClient
from sqlalchemy import Connection

from app import Hearth
from bot.domain.delivery import Kind, Priority
from sandbox import Person, Sandbox
from storage import people
from storage.checkins import checkins
from storage.outbox import outbox
from storage.shares import shares
from tests.conftest import AGREED, Stored, filled_in
from tests.waiting import until

COHORT, OTHER = "cohort-new-parents", "cohort-first-leads"

LONG = timedelta(hours=1)
"""Longer than any pause between two attempts and than any lease; shorter than any is tried."""


@pytest.fixture(autouse=True)
def cohorts(workspace: Sandbox, hearth: Hearth) -> dict[str, str]:
    """The two cohorts of the company; return the channel ids by name."""
    ids = {each["name"]: each["id"] for each in workspace.channels()}
    members = {each["name"]: each["members"] for each in workspace.channels()}
    for name in (COHORT, OTHER):
        hearth.services.cohorts.add(name, ids[name], members[name])
    return ids


@pytest.fixture
def grace(workspace: Sandbox) -> Person:
    """Somebody in another cohort than Maya's."""
    person = workspace.person("grace")
    person.types("/checkin")
    person.submits(AGREED)
    person.closes(all=True)
    return person


def share(
    person: Person, mood: int = 4, *, part: str = "mood_and_capacity", note: str = ""
) -> None:
    """Let somebody share, and be told that it is saved."""
    person.types("/checkin")
    done = person.submits(filled_in(share=part, mood=mood, note=note))
    assert done.ok, done
    person.closes(all=True)


def put(
    workspace: Sandbox,
    hearth: Hearth,
    persons: Sequence[str],
    count: int,
    *,
    kind: Kind = Kind.SHARE_UNSENT,
    channel: str,
    priority: Priority = Priority.SOON,
    **also: Any,
) -> list[UUID]:
    """Put deliveries into the outbox, each with a share of its own; return the shares.

    Those of `SHARE_UNSENT` are direct messages about a share that failed.
    """
    now, unsent = workspace.clock.now(), kind is Kind.SHARE_UNSENT
    filed = _filed(persons, count, now)
    shared = [_shared(each["id"], channel) for each in filed]
    common = {"attempts": 0, "due_at": now, "created_at": now, "priority": priority}

    def row(about: Kind, share: Any, **more: Any) -> dict[str, Any]:
        key = {"subject": share["id"], "dedupe_key": f"{about} {share['id']}"}
        return {**common, "kind": about, "delivery_id": uuid4(), **key, **more}

    def work(connection: Connection) -> None:
        for person in persons:
            people.join(connection, person, country="DE", now=now)
        connection.execute(checkins.insert(), filed)
        connection.execute(shares.insert(), shared)
        if unsent:
            gone = {"state": "failed", "settled_at": now, "reason": "is_archived"}
            connection.execute(
                outbox.insert(), [row(Kind.SHARE, each, channel=channel, **gone) for each in shared]
            )
        rest = {"channel": None if unsent else channel, "state": "pending", **also}
        connection.execute(outbox.insert(), [row(kind, each, **rest) for each in shared])

    hearth.database.write(work)
    hearth.services.outbox.bell.ring()
    return [each["id"] for each in shared]


def _filed(persons: Sequence[str], count: int, now: datetime) -> list[dict[str, Any]]:
    """Return check-ins of these people, each of a day of its own."""
    last = now.date() - timedelta(days=1 if count > 1 else 300)
    days = [last - timedelta(days=n) for n in range(count // len(persons) + 1)]
    whose = [(person, day) for day in days for person in persons][:count]
    answer = {"mood": 4, "stress": 3, "energy": 3, "capacity": "steady", "note": None}
    return [
        {"id": uuid4(), "person_id": p, "day": d, "filed_at": now, "changed_at": now, **answer}
        for p, d in whose
    ]


def _shared(checkin: UUID, channel: str) -> dict[str, Any]:
    share = {"id": uuid4(), "checkin_id": checkin, "channel_id": channel, "revision": 1}
    return share | {"part": "mood_and_capacity", "withdrawn": False}


def shown(workspace: Sandbox, channel: str = COHORT) -> list[int]:
    """Return the mood in every message there."""
    return [int(each["text"].partition("Mood ")[2][0]) for each in workspace.posted(channel)]


def told(workspace: Sandbox, person: Person) -> list[str]:
    """Return what the bot told somebody in their direct message."""
    return [each["text"] for each in workspace.posted(person.name)]


def asked(workspace: Sandbox, method: str = "chat.postMessage") -> int:
    """Return how often Slack was asked for something."""
    return sum(each["method"] == method for each in workspace.calls())


def client_of(hearth: Hearth) -> WebClient:
    """Return the sender's own client."""
    return hearth.sender._carrier._messenger._client


def waits(stored: Stored, reason: str) -> None:
    """Return once a delivery was put back, or left to be looked for, for that reason."""
    query = f"SELECT 1 FROM outbox WHERE reason = '{reason}' AND settled_at IS NULL"  # noqa: S608
    until(lambda: stored.rows(query), f"nothing waits: {reason}")


def rows(stored: Stored) -> list[tuple[Any, ...]]:
    """Return what became of every delivery."""
    return stored.rows("SELECT kind, state, reason FROM outbox ORDER BY id")


def assert_known(workspace: Sandbox, stored: Stored) -> None:
    """See that the table of posts says what stands in the channels."""
    stands = [(each["channel"], each["ts"]) for each in workspace.posted()]
    stands = [each for each in stands if each[0].startswith("C")]
    assert sorted(stored.rows("SELECT channel, ts FROM posts")) == sorted(stands)
