"""Help for the tests of reactions: a post of a ritual, and events as Slack sends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from app import Hearth
from bot.domain.delivery import Kind
from bot.domain.people import Agreement
from sandbox import Person, Sandbox
from storage import posts
from storage.rituals import occurrences
from tests.conftest import Stored
from tests.integration.outbox import settled
from tests.integration.rituals import calendars
from tests.integration.rituals.calendars import CHANNEL

HERE, SUPPORT = "raised_hand", "people_hugging"
AGREED = Agreement(agreed=True, country="DE")


@dataclass(frozen=True)
class Posted:
    """A ritual's post."""

    occurrence: UUID
    channel: str
    ts: str


def post(workspace: Sandbox, channel: str = CHANNEL) -> tuple[str, str]:
    """Let Hearth's account write something; return the channel's id and the message's ts."""
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    (place,) = [each["id"] for each in workspace.channels() if each["name"] == channel]
    return place, str(client.chat_postMessage(channel=place, text="What went well?")["ts"])


def begun(hearth: Hearth, cohort: UUID, **schedule: Any) -> UUID:
    """Keep a ritual whose occurrence of today is open, and return that."""
    ritual, occurrence = calendars.ritual(hearth, cohort, **schedule), uuid4()
    now = hearth._clock.now()
    values = {"id": occurrence, "ritual_id": ritual, "on_date": now.date(), "due_at": now}
    insert = occurrences.insert().values(**values, state="open")
    hearth.database.write(lambda connection: connection.execute(insert))
    return occurrence


def noted(hearth: Hearth, occurrence: UUID, channel: str, ts: str) -> Posted:
    """Note where an occurrence's post stands, as the sender does."""
    hearth.database.write(
        lambda connection: posts.keep(connection, Kind.RITUAL, occurrence, channel, ts)
    )
    return Posted(occurrence, channel, ts)


def agree(hearth: Hearth, *people: Person) -> None:
    """Let people join Hearth."""
    for person in people:
        hearth.services.people.agree(person.id, AGREED)


def event(person: str, posted: Posted, **other: Any) -> dict[str, Any]:
    """Return the event of a reaction as Slack describes it."""
    item = {"type": "message", "channel": posted.channel, "ts": posted.ts}
    usual: dict[str, Any] = {"type": "reaction_added", "user": person, "reaction": HERE}
    usual |= {"item": item, "item_user": "U0SBX000099", "event_ts": "1795335120.000247"}
    return usual | other


def send(bolt: App, happened: dict[str, Any]) -> int:
    """Let an event come in by itself; return the status that it is answered with."""
    body = {"type": "event_callback", "team_id": "T1", "event": happened}
    return bolt.dispatch(BoltRequest(mode="socket_mode", body=body)).status


def responses(stored: Stored) -> list[tuple[str, str, bool]]:
    """Return what is kept: who, with which emoji, and whether it stands."""
    query = "SELECT person_id, emoji, stands FROM ritual_responses ORDER BY person_id, emoji"
    return [(who, emoji, bool(stands)) for who, emoji, stands in stored.rows(query)]


def told(workspace: Sandbox, hearth: Hearth, person: Person) -> list[dict[str, Any]]:
    """Return what Hearth has said to somebody alone, once nothing is left to send."""
    settled(hearth)
    return workspace.posted(person.name)
