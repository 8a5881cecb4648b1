"""A cohort's rhythm by mouse alone."""

from __future__ import annotations

from datetime import time

import pytest
from playwright.sync_api import Page

from app import Hearth
from sandbox import Sandbox
from tests.e2e.hands import Mouse
from tests.e2e.rituals_walk import Rhythm

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_cohort_lives_through_some_weeks_by_mouse(
    page: Page, workspace: Sandbox, hearth: Hearth
) -> None:
    walk = Rhythm(Mouse(page), workspace, hearth)
    walk.the_calendar_is_opened()
    walk.friday_wins_are_scheduled_as_they_are_suggested()
    walk.that_took_less_than_two_minutes()
    walk.its_name_is_changed()
    walk.the_next_one_is_skipped()
    walk.somebody_joins_the_rota()
    walk.a_week_goes_by()
    walk.time_goes_by_until(10, time(16))
    walk.they_are_asked_a_day_before_and_can()
    walk.time_goes_by_until(11, time(15, 30))
    walk.it_stands_in_the_channel()
    walk.a_member_reacts()
    walk.another_checks_in_from_it()
    walk.a_live_one_is_scheduled()
    walk.time_goes_by_until(16, time(13, 25))
    walk.they_are_told_ahead_of_the_live_one()
    walk.time_goes_by_until(16, time(13, 32))
    walk.it_begins()
    walk.a_week_goes_by()
    walk.it_ends_with_thanks_in_its_thread()
    walk.their_homes_say_what_comes_and_what_was()
