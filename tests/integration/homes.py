"""What tests of the Home tab start from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from slack_bolt import BoltRequest
from sqlalchemy import Connection

from app import Hearth
from bot.domain.checkins import Answer, Capacity
from sandbox import Person, Sandbox
from storage import checkins
from storage.checkins import CheckInRow
from tests.integration.slack import texts

YEARS = 3 * 365
CHANNEL = "cohort-new-parents"


def opened(person: Person) -> dict[str, Any]:
    """Return the person's Home tab once they have opened it."""
    done = person.opens_home()
    assert done.ok, done
    shown = person.home
    assert shown is not None
    return shown


def words(home: dict[str, Any]) -> str:
    """Return everything that stands in the tab."""
    return "\n".join(
        text for kind in ("mrkdwn", "plain_text", "text") for text in texts(home, kind)
    )


def buttons(home: dict[str, Any]) -> list[str]:
    """Return the action ids of its buttons, in order."""
    found = []
    for block in home["blocks"]:
        inside = [block.get("accessory"), *block.get("elements", [])]
        found += [each["action_id"] for each in inside if each and each.get("type") == "button"]
    return found


def an_opening(person: str) -> BoltRequest:
    """Return what Slack sends when somebody opens the tab."""
    event = {"type": "app_home_opened", "user": person, "tab": "home"}
    body = {"type": "event_callback", "team_id": "T1", "event": event}
    return BoltRequest(mode="socket_mode", body=body)


def published(workspace: Sandbox) -> int:
    """Return how often a Home tab was published."""
    return sum(call["method"] == "views.publish" for call in workspace.calls())


def checked_in(hearth: Hearth, person: Person, days: int, *, every: int = 1) -> None:
    """Lay check-ins into the database, the latest of them yesterday's."""
    now = hearth.services.checkins._clock.now()

    def work(connection: Connection) -> None:
        for back in range(1, days + 1, every):
            row = _row(now.date() - timedelta(days=back), back, now)
            checkins.file(connection, hearth.services.checkins._keyring, person.id, row)

    hearth.database.write(work)


def _row(day: date, number: int, now: Any) -> CheckInRow:
    answer = Answer(mood=1 + number % 5, stress=5 - number % 5, energy=3, capacity=Capacity.STEADY)
    return CheckInRow(
        day=day,
        mood=answer.mood,
        stress=answer.stress,
        energy=answer.energy,
        capacity=answer.capacity,
        note=None,
        changed_at=now,
    )
