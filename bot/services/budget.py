"""The one prompt budget: asked, and used up, in the transaction that speaks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.domain import budget as rules
from bot.domain.budget import KEPT_FOR, Said, Sort, sort_of, week_of, week_with_room
from bot.domain.days import own_day
from bot.domain.delivery import Kind
from bot.domain.pauses import is_paused
from bot.ports import Clock
from bot.services.failures import saving
from bot.services.people import agreed
from storage import budget, cohorts, people
from storage.engine import Database


class Budget:
    """What the clock has to do with the budget."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def let_old_ones_go(self) -> int:
        """Delete what was used longer ago than anybody asks; return how much that was.

        Raises:
            NotSaved: nothing was deleted; the next round tries again.
        """
        before = week_of(self._clock.now(), None) - KEPT_FOR
        with saving():
            return self._database.write(lambda each: budget.remove_before(each, before))


def prompt(
    connection: Connection,
    person: str,
    kind: Kind,
    *,
    now: datetime,
) -> bool:
    """Whether the person may be told something unasked now; if so, it is counted.

    The unique key decides between two that ask at the same moment. Whoever asks for several
    people in one transaction takes them in the order of their ids, so that two such
    transactions never wait for each other.

    Args:
        connection: the transaction that puts it into the outbox.
        person: Slack user id.
        kind: what is to be said; what is neither prompt nor reminder is not counted.
        now: the present instant.

    Returns:
        False for somebody who has had theirs this week, is pausing, has not agreed, or whose
        account is closed.
    """
    sort = sort_of(kind)
    if sort is None:
        return True
    people.hold(connection, person)
    row = agreed(connection, person)
    if row is None or people.gone_since(connection, person) is not None:
        return False
    today = own_day(now, zone=row.zone, starts_minute=row.day_starts_minute)
    if is_paused(people.paused_until(connection, person), day=today):
        return False
    before = budget.prompts_of(connection, person)
    said = [Said(each.week, Sort(each.sort), each.said_at) for each in before]
    week = week_with_room(sort, said, now=now, zone=row.zone, starts_minute=row.day_starts_minute)
    return week is not None and budget.add_prompt(
        connection, person, week, sort=sort, kind=kind, now=now
    )


def cohort_week(connection: Connection, cohort: UUID, instant: datetime, *, zone: str) -> date:
    """Return the Monday of the week of a cohort that an instant belongs to.

    Args:
        connection: any read or write.
        cohort: whose week it is, in its own zone.
        instant: an aware one.
        zone: taken for a cohort that has set no zone, such as the ritual's.
    """
    return week_of(instant, cohorts.zone(connection, cohort) or zone)


def reserve(connection: Connection, occasion: UUID, cohort: UUID, week: date, posts: int) -> bool:
    """Have a cohort's week hold room for posts of an occasion; False if there is not enough.

    What the occasion had reserved before, in whichever week, is then free. Where there is no
    room nothing is changed. Nobody else reserves for the cohort until the transaction ends.

    Args:
        connection: the transaction that plans them.
        occasion: what they are for; names them when they are freed.
        cohort: in whose channel they will stand.
        week: as `cohort_week` says.
        posts: how many; at least one.
    """
    if cohorts.find(connection, cohort, lock=True) is None:
        return False
    used = budget.posts_in(connection, cohort, week, besides=occasion)
    if posts > rules.room(used):
        return False
    budget.reserve(connection, occasion, cohort, week, posts=posts)
    return True


class Weeks:
    """The weeks of some cohorts, in which one transaction reserves for many occasions at once."""

    def __init__(self, connection: Connection, of: Collection[UUID], *, since: date) -> None:
        """Hold these cohorts, in the order of their ids; nobody else reserves for them meanwhile.

        Args:
            connection: the transaction that plans.
            of: the cohorts.
            since: no week that began before is asked for.
        """
        self._connection = connection
        self._held = cohorts.hold(connection, of)
        self._used = budget.posts_since(connection, self._held, since)
        self._new = list[dict[str, Any]]()

    def reserve(self, occasion: UUID, cohort: UUID, week: date, posts: int) -> bool:
        """As `reserve` does, for an occasion that has nothing yet; it is stored by `keep`."""
        used = self._used.get((cohort, week), 0)
        if cohort not in self._held or posts > rules.room(used):
            return False
        self._used[cohort, week] = used + posts
        row = {"occasion": occasion, "cohort_id": cohort, "week": week, "posts": posts}
        self._new.append(row)
        return True

    def keep(self) -> None:
        """Store what was reserved."""
        budget.reserve_many(self._connection, self._new)
        self._new = []


def free(connection: Connection, occasion: UUID, *, said: bool = False) -> None:
    """Give back what an occasion has reserved; harmless when that is nothing.

    Args:
        connection: the transaction that calls it off.
        occasion: what it was reserved for.
        said: whether one of its posts was shown to people; then that one stays counted.
    """
    if said:
        budget.keep_one(connection, occasion)
    else:
        budget.free(connection, occasion)


def room(connection: Connection, cohort: UUID, week: date) -> int:
    """Return how many posts a cohort's week has left."""
    return rules.room(budget.posts_in(connection, cohort, week, besides=None))
