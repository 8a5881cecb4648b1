"""A cohort's rhythm by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from app import Hearth
from sandbox import Sandbox
from tests.e2e.hands import Keyboard
from tests.e2e.rituals_walk import Rhythm

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_cohort_has_a_rhythm_for_a_while_by_keyboard(
    page: Page, workspace: Sandbox, hearth: Hearth
) -> None:
    walk = Rhythm(Keyboard(page), workspace, hearth)
    walk.the_calendar_is_opened()
    walk.a_mistake_is_said_beside_its_field()
    walk.it_is_paused_resumed_and_deleted()
    walk.the_calendar_is_opened()
    walk.other_days_bring_other_fields()
    walk.somebody_joins_the_rota()
