"""The form of a ritual, drawn anew with what stands in it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.content import rituals as templates
from bot.domain.ritual_plans import Choices, check_plan
from bot.views import ritual_forms
from bot.views.blocks import View
from tests.unit.calendar_views import DESK, NOW, OVERTAKEN, PLAN, TUESDAYS, draft


def submitted(view: View, **picked: str) -> View:
    """Return a form as Slack sends it: what stands in it, and what was chosen in menus."""
    values = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, name = block["element"], block["block_id"]
            first = {
                key.replace("initial", "selected"): value
                for key, value in element.items()
                if key.startswith("initial_")
            }
            first["value"] = element.get("initial_value")
            if name in picked:
                first["selected_option"] = {"value": picked[name]}
            values[name] = {name: first}
    return {**view, "state": {"values": values}}


def initial(view: View, name: str) -> Any:
    """Return what stands in a field at first."""
    (element,) = [each["element"] for each in view["blocks"] if each.get("block_id") == name]
    return next(value for key, value in element.items() if key.startswith("initial_"))


@pytest.mark.parametrize("plan", [PLAN, TUESDAYS], ids=["weekly", "monthly"])
def test_a_form_sent_back_untouched_is_the_plan_it_was_opened_with(plan: Any) -> None:
    choices = Choices(
        templates=templates.templates(), legends=templates.legends(), countries={"DE", "US"}
    )
    view = ritual_forms.begun(draft(plan.template, plan))
    desk, given = ritual_forms.read(submitted(view))
    found = check_plan(given, desk.template, choices, now=NOW, earlier=plan.schedule)
    # What people typed comes back without what could lead elsewhere, so only once.
    assert found == plan


@pytest.mark.parametrize("template", templates.templates())
def test_every_template_but_ones_own_words_can_be_scheduled_as_it_is(template: str) -> None:
    choices = Choices(
        templates=templates.templates(), legends=templates.legends(), countries={"DE"}
    )
    desk, given = ritual_forms.read(submitted(ritual_forms.begun(draft(template))))
    given = {**given, "words": given["words"] or "Mine"}
    assert check_plan(given, desk.template, choices, now=NOW).template == template


def test_what_was_chosen_stays_when_other_fields_come_up() -> None:
    view = submitted(ritual_forms.begun(draft("own", PLAN)), ritual_mode="live")
    shown = ritual_forms.again(view)
    assert [each["value"] for each in initial(shown, "days")] == ["4"]
    assert initial(shown, "minutes")["value"] == "10"
    back = ritual_forms.again(submitted(shown, ritual_how="monthly"))
    assert (initial(back, "nth")["value"], initial(back, "weekday")["value"]) == ("1", "6")
    again = ritual_forms.again(submitted(back, weekday="2", nth="3", ritual_ends="after"))
    assert (initial(again, "nth")["value"], initial(again, "weekday")["value"]) == ("3", "2")


def test_what_somebody_else_changed_stays_above_the_fields() -> None:
    shown = ritual_forms.again(submitted(OVERTAKEN, ritual_mode="live"))
    said = [each for each in shown["blocks"] if each["type"] != "input"]
    assert said == [each for each in OVERTAKEN["blocks"] if each["type"] != "input"]
    assert ritual_forms.read(submitted(shown))[0].revision == DESK.revision + 1


@pytest.mark.parametrize("metadata", ["", "null", "[]", "{}", '{"cohort": 4}', "[" * 9000])
def test_a_form_that_is_none_of_ours_is_no_form(metadata: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, RecursionError, AttributeError)):
        ritual_forms.read({"private_metadata": metadata, "state": {"values": {}}})
