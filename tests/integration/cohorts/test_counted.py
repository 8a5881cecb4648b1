"""Members are counted so seldom that nobody's coming or going shows."""

from __future__ import annotations

from datetime import timedelta

from app import Hearth
from sandbox import Person, Sandbox
from tests.integration.cohorts.circles import agree, only


def test_nobody_is_counted_anew_before_the_week_is_over(
    workspace: Sandbox, hearth: Hearth, founded: Person
) -> None:
    people = [workspace.person(name) for name in ("maya", "jonas", "hanne", "wyatt", "malik")]
    agree(hearth, *people)
    for person in people:
        hearth.services.cohorts.join(person.id, str(only(hearth).id), decides=False)
    workspace.clock.advance(timedelta(days=6, hours=23))
    hearth.services.cohort_channels.count()
    assert only(hearth).size_band == "fewer than 5"
    workspace.clock.advance(timedelta(hours=2))
    hearth.services.cohort_channels.count()
    assert only(hearth).size_band == "5 to 9"
    assert founded
