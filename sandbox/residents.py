"""Colleagues with habits: people of a workspace who answer the app by themselves.

They do what a person could do on the page, no more: press a button in a direct message of the
app's, or react to a message of the app's. Everybody else is left to whoever looks at the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from sandbox import documents
from sandbox.block_kit.blocks import elements
from sandbox.client import Person
from sandbox.errors import SandboxError
from sandbox.workspace import Json

HABITS = Path(__file__).parent / "seeds" / "habits.yml"


@dataclass(frozen=True, slots=True)
class Habit:
    """What one person always does: press a button, or react in a channel."""

    person: str
    presses: str | None = None
    """The words on the button."""
    reacts: str | None = None
    """The emoji's name; the message has to name it as well."""
    channel: str = ""


class Residents:
    """Those who have habits."""

    def __init__(self, url: str, app: str, path: Path = HABITS) -> None:
        """Read the habits of people in the workspace at `url`, whose app's bot is called `app`.

        Raises:
            SandboxError: the file cannot be read as habits.
        """
        self._url = url
        self._app = app
        self._habits = _read(path)
        self._people: dict[str, Person] = {}

    def act(self) -> None:
        """Let everybody do what they would have done by now; each thing is done once."""
        for habit in self._habits:
            if habit.presses is not None:
                self._press(self._person(habit.person), habit.presses)
            if habit.reacts is not None:
                self._react(self._person(habit.person), habit.reacts, habit.channel)

    def close(self) -> None:
        """Close their connections to the workspace."""
        for person in self._people.values():
            person.close()
        self._people.clear()

    def _person(self, name: str) -> Person:
        if name not in self._people:
            self._people[name] = Person(self._url, name)
        return self._people[name]

    def _press(self, person: Person, label: str) -> None:
        for message in self._of_the_app(person, self._app):
            for placed in elements(message["blocks"]):
                if placed.element.get("text", {}).get("text") == label:
                    place = (self._app, message["ts"])
                    person.clicks(placed.action_id, message=place, block_id=placed.block_id)

    def _react(self, person: Person, emoji: str, channel: str) -> None:
        for message in self._of_the_app(person, channel):
            done = [each for each in message["reactions"] if each["name"] == emoji]
            if f":{emoji}:" in message["text"] and not any(person.id in e["users"] for e in done):
                person.reacts(emoji, channel, message["ts"])

    def _of_the_app(self, person: Person, channel: str) -> Iterator[Json]:
        return (each for each in person.messages(channel) if each["is_bot"])


def _read(path: Path) -> Sequence[Habit]:
    try:
        return [Habit(**each) for each in documents.read(path)]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as error:
        raise SandboxError(f"{path} cannot be read as habits: {error}") from error
