"""The calendar of a cohort: who sees what of it, and what its buttons do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, update

from app import Hearth
from bot.domain.ritual_calendar import Calendar, Said
from bot.errors import CohortRefused, NotAllowed
from bot.services import budget
from sandbox import Person, Sandbox
from storage.rituals import occurrences, rituals
from tests.conftest import Stored, top
from tests.integration.cohorts.circles import agree, said
from tests.integration.outbox import settled
from tests.integration.rituals.calendars import CHANNEL, OTHER, planned, ritual, rows, until
from tests.integration.rituals.calendars import cohort as made_in
from tests.integration.slack import texts


def shown(person: Person) -> str:
    """Return all that the modal on top says."""
    return "\n".join(text for kind in ("text", "mrkdwn") for text in texts(top(person), kind))


def labels(person: Person) -> list[str]:
    """Return the buttons of the modal on top, in order."""
    return [
        element["text"]["text"]
        for block in top(person)["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def coming(hearth: Hearth, *, days: int = 5) -> str:
    """Return the rule of a ritual that comes next in so many days, whatever day it is."""
    day = hearth._clock.now() + timedelta(days=days)
    return f"FREQ=WEEKLY;BYDAY={day:%a}"[:-1].upper()


def plan(hearth: Hearth, which: UUID, *, days: int = 5, **more: Any) -> UUID:
    """Let a ritual's next time be planned, as the clock does; return which it is."""
    due_at = hearth._clock.now() + timedelta(days=days)
    occurrence = uuid4()
    values = {"id": occurrence, "ritual_id": which, "on_date": due_at.date(), "due_at": due_at}

    def work(connection: Connection) -> None:
        connection.execute(occurrences.insert().values(**values, state="planned", **more))
        done = update(rituals).where(rituals.c.id == which).values(to_plan=False)
        connection.execute(done)

    hearth.database.write(work)
    return occurrence


def test_whoever_runs_the_cohort_sees_its_rituals_with_all_that_can_be_done(
    hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    ritual(hearth, cohort)
    assert kofi.types("/ritual", CHANNEL).ok
    assert "Every Friday at 15:00, Berlin time." in shown(kofi)
    assert "Next: Friday" in shown(kofi)
    changes = ["Edit", "Pause", "Skip next", "Run now", "Delete"]
    assert labels(kofi) == ["Schedule a ritual", "Next dates", *changes]


def test_the_next_date_is_shown_by_the_clock_of_whoever_looks(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    ritual(hearth, cohort, at_minute=0, zone="UTC", rule="FREQ=DAILY")
    maya = workspace.person("maya")
    maya.types("/ritual", CHANNEL)
    assert ", 00:00 UTC time" in shown(maya)
    agree(hearth, maya)
    stored.change("UPDATE people SET zone = 'Asia/Kolkata'")
    maya.types("/ritual", CHANNEL)
    assert ", 05:30 your time" in shown(maya)


def test_whoever_only_belongs_to_it_may_look_and_finds_no_button_that_changes(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    ritual(hearth, cohort)
    maya = workspace.person("maya")
    maya.types("/ritual", CHANNEL)
    assert labels(maya) == ["Next dates"]
    assert maya.clicks("ritual_preview").ok
    # Hearth does not know her zone, so it is Slack that shows each instant by her clock.
    (dates,) = [
        part["elements"]
        for block in top(maya)["blocks"]
        for part in block.get("elements", ())
        if part["type"] == "rich_text_list"
    ]
    said = [(each["type"], each["fallback"][-17:]) for item in dates for each in item["elements"]]
    assert said == [("date", "15:00 Berlin time")] * 5
    assert kofi


def test_elsewhere_people_choose_among_the_cohorts_that_concern_them(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    other = made_in(hearth, workspace, OTHER)
    hearth.services.cohorts.leave(kofi.id, str(other), take_back=False)
    kofi.types("/ritual", "general")
    assert "New parents" in shown(kofi)
    assert "First leads" not in shown(kofi)
    kofi.types("/ritual list", CHANNEL)
    assert "New parents" in shown(kofi)
    assert cohort
    assert kofi.clicks("ritual_calendar").ok
    assert "There is no ritual here yet." in shown(kofi)


def test_who_can_open_no_calendar_reads_where_to_find_one(
    workspace: Sandbox, hearth: Hearth, stored: Stored
) -> None:
    theo = workspace.person("theo")
    theo.types("/ritual", "general")
    assert "you belong to none" in said(theo, "general")
    theo.types("/ritual help", "general")
    assert "Nobody watches" in said(theo, "general")
    theo.types("/hearth ritual nonsense", "general")
    assert "Nobody watches" in said(theo, "general")
    assert hearth.services.rituals.reachable(theo.id) == []
    assert stored.count("people") == 0


def do(hearth: Hearth, person: Person, verb: str, which: UUID) -> Calendar:
    """Let somebody do something with a ritual, as a button does."""
    found: Calendar = getattr(hearth.services.rituals, verb)(person.id, str(which))
    return found


def test_pausing_frees_what_was_planned_and_resuming_plans_from_then_on(
    hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    which = ritual(hearth, cohort)
    occurrence = plan(hearth, which)
    reserve(hearth, cohort, occurrence, 1)
    kofi.types("/ritual", CHANNEL)
    assert kofi.clicks("ritual_pause", twice=True).ok
    assert "It is paused." in shown(kofi) or "It was paused already" in shown(kofi)
    assert rows(hearth, which) == []
    assert left(hearth, cohort) == 3
    assert do(hearth, kofi, "pause", which).said is Said.WAS_PAUSED
    assert do(hearth, kofi, "run_now", which).said is Said.IS_PAUSED
    assert kofi.clicks("ritual_resume").ok
    assert "It goes on." in shown(kofi)
    assert do(hearth, kofi, "resume", which).said is Said.WAS_GOING_ON


def reserve(hearth: Hearth, cohort: UUID, occasion: UUID, posts: int) -> bool:
    """Reserve posts of this week."""
    now = hearth._clock.now()

    def work(connection: Connection) -> bool:
        week = budget.cohort_week(connection, cohort, now, zone="Europe/Berlin")
        return budget.reserve(connection, occasion, cohort, week, posts)

    return hearth.database.write(work)


def left(hearth: Hearth, cohort: UUID) -> int:
    """Return how many posts are left this week."""
    with hearth.database.read() as connection:
        week = budget.cohort_week(connection, cohort, hearth._clock.now(), zone="Europe/Berlin")
        return budget.room(connection, cohort, week)


def test_the_date_that_was_shown_is_skipped_once_and_never_the_one_after(
    hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    which = ritual(hearth, cohort, rule=coming(hearth), zone="UTC")
    occurrence = plan(hearth, which)
    reserve(hearth, cohort, occurrence, 1)
    day = planned(hearth, which).on_date
    first = hearth.services.rituals.skip_next(kofi.id, str(which), day)
    assert first.said is Said.SKIPPED
    again = hearth.services.rituals.skip_next(kofi.id, str(which), day)
    assert again.said is Said.NOTHING_TO_SKIP
    assert [(row.on_date, row.state, row.reason) for row in rows(hearth, which)] == [
        (day, "skipped", "asked")
    ]
    assert left(hearth, cohort) == 3
    assert again.entries[0].on_date is not None
    assert again.entries[0].on_date > day


def test_a_date_that_is_not_planned_yet_can_be_skipped_as_well(
    hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    which = ritual(hearth, cohort)
    kofi.types("/ritual", CHANNEL)
    assert kofi.clicks("ritual_skip").ok
    assert "That date is skipped." in shown(kofi)
    assert [row.state for row in rows(hearth, which)] == ["skipped"]
    assert kofi.clicks("ritual_preview").ok
    assert "skipped, as somebody asked" in shown(kofi)


def test_what_is_run_now_is_due_now_and_once_a_day(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    which = ritual(hearth, cohort)
    kofi.types("/ritual", CHANNEL)
    assert kofi.clicks("ritual_run", twice=True).ok
    assert "It begins now." in shown(kofi)
    assert [row.state for row in rows(hearth, which)] == ["open"]
    assert left(hearth, cohort) == 2
    assert stored.rows("SELECT count(*) FROM outbox WHERE kind = 'ritual'") == [(1,)]
    workspace.clock.advance(timedelta(minutes=1))
    assert do(hearth, kofi, "run_now", which).said is Said.WAS_RUN
    assert len(rows(hearth, which)) == 1


def test_what_is_run_now_is_posted_and_the_next_date_stays_the_next(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    which = ritual(hearth, cohort, rule=coming(hearth), zone="UTC")
    hearth.services.rhythm.tick()
    following = planned(hearth, which)
    assert do(hearth, kofi, "run_now", which).said is Said.RUNS
    settled(hearth)
    assert len(workspace.posted(CHANNEL)) == 1  # no tick had to come
    workspace.clock.advance(timedelta(minutes=1))
    for _ in range(2):
        hearth.services.rhythm.tick()
    settled(hearth)
    assert len(workspace.posted(CHANNEL)) == 1
    assert planned(hearth, which).id == following.id
    assert do(hearth, kofi, "run_now", which).said is Said.WAS_RUN


def test_todays_that_is_planned_for_later_is_brought_forward(
    hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    which = ritual(hearth, cohort, zone="UTC", mode="live", minutes=10)
    occurrence = plan(hearth, which, days=0, announce_at=hearth._clock.now())
    assert do(hearth, kofi, "run_now", which).said is Said.RUNS
    (row,) = rows(hearth, which)
    assert (row.id, row.announce_at) == (occurrence, None)
    assert row.due_at <= hearth._clock.now()
    assert left(hearth, cohort) == 2  # it is not announced


def test_without_room_in_the_week_nothing_is_run_and_nothing_is_changed(
    hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    which = ritual(hearth, cohort)
    assert reserve(hearth, cohort, uuid4(), 3)
    found = do(hearth, kofi, "run_now", which)
    assert found.said is Said.NO_ROOM
    assert rows(hearth, which) == []


def test_what_is_deleted_leaves_the_calendar_and_what_took_place_stays(
    hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    which = ritual(hearth, cohort)
    plan(hearth, which, days=-7)
    stored.change("UPDATE ritual_occurrences SET state = 'closed'")
    plan(hearth, which)
    kofi.types("/ritual", CHANNEL)
    assert kofi.clicks("ritual_delete").ok
    assert "It is deleted." in shown(kofi)
    assert "There is no ritual here yet." in shown(kofi)
    assert [row.state for row in rows(hearth, which)] == ["closed"]
    for verb in ("delete", "pause", "resume", "run_now"):
        assert do(hearth, kofi, verb, which).said is Said.WAS_DELETED


def test_a_calendar_that_was_open_meanwhile_says_what_is_so_now(
    hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    which = ritual(hearth, cohort)
    kofi.types("/ritual", CHANNEL)
    do(hearth, kofi, "delete", which)
    assert kofi.clicks("ritual_edit").ok
    assert "It was deleted meanwhile" in shown(kofi)


def test_a_paused_and_an_ended_ritual_say_so(
    hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    which = ritual(hearth, cohort)
    do(hearth, kofi, "pause", which)
    kofi.types("/ritual", CHANNEL)
    assert "Paused: nothing comes" in shown(kofi)
    assert "Skip next" not in labels(kofi)
    stored.change("UPDATE rituals SET ended_at = '2026-01-01 00:00:00', to_plan = false")
    kofi.types("/ritual", CHANNEL)
    assert "It has ended" in shown(kofi)
    assert labels(kofi) == ["Schedule a ritual", "Next dates", "Edit", "Delete"]
    for verb in ("pause", "resume", "run_now"):
        assert do(hearth, kofi, verb, which).said is Said.HAS_ENDED


def test_where_nothing_can_be_posted_the_calendar_says_why_and_nothing_is_run(
    hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    which = ritual(hearth, cohort)
    stored.change("UPDATE cohorts SET halted_for = 'archived'")
    kofi.types("/ritual", CHANNEL)
    assert "Nothing is posted here just now: the channel is archived." in shown(kofi)
    assert do(hearth, kofi, "run_now", which).said is Said.IS_HALTED
    assert rows(hearth, which) == []


@pytest.mark.parametrize("verb", ["pause", "resume", "run_now", "delete"])
def test_nobody_but_those_who_run_that_cohort_changes_its_rituals(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored, verb: str
) -> None:
    which = ritual(hearth, made_in(hearth, workspace, OTHER))
    before = stored.rows("SELECT * FROM rituals")
    for person in (kofi, workspace.person("maya")):
        with pytest.raises(NotAllowed):
            do(hearth, person, verb, which)
        with pytest.raises(CohortRefused):
            getattr(hearth.services.rituals, verb)(person.id, "lantern")
    assert stored.rows("SELECT * FROM rituals") == before
    assert stored.count("ritual_occurrences") == 0
    assert cohort


def test_a_forged_button_shows_no_calendar_to_somebody_from_elsewhere(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    which = ritual(hearth, cohort)
    theo = workspace.person("theo")
    with pytest.raises(NotAllowed):
        hearth.services.rituals.calendar(theo.id, str(cohort))
    with pytest.raises(NotAllowed):
        hearth.services.rituals.ahead(theo.id, str(which))
    with pytest.raises(CohortRefused):
        hearth.services.rituals.ahead(theo.id, str(uuid4()))


def test_a_closed_cohort_has_no_calendar_any_more(
    hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    which = ritual(hearth, cohort)
    kofi.types("/ritual", CHANNEL)
    hearth.services.cohorts.close(kofi.id, str(cohort))
    assert kofi.clicks("ritual_pause").ok
    assert "This cohort is closed" in shown(kofi)
    assert rows(hearth, which) == []


def test_who_runs_a_cohort_sees_on_their_page_how_dates_went_once_their_time_has_come(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    which = ritual(hearth, cohort)
    plan(hearth, which)
    kofi.types("/ritual", CHANNEL)
    kofi.clicks("ritual_skip")
    (skipped,) = rows(hearth, which)
    (run,) = hearth.services.home.page(kofi.id).runs
    assert run.past == []
    until(workspace, skipped.due_at)
    (run,) = hearth.services.home.page(kofi.id).runs
    assert [(each.on, each.state) for each in run.past] == [(skipped.on_date, "skipped")]
