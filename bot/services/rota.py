"""The rota: being on it, being asked, and answering."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from bot.domain.cohorts import is_halted
from bot.domain.days import own_day
from bot.domain.delivery import Kind
from bot.domain.news import Topic
from bot.domain.pauses import is_paused
from bot.domain.rota import (
    Answer,
    Ask,
    Place,
    Question,
    Standing,
    Wait,
    Waiting,
    changes,
    line,
    next_step,
    standing,
    turn_at,
)
from bot.errors import CohortRefused, Refusal
from bot.ports import Clock
from bot.services import budget, news
from bot.services.cohorts import opened
from bot.services.correspondence import Bell, Word, say
from bot.services.failures import reading, saving
from bot.services.people import agreed, find, require_agreed
from bot.services.rota_places import holder as holder
from bot.services.rota_places import is_coming, is_on, step_down, take
from bot.services.rota_places import members as members
from bot.services.shares import cohort as as_cohort
from bot.services.speaking import Speaking
from bot.views import rota as view
from bot.views.letters import Letter
from storage import cohorts, people, recipients, ritual_plans, rota
from storage.cohorts import CohortRow
from storage.engine import Database
from storage.rota import ComingRow, OnRota, TurnRow

A_ROUND = 1000
"""How many occurrences one round of the clock asks for."""

LOOK_AGAIN = timedelta(hours=1)
"""When it is asked again whether a halted cohort goes on."""


class Rota:
    """What can be done with the rota."""

    def __init__(self, database: Database, clock: Clock, bell: Bell, speaking: Speaking) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._speaking = speaking

    def place(self, person: str, channel: str) -> Place:
        """Return how somebody stands to the rota of the cohort of a channel.

        Raises:
            ConsentNeeded: they have not agreed to what Hearth keeps.
            CohortRefused: there is no cohort, or they cannot be on its rota.
            NotRead: storage did not answer.
        """
        with reading(), self._database.read() as connection:
            row = cohorts.in_channel(connection, channel)
            if row is None:
                raise CohortRefused(Refusal.NONE_HERE)
            _check(connection, row, person)
            return Place(as_cohort(row), is_on(connection, row.id, person))

    def opt_in(self, person: str, which: str) -> Place:
        """Put somebody on the rota of a cohort; harmless when they are.

        Raises:
            ConsentNeeded: they have not agreed to what Hearth keeps.
            CohortRefused: there is no such cohort, or they cannot be on its rota.
            NotSaved: nothing was stored.
        """
        now = self._clock.now()

        def work(connection: Connection) -> Place:
            row = opened(connection, which, lock=True)
            _check(connection, row, person)
            rota.join(connection, row.id, person, now=now)
            return Place(as_cohort(row), is_on=True)

        with saving():
            return self._database.write(work)

    def opt_out(self, person: str, which: str) -> Place:
        """Take somebody off the rota of a cohort; harmless when they are not on it.

        Raises:
            CohortRefused: there is no such cohort; then nobody is on its rota.
            NotSaved: nothing was changed.
        """
        now = self._clock.now()

        def work(connection: Connection) -> tuple[Place, bool]:
            row = opened(connection, which, lock=True, leaver=person)
            told = step_down(connection, person, cohort=row.id, now=now)
            return Place(as_cohort(row), is_on=False), told

        with saving():
            place, told = self._database.write(work)
        self._bell.after(told)
        return place

    def tick(self) -> int:
        """Ask whoever is next, wherever somebody is to be asked; return how often that was.

        Each occurrence is a transaction of its own, with what it says. Of several processes one
        sees to each. While Hearth is taken out of the workspace nothing is done: nobody could
        answer, and their silence would mean nothing.

        Raises:
            NotRead, NotSaved: storage did not answer; the next round goes on.
        """
        if self._speaking.silent:
            return 0
        now = self._clock.now()
        with reading(), self._database.read() as connection:
            due = rota.to_ask(connection, now, limit=A_ROUND)
        asked = 0
        for occurrence, where in due:
            with saving():
                told = self._database.write(
                    partial(_see_to, occurrence=occurrence, cohort=where, now=now)
                )
            self._bell.after(told)
            asked += told
        return asked

    def answer(self, person: str, turn: str, wish: Answer) -> Question | None:
        """Take what somebody answers; harmless when it is too late, or the same again.

        Args:
            person: who answers.
            turn: the id of the question, as a button names it.
            wish: yes, or pass.

        Returns:
            How they stand now; None for a question that is not theirs, or is there no more.

        Raises:
            NotSaved: nothing was changed.
        """
        now = self._clock.now()
        try:
            known = UUID(turn)
        except ValueError:
            return None

        def work(connection: Connection) -> tuple[Question | None, bool]:
            row = rota.find_turn(connection, known)
            if row is None or row.person_id != person:
                return None, False
            coming = rota.find(connection, row.occurrence_id, lock=True)
            row = rota.find_turn(connection, known)  # as it is now that nobody else changes it
            if coming is None or row is None:
                return None, False
            before = _standing(connection, row, coming, now)
            told = changes(before, wish) and take(connection, row, coming, wish, now=now)
            return _question(connection, known, now), told

        with saving():
            question, told = self._database.write(work)
        self._bell.after(told)
        return question


def _see_to(connection: Connection, *, occurrence: UUID, cohort: UUID, now: datetime) -> bool:
    """Ask the next one for an occurrence, or say that nobody holds it; True if something is said.

    Whoever has not answered by now is silent.
    """
    coming = rota.hold_due(connection, occurrence, cohort, now=now)
    if coming is None:
        return False
    turns = rota.turns_for(connection, occurrence)
    if any(each.answer == Answer.YES for each in turns) or not is_coming(coming, now):
        rota.set_ask_at(connection, occurrence, None)
        return False
    if is_halted(coming.halted_for):
        rota.set_ask_at(connection, occurrence, now + LOOK_AGAIN)
        return False
    for each in turns:
        if each.answer is None:
            rota.answer(connection, each.id, Answer.SILENT, now=now)
    step = _next(connection, coming, {each.person_id for each in turns}, now=now)
    if isinstance(step, Ask):
        rota.set_ask_at(connection, occurrence, step.silent_at)
        return True
    rota.set_ask_at(connection, occurrence, step.until if step is not None else None)
    return step is None and _tell_nobody(connection, coming, now=now)


def _next(
    connection: Connection, coming: ComingRow, asked: set[str], *, now: datetime
) -> Ask | Wait | None:
    """Ask the next in line, if it is anybody's day; return what was done, or is to be."""
    everybody = rota.on_rota(connection, coming.cohort_id, lock=True)
    waiting = [_waiting(each) for each in everybody]
    free = [each for each in everybody if each.person_id not in asked]
    left = [_waiting(each) for each in free if _is_free(connection, each, now)]
    for each in sorted(each.person for each in left):
        people.hold(connection, each)  # in one order, whoever comes first in which line
    while True:
        in_line = line(left, cohort=coming.cohort_id, occurrence=coming.id)
        step = next_step(in_line, now=now, due_at=coming.due_at)
        if not isinstance(step, Ask):
            return step
        if budget.prompt(connection, step.person, Kind.RITUAL_TURN, now=now):
            break
        left = [each for each in left if each.person != step.person]
    turn = rota.add_turn(connection, coming.id, step.person, now=now)
    at = turn_at(now, waiting)
    rota.set_last_turn(connection, coming.cohort_id, step.person, at)
    if turn is not None:
        say(connection, Kind.RITUAL_TURN, turn, occasion="asked", channel=None, now=now)
    return step


def _is_free(connection: Connection, each: OnRota, now: datetime) -> bool:
    """Whether somebody may be asked today, as far as it is they who say."""
    row = agreed(connection, each.person_id)
    if row is None:
        return False
    today = own_day(now, zone=row.zone, starts_minute=row.day_starts_minute)
    return not is_paused(each.paused_until, day=today)


def _tell_nobody(connection: Connection, coming: ComingRow, *, now: datetime) -> bool:
    return news.tell(
        connection,
        coming.cohort_id,
        Topic.NOBODY_HOLDS,
        now=now,
        title=coming.title,
        due_at=coming.due_at.isoformat(),
    )


def _waiting(each: OnRota) -> Waiting:
    return Waiting(
        person=each.person_id,
        since=each.since,
        last_turn_at=each.last_turn_at,
        zone=each.zone,
    )


def _standing(connection: Connection, turn: TurnRow, coming: ComingRow, now: datetime) -> Standing:
    answer = None if turn.answer is None else Answer(turn.answer)
    holds = holder(connection, coming.id)
    is_taken = holds is not None and holds != turn.person_id
    return standing(answer, is_coming=is_coming(coming, now), is_taken=is_taken)


def _question(connection: Connection, turn: UUID, now: datetime) -> Question | None:
    row = rota.find_turn(connection, turn)
    coming = None if row is None else rota.find(connection, row.occurrence_id)
    if row is None or coming is None:
        return None
    known = find(connection, row.person_id)
    return Question(
        turn=row.id,
        person=row.person_id,
        standing=_standing(connection, row, coming, now),
        channel=coming.channel_id,
        title=coming.title,
        due_at=coming.due_at,
        zone=known.zone if known is not None else None,
        minutes=coming.minutes,
        template=coming.template,
    )


def _check(connection: Connection, row: CohortRow, person: str) -> None:
    """Refuse whoever cannot be on the rota of a cohort."""
    require_agreed(connection, person)
    if not cohorts.member(connection, row.id, person):
        raise CohortRefused(Refusal.NOT_A_MEMBER)
    if cohorts.decides(connection, row.id, person):
        raise CohortRefused(Refusal.DECIDES_AND_HOLDS)


class TurnCorrespondence(Word):
    """The question whether somebody can hold a ritual."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message as things stand; None where there is nothing to ask any more.

        One that was answered stays: whoever answered has seen it.
        """
        question = _question(connection, subject, self._clock.now())
        if question is None or question.standing in (Standing.TAKEN, Standing.OVER):
            return None
        return view.answered(question, question.person)


class LetOffCorrespondence(Word):
    """The word to whoever holds a ritual that it does not take place as planned."""

    def letter(self, connection: Connection, subject: UUID) -> Letter | None:
        """Return the direct message; None where they hold it after all, or are gone."""
        person, about = recipients.whose(connection, subject), recipients.about(connection, subject)
        ritual = ritual_plans.find(connection, about) if about is not None else None
        if person is None or ritual is None or agreed(connection, person) is None:
            return None
        where = cohorts.find(connection, ritual.cohort_id)
        if where is None or rota.holds(connection, ritual.id, person):
            return None
        return view.let_off(person, where.channel_id, ritual.title)
