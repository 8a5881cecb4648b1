"""Joining, choosing, setting up, sharing, pausing, copying and forgetting, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from app import Hearth
from sandbox import Sandbox
from tests.e2e.hands import Keyboard
from tests.e2e.people_walk import walk

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_company_goes_all_the_way_by_keyboard(
    page: Page, workspace: Sandbox, hearth: Hearth
) -> None:
    walk(Keyboard(page), workspace, hearth)
