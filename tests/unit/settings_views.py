"""The settings of a cohort as they are shown, for the golden files and Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from bot.domain.cohort_settings import GUIDELINES_LIMIT, USUAL_REACTION, Page, Settings
from bot.domain.cohorts import Cohort, Purpose
from bot.views import cohort_settings

EVIL = "<!channel> *bold* <https://evil.example|click> & `code` :wave:"
PAGE = Page(
    cohort=Cohort(UUID(int=1), EVIL[:60], "C1"),
    purpose=Purpose.SUPPORT,
    welcomes_deciders=False,
    settings=Settings(
        guidelines=f"{EVIL}\nNobody has to speak.",
        country="DE",
        zone="Europe/Berlin",
        support_reaction=USUAL_REACTION,
        revision=3,
    ),
    facilitators=["U1", "U2"],
    rota="fewer than 5",
)
LITTLE = replace(
    PAGE,
    cohort=replace(PAGE.cohort, is_open=True, is_halted=True, has_decider=True),
    purpose=Purpose.SKILL,
    settings=replace(PAGE.settings, country=None, zone=None, support_reaction=None),
    facilitators=[],
)
TYPED = {"name": "New parents", "guidelines": "x" * GUIDELINES_LIMIT, "zone": None}
VIEWS = {
    "cohort_settings": cohort_settings.form(PAGE),
    "cohort_settings_little": cohort_settings.form(LITTLE),
    "cohort_settings_overtaken": cohort_settings.form(PAGE, TYPED),
    "cohort_settings_saved": cohort_settings.saved(PAGE),
    "cohort_settings_saved_with_a_decider": cohort_settings.saved(LITTLE),
}
