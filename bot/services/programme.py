"""Setting the programme up, and how far it is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.domain.programme import (
    ITEMS,
    LIVE,
    OF_PEOPLE_INSIDE,
    SEEN,
    Checklist,
    Entry,
    Hours,
    Item,
    Proof,
    Status,
    Step,
    channel_problems,
    stored_problems,
)
from bot.domain.roles import Action, Role
from bot.errors import NotAllowed, Problem, SlackUnavailable
from bot.ports import Channels, Clock, Directory
from bot.services import access
from bot.services.failures import reading, saving
from bot.services.roles import holders
from bot.services.setup_checks import Checks, Given
from storage import cohorts, programme
from storage.engine import Database
from storage.programme import SettingRow

_log = logging.getLogger(__name__)

Shown = Callable[[Sequence[str], datetime], bool]
"""Whether something has been shown by now, for the enrolled countries."""


class Programme:
    """What can be done about the set-up."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        directory: Directory,
        channels: Channels,
        proofs: Mapping[Proof, Shown] | None = None,
    ) -> None:
        """Set up over one database.

        Args:
            database: where it is kept.
            clock: what time it is.
            directory: who people are.
            channels: what channels are.
            proofs: how each thing that has to be shown is found out; what has none is missing.
        """
        self._database = database
        self._clock = clock
        self._directory = directory
        self._channels = channels
        self._checks = Checks(directory, channels)
        self._proofs = dict(proofs or {})
        self._admins = access.Admins(database, directory)

    # What it is

    def checklist(self) -> Checklist:
        """Return the list as it is kept; Slack is not asked.

        Raises:
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            found = self._checklist(connection)
        return self.proved(found)

    def listed(self, connection: Connection) -> Checklist:
        """Return the list as it is kept, inside a read of the caller's; see `proved`."""
        return self._checklist(connection)

    def proved(self, found: Checklist) -> Checklist:
        """Return the list with what has been shown by now.

        Raises:
            NotRead: storage did not answer.
        """
        countries, now = found.entries[Item.COUNTRIES].value or [], self._clock.now()
        shown = {proof: ask(countries, now) for proof, ask in self._proofs.items()}
        return replace(found, proofs=shown)

    # What somebody who sets up does

    def opened(self, person: str) -> Checklist:
        """Return the list for somebody who may change it; the channel is looked at anew.

        Raises:
            NotAllowed: they may not set up.
            NotRead: storage did not answer.
            SlackUnavailable: Slack did not say whether they are an admin.
        """
        admin = self._admins.asked(person, Action.SET_UP)
        with reading(), self._database.read() as connection:
            access.require(connection, person, Action.SET_UP, admin=admin)
            found = self._checklist(connection)
        return self.proved(self._looked(found))

    def step(self, person: str, item: Item) -> Step:
        """Return one item with what its form needs.

        Raises:
            NotAllowed: they may not set up.
            NotRead: storage did not answer.
            SlackUnavailable: Slack did not say what the form needs.
        """
        admin = self._admins.asked(person, Action.SET_UP)
        with reading(), self._database.read() as connection:
            access.require(connection, person, Action.SET_UP, admin=admin)
            found = self._checklist(connection)
            taken = {row.channel_id for row in cohorts.every(connection)}
        entry = found.entries[item]
        rooms: Mapping[str, str] = {}
        zone = ""
        if item is Item.CHANNEL:
            private = self._channels.private()
            rooms = {each: name for each, name in private.items() if each not in taken}
            entry = self._looked(found).entries[item]
        if item is Item.HOURS and entry.value is None:
            with suppress(SlackUnavailable):  # it only saves some typing
                zone = self._directory.profile(person).zone
        return Step(entry, found, rooms, zone)

    def save(self, person: str, item: Item, revision: int, given: Given) -> bool:
        """Keep one item; False, and nothing changed, if somebody else changed it meanwhile.

        Args:
            person: who sets up.
            item: which.
            revision: as it was when the form was opened.
            given: what was filled in.

        Raises:
            NotAllowed: they may not set up.
            InvalidAnswer: says what is wrong with it; nothing was stored.
            NotSaved, NotRead: nothing was stored.
            SlackUnavailable: Slack did not say whether it is right; nothing was stored.
        """
        admin = self._admins.asked(person, Action.SET_UP)
        with reading(), self._database.read() as connection:
            access.require(connection, person, Action.SET_UP, admin=admin)
            leads = holders(connection, Role.LEAD)
            taken = {row.channel_id for row in cohorts.every(connection)}
        now = self._clock.now()
        value = self._checks.value(item, given, leads=leads, taken=taken, today=now.date())

        def work(connection: Connection) -> bool:
            access.require(connection, person, Action.SET_UP, admin=admin)
            kept = programme.everything(connection).get(item)
            if kept is not None and kept.value == value:
                return True  # pressed twice, or nothing is new
            return programme.put(connection, item, value, revision=revision, by=person, now=now)

        with saving():
            return self._database.write(work)

    def go_live(self, person: str) -> Checklist:
        """Let concerns page somebody and choices of safety reading count, if all is there.

        Returns:
            The list; where it is not live, that says what is missing.

        Raises:
            NotAllowed: they do not lead.
            NotRead, NotSaved: nothing was stored.
            SlackUnavailable: Slack did not say how it stands with the channel.
        """
        with reading(), self._database.read() as connection:
            access.require(connection, person, Action.SET_UP)
        self._look_at_channel()
        shown = self.checklist().proofs
        now = self._clock.now()

        def work(connection: Connection) -> Checklist:
            access.require(connection, person, Action.SET_UP)
            found = replace(self._checklist(connection), proofs=shown)
            if found.live_since is None and found.may_go_live:
                row = programme.everything(connection).get(LIVE)
                revision = 0 if row is None else row.revision
                said = now.isoformat()
                programme.put(connection, LIVE, said, revision=revision, by=person, now=now)
                found = replace(self._checklist(connection), proofs=shown)
            return found

        with saving():
            return self._database.write(work)

    def look_at_channel(self) -> None:
        """Look anew at the moderators' channel and who is in it; the list shows what was found.

        Raises:
            NotRead, NotSaved: storage did not answer; the next round tries again.
        """
        try:
            self._look_at_channel()
        except SlackUnavailable:
            _log.warning("Slack did not say how it stands with a channel; asking again later")

    def _look_at_channel(self) -> None:
        with reading(), self._database.read() as connection:
            entry = self._checklist(connection).entries[Item.CHANNEL]
            leads = holders(connection, Role.LEAD)
            taken = {row.channel_id for row in cohorts.every(connection)}
        if entry.value is None:
            return
        channel = entry.value["id"]
        found = self._checks.channel(channel, leads, taken)
        if list(found) == list(entry.problems):
            return
        now = self._clock.now()
        value = {"id": channel, "problems": [str(each) for each in found]}

        def work(connection: Connection) -> None:
            row = programme.everything(connection).get(SEEN)
            revision = 0 if row is None else row.revision
            programme.put(connection, SEEN, value, revision=revision, by=None, now=now)

        with saving():
            self._database.write(work)

    def status(self, person: str) -> Status:
        """Return how the programme stands, as far as it concerns the person.

        Raises:
            NotRead: storage did not answer.
            SlackUnavailable: Slack did not say whether they are an admin.
        """
        admin = self._admins.asked(person, Action.SEE_SET_UP)
        with reading(), self._database.read() as connection:
            found = self._checklist(connection)
            leads = holders(connection, Role.LEAD)
            moderators = holders(connection, Role.MODERATOR)
            try:
                access.require(connection, person, Action.SEE_SET_UP, admin=admin)
            except NotAllowed:
                sees = False
            else:
                sees = True
        hours = _hours(found.entries[Item.HOURS].value)
        checklist = self.proved(self._looked(found)) if sees else None
        return Status(found.phase, moderators, leads, hours, checklist)

    def _checklist(self, connection: Connection) -> Checklist:
        kept, today = programme.everything(connection), self._clock.now().date()
        leads = holders(connection, Role.LEAD)
        entries = {}
        for item in ITEMS:
            row = kept.get(item)
            if row is None:
                entries[item] = Entry(item)
                continue
            problems = [*stored_problems(item, row.value, today=today)]
            if item is Item.CHANNEL:
                problems += _of_channel(row, kept.get(SEEN))
            if item is Item.DUTY_LEAD and row.value in leads:
                problems.append(Problem.LEADS)
            entries[item] = Entry(item, row.value, row.revision, row.set_by, row.set_at, problems)
        live = kept.get(LIVE)
        since = datetime.fromisoformat(live.value) if live and live.value else None
        return Checklist(entries, {}, since)

    def _looked(self, found: Checklist) -> Checklist:
        """Return the list with what Slack says of the channel now."""
        entry = found.entries[Item.CHANNEL]
        if entry.value is None:
            return found
        try:
            channel = self._channels.look(entry.value["id"])
            problems = [*channel_problems(channel, of_cohort=False)]
            problems += [each for each in entry.problems if each in OF_PEOPLE_INSIDE]
        except SlackUnavailable:
            problems = [Problem.NOT_LOOKED, *entry.problems]
        looked = replace(entry, problems=problems)
        return replace(found, entries={**found.entries, Item.CHANNEL: looked})


def _of_channel(row: SettingRow, seen: SettingRow | None) -> Sequence[Problem]:
    """Return what was wrong with the channel when it was last looked at."""
    of_this = seen is not None and seen.value["id"] == row.value["id"]
    last = seen if seen is not None and of_this and seen.set_at >= row.set_at else row
    return [Problem(each) for each in last.value["problems"]]


def _hours(value: Any) -> Hours | None:
    return None if value is None else Hours(**value)
