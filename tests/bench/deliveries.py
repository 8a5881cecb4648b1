"""What is to be sent, put into a database at once; and what became of it, message by message."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, select

from bot.delivery.messenger import EVENT_TYPE
from bot.domain.delivery import Kind, Priority
from bot.domain.visibility import Part
from bot.services.correspondence import say
from bot.services.shares import ShareCorrespondence
from storage import checkins, shares
from storage.checkins import CheckInRow
from storage.outbox import outbox
from tests.bench import sides
from tests.bench.result import WrongAnswer
from tests.bench.sides import Memory
from tests.bench.submissions import Submission, days
from tests.bench.workers import PATIENCE_SECONDS, Worker, worker

Arrival = tuple[float, str, str]
"""Instant, channel and delivery id."""


@dataclass(frozen=True, slots=True)
class Told:
    """What arrived at Slack, and the processor time its process has used so far."""

    posted: Sequence[Arrival]
    cpu_seconds: float

    @property
    def a_second(self) -> float:
        """Messages a second between the first and the last."""
        instants = sorted(at for at, _, _ in self.posted)
        return (len(instants) - 1) / (instants[-1] - instants[0])


class Wire:
    """The Slack in another process."""

    def __init__(self, running: Worker) -> None:
        self._running = running
        self.api_url = str(running.told)

    def tell(self, expected: int) -> Told:
        """Return what arrived since this was last asked, once so many messages have.

        Raises:
            WrongAnswer: they did not come, or something else was asked of Slack.
        """
        until = time.monotonic() + PATIENCE_SECONDS
        while self._running.ask("count") < expected:
            if time.monotonic() > until:
                raise WrongAnswer(f"{self._running.ask('count')} of {expected} messages arrived")
            time.sleep(0.02)
        told = self._running.ask("tell")
        if told["refused"]:
            raise WrongAnswer("something else than a message was asked of Slack")
        return Told([(at, channel, each) for at, channel, each in told["posted"]], told["cpu"])

    def environ(self) -> dict[str, str]:
        """Return what a process needs to know to speak to it."""
        return sides.tokens(self.api_url)


@contextmanager
def wire(folder: Path, **tls: str) -> Iterator[Wire]:
    """Run a Slack without limits."""
    with worker("tests.bench.wire", folder / "wire.log", tls) as running:
        yield Wire(running)


class Desk:
    """Puts shares into a database, each with its check-in and, if asked for, its delivery."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._submissions = days(0)

    def fill(self, channels: Sequence[str], *, to_say: bool = True) -> Sequence[UUID]:
        """Put in a share for each of these channels, all in one commit; return the shares."""
        now = datetime.now(UTC)
        submissions = list(islice(self._submissions, len(channels)))

        def work(connection: Connection) -> Sequence[UUID]:
            return [
                self._share(connection, each, channel, now, to_say=to_say)
                for each, channel in zip(submissions, channels, strict=True)
            ]

        return self.memory.database.write(work)

    def settled(self, *, least: Priority = Priority.LATER) -> None:
        """Return once nothing is open that is as urgent as `least`.

        Raises:
            WrongAnswer: something stays open, or was given up.
        """
        query = (
            select(outbox.c.state, func.count())
            .where(outbox.c.state != "sent", outbox.c.priority <= least)
            .group_by(outbox.c.state)
        )
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with self.memory.database.read() as connection:
                there = {row[0]: row[1] for row in connection.execute(query)}
            if not there:
                return
            if "failed" in there or time.monotonic() > until:
                raise WrongAnswer(f"not everything was sent: {there}")
            time.sleep(0.02)

    def messages(self, subjects: Sequence[UUID]) -> list[dict[str, Any]]:
        """Return what chat.postMessage is given for these shares, each with an id of its own."""
        about, made = ShareCorrespondence(self.memory.keyring), []
        with self.memory.database.read() as connection:
            for subject in subjects:
                letter = about.letter(connection, subject)
                assert letter is not None
                made.append(
                    {
                        "channel": letter.channel,
                        "text": letter.text,
                        "blocks": list(letter.blocks),
                        "metadata": {
                            "event_type": EVENT_TYPE,
                            "event_payload": {"id": str(uuid4())},
                        },
                        "unfurl_links": False,
                        "unfurl_media": False,
                    }
                )
        return made

    def sent(self) -> Counter[tuple[str, str]]:
        """Return channel and delivery id of everything that is noted as sent."""
        query = select(outbox.c.channel, outbox.c.delivery_id).where(outbox.c.state == "sent")
        with self.memory.database.read() as connection:
            return Counter((row[0], str(row[1])) for row in connection.execute(query))

    def check(self, posted: Sequence[Arrival], since: Counter[tuple[str, str]]) -> None:
        """Hold what arrived at Slack to be what was noted as sent: each once, in its channel.

        Args:
            posted: what arrived.
            since: what was noted as sent before that.

        Raises:
            WrongAnswer: it is not.
        """
        noted = self.sent() - since
        arrived = Counter((channel, delivery) for _, channel, delivery in posted)
        if arrived != noted:
            raise WrongAnswer(
                f"{noted.total()} deliveries are noted as sent, {arrived.total()} messages arrived,"
                f" {len(arrived)} of them different, {len(arrived & noted)} the same"
            )

    def _share(
        self, connection: Connection, each: Submission, channel: str, now: datetime, *, to_say: bool
    ) -> UUID:
        mood, stress, energy = each.levels
        row = CheckInRow(each.day, mood, stress, energy, each.capacity, each.note, now)
        filed = checkins.file(connection, self.memory.keyring, each.person, row)
        share = shares.add(connection, filed.id, channel=channel, part=Part.NOTE).id
        if to_say:
            say(connection, Kind.SHARE, share, occasion="1", channel=channel, now=now)
        return share


def channels(number: int) -> list[str]:
    """Return so many cohorts' channels."""
    return [f"C0BENCH{each:03d}" for each in range(number)]
