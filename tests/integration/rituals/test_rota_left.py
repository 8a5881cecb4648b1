"""Being on the rota or not, and what passes on when somebody leaves it, whichever way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app import Hearth
from bot.domain.people import Agreement, Safety
from bot.errors import CohortRefused, ConsentNeeded, Refusal
from bot.services import rota as service
from bot.services.ritual_calendar import as_plan
from sandbox import Person, Sandbox
from storage import ritual_plans
from storage.cohorts import find, halt
from tests.conftest import Stored, top
from tests.integration.cohorts.circles import agree, said
from tests.integration.outbox import settled
from tests.integration.rituals import calendars
from tests.integration.rituals.calendars import CHANNEL
from tests.integration.rituals.rotas import (
    HOUR,
    asked,
    asks,
    coming,
    held_by,
    on_rota,
    presses,
    to_nine,
    told,
)


def members(hearth: Hearth, cohort: UUID) -> list[str]:
    with hearth.database.read() as connection:
        return list(service.members(connection, cohort))


def shown(person: Person) -> str:
    return json.dumps(top(person)["blocks"])


def test_a_member_puts_themself_on_the_rota_and_takes_themself_off(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    maya = workspace.person("maya")
    agree(hearth, maya)
    maya.types("/cohort rota", CHANNEL)
    assert "You are not on the rota" in shown(maya)
    assert "Who will see this" in shown(maya)
    assert maya.clicks("rota_join", twice=True).ok
    assert "You are on the rota now" in shown(maya)
    assert members(hearth, cohort) == [maya.id]
    maya.closes(all=True)
    maya.types("/cohort rota", CHANNEL)
    assert "You are on the rota." in shown(maya)
    assert maya.clicks("rota_leave", twice=True).ok
    assert "You are off the rota" in shown(maya)
    assert members(hearth, cohort) == []


def test_only_members_who_agreed_and_decide_on_nobody_can_be_on_a_rota(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    maya, theo = workspace.person("maya"), workspace.person("theo")
    rota = hearth.services.rota
    with pytest.raises(ConsentNeeded):
        rota.opt_in(maya.id, str(cohort))
    agree(hearth, maya, theo, kofi)
    for person, forged, reason in (
        (theo, str(cohort), Refusal.NOT_A_MEMBER),
        (maya, "lantern", Refusal.CLOSED),
        (maya, str(UUID(int=7)), Refusal.CLOSED),
    ):
        with pytest.raises(CohortRefused) as refused:
            rota.opt_in(person.id, forged)
        assert refused.value.reason is reason
    stored.change(f"UPDATE cohort_members SET decides = true WHERE person_id = '{maya.id}'")  # noqa: S608
    with pytest.raises(CohortRefused) as refused:
        rota.opt_in(maya.id, str(cohort))
    assert refused.value.reason is Refusal.DECIDES_AND_HOLDS
    rota.opt_in(kofi.id, str(cohort))
    assert members(hearth, cohort) == [kofi.id]
    maya.types("/cohort rota", CHANNEL)
    assert maya.view is None
    assert "the rota is for the others" in said(maya, CHANNEL)


Way = Callable[[Sandbox, Hearth, Person, UUID], Any]


def opts_out(_: Sandbox, hearth: Hearth, maya: Person, cohort: UUID) -> None:
    hearth.services.rota.opt_out(maya.id, str(cohort))


def leaves(_: Sandbox, hearth: Hearth, maya: Person, cohort: UUID) -> None:
    hearth.services.cohorts.leave(maya.id, str(cohort), take_back=False)


def leaves_the_channel(_: Sandbox, hearth: Hearth, maya: Person, cohort: UUID) -> None:
    with hearth.database.read() as connection:
        row = find(connection, cohort)
    assert row is not None
    hearth.services.cohorts.left_channel(maya.id, row.channel_id)


def is_forgotten(_: Sandbox, hearth: Hearth, maya: Person, _cohort: UUID) -> None:
    hearth.services.people.forget(maya.id)


def is_gone(workspace: Sandbox, hearth: Hearth, maya: Person, _cohort: UUID) -> None:
    workspace.deactivate("maya")
    hearth.services.accounts.changed(maya.id, gone=True)


def takes_checkins_back(_: Sandbox, hearth: Hearth, maya: Person, _cohort: UUID) -> None:
    agreement = Agreement(agreed=False, country="DE", safety=Safety.OFF)
    hearth.services.people.choose(maya.id, agreement)


def decides(_: Sandbox, hearth: Hearth, maya: Person, cohort: UUID) -> None:
    hearth.services.cohorts.join(maya.id, str(cohort), decides=True)


WAYS = [
    opts_out,
    leaves,
    leaves_the_channel,
    is_forgotten,
    is_gone,
    takes_checkins_back,
    decides,
]


@pytest.mark.parametrize("leave", WAYS)
def test_whoever_leaves_is_off_the_rota_at_once_and_what_they_hold_passes_to_the_next(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored, leave: Way
) -> None:
    nine = to_nine(workspace)
    stored.change("UPDATE cohorts SET welcomes_deciders = true")
    maya, jonas = on_rota(hearth, workspace, cohort, "maya", "jonas")
    held = coming(hearth, cohort, nine + 24 * HOUR)
    asks(hearth)
    presses(maya, "rota_yes")
    leave(workspace, hearth, maya, cohort)
    assert members(hearth, cohort) == [jonas.id]
    assert stored.count("rota_members") == 1
    assert held_by(hearth, held) is None
    asks(hearth)
    assert asked(hearth, held)[-1] == (jonas.id, None)
    assert "Could you hold this" in told(jonas)[-1]


def test_a_closed_cohort_has_no_rota_and_nobody_is_asked(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    nine = to_nine(workspace)
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    which = coming(hearth, cohort, nine + 24 * HOUR)
    hearth.services.cohorts.close(kofi.id, str(cohort))
    asks(hearth)
    assert stored.count("rota_members") == 0
    assert asked(hearth, which) == []
    assert told(maya) == []


def test_the_post_names_the_holder_and_names_them_no_more_once_they_are_forgotten(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine = to_nine(workspace)
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    coming(hearth, cohort, nine + 3 * HOUR)
    asks(hearth)
    presses(maya, "rota_yes")
    calendars.until(workspace, nine + 3 * HOUR)
    assert f"Held by <@{maya.id}>" in posted(workspace, hearth)
    calendars.until(workspace, nine + 40 * 24 * HOUR)  # long closed
    posted(workspace, hearth)
    hearth.services.people.forget(maya.id)
    settled(hearth)
    (post,) = workspace.posted(CHANNEL)
    assert maya.id not in json.dumps(post)


def test_a_post_that_is_open_follows_when_the_holder_leaves(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine = to_nine(workspace)
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    coming(hearth, cohort, nine + 3 * HOUR, mode="live", minutes=15)
    asks(hearth)
    presses(maya, "rota_yes")
    calendars.until(workspace, nine + 3 * HOUR)
    assert f"Held by <@{maya.id}>" in posted(workspace, hearth)
    hearth.services.cohorts.leave(maya.id, str(cohort), take_back=False)
    assert "Nobody holds it this time" in posted(workspace, hearth)


def test_an_announcement_follows_when_the_holder_passes_it_on(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine = to_nine(workspace)
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    soon = nine + 3 * HOUR - timedelta(minutes=10)
    coming(hearth, cohort, nine + 3 * HOUR, mode="live", minutes=15, announce_at=soon)
    asks(hearth)
    presses(maya, "rota_yes")
    calendars.until(workspace, soon)
    assert f"Held by <@{maya.id}>" in posted(workspace, hearth)
    presses(maya, "rota_pass")
    assert "Nobody holds it this time" in posted(workspace, hearth)


def posted(workspace: Sandbox, hearth: Hearth) -> str:
    """Return the latest of what stands in the channel, once the clock has done what is due."""
    hearth.services.rhythm.tick()
    settled(hearth)
    return str(workspace.posted(CHANNEL)[-1]["text"])


def test_the_copy_of_ones_data_tells_of_the_rota(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine = to_nine(workspace)
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    coming(hearth, cohort, nine + 24 * HOUR, title="Lantern")
    asks(hearth)
    presses(maya, "rota_pass")
    assert maya.types("/hearth export").ok
    assert maya.submits().ok
    settled(hearth)
    (copy,) = [each for each in workspace.files("maya") if each["name"].endswith("json")]
    rota = json.loads(copy["content"])["rota"]
    assert rota["on"][0]["name"] == "New parents"
    (turn,) = rota["asked"]
    assert (turn["ritual"], turn["answer"]) == ("Lantern", "pass")


@pytest.mark.parametrize("how", ["skip_next", "pause", "delete", "edit", "close", "late", "halted"])
def test_whoever_holds_what_does_not_take_place_is_told_once(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, how: str
) -> None:
    due_at = to_nine(workspace) + timedelta(days=1)
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    occurrence = coming(hearth, cohort, due_at, rule="FREQ=DAILY", at_minute=9 * 60, zone="UTC")
    asks(hearth)
    assert presses(maya, "rota_yes").ok
    assert held_by(hearth, occurrence) == maya.id
    with hearth.database.read() as connection:
        (kept,) = ritual_plans.of_cohort(connection, cohort)
    verbs = hearth.services.rituals
    if how == "close":
        hearth.services.cohorts.close(kofi.id, str(cohort))
    elif how == "edit":
        plan = as_plan(kept)
        later = replace(plan, schedule=replace(plan.schedule, at_minute=600))
        verbs.edit(kofi.id, kept.id, later, kept.revision)
    elif how == "skip_next":
        verbs.skip_next(kofi.id, str(kept.id), due_at.date())
    elif how in ("late", "halted"):
        reason = Refusal.SHARED if how == "halted" else None
        hearth.database.write(lambda each: halt(each, cohort, reason, now=due_at))
        calendars.until(workspace, due_at + (HOUR * 3 if how == "late" else HOUR))
    else:
        getattr(verbs, how)(kofi.id, str(kept.id))
    for _ in range(2):
        calendars.tick(hearth)
    settled(hearth)
    assert [each.startswith("What you said you would hold") for each in told(maya)][1:] == [True]


def test_an_idle_round_of_the_rota_and_of_the_weekly_question_writes_nothing(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, locked: Callable[[], Any]
) -> None:
    coming(hearth, cohort, to_nine(workspace) + HOUR, ask_at=to_nine(workspace) + HOUR)
    let_go = locked()
    assert (hearth.services.rota.tick(), hearth.services.weekly.tick()) == (0, 0)
    let_go()
