"""The weeks of a person's own page, and how they are drawn."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checkins import Scale
from bot.domain.home import WEEKS, first_day, is_trend, weeks
from bot.domain.visibility import WHO_SEES, Sight, Thing, Viewer
from bot.views.home import after, is_marked, marked
from bot.views.trend import trend
from bot.views.visibility import VIEWERS, who_sees
from tests.unit.pages import VIEWS

TODAY = date(2026, 11, 22)

answers = st.lists(
    st.tuples(
        st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=2)),
        *[st.integers(1, 5)] * 3,
    ),
    unique_by=lambda each: each[0],
)


def on(*days_ago: int, mood: int = 3) -> list[tuple[date, int, int, int]]:
    return [(TODAY - timedelta(days=each), mood, 3, 3) for each in days_ago]


@given(answers)
def test_every_checkin_of_the_weeks_counts_once_and_no_other(
    given_answers: list[tuple[date, int, int, int]],
) -> None:
    shown = weeks(given_answers, today=TODAY)
    inside = [each for each in given_answers if first_day(TODAY) <= each[0] <= TODAY]
    assert len(shown) == WEEKS
    assert sum(week.checkins for week in shown) == len(inside)
    for week in shown:
        mine = [each[1] for each in inside if 0 <= (each[0] - week.first).days < 7]
        assert (week.means is None) == (not mine)
        if week.means is not None:
            assert week.means[Scale.MOOD] == pytest.approx(sum(mine) / len(mine))
            assert all(1 <= mean <= 5 for mean in week.means.values())


def test_the_last_week_ends_today() -> None:
    last = weeks(on(0, 6, 7), today=TODAY)[-1]
    assert last.first == TODAY - timedelta(days=6)
    assert last.checkins == 2


@given(answers)
def test_the_chart_keeps_slacks_limits(
    given_answers: list[tuple[date, int, int, int]],
) -> None:
    shown = weeks(given_answers, today=TODAY)
    charts = [each for each in trend(shown, chart=True) if each["type"] == "data_visualization"]
    assert bool(charts) == is_trend(shown)
    for block in charts:
        check_chart(block)


def check_chart(block: dict[str, Any]) -> None:
    chart = block["chart"]
    labels = chart["axis_config"]["categories"]
    assert len(block["title"]) <= 50
    assert 1 <= len(chart["series"]) <= 6
    assert 1 <= len(labels) == len(set(labels)) <= 20
    assert all(len(label) <= 20 for label in labels)
    for line in chart["series"]:
        assert len(line["name"]) <= 20
        assert [point["label"] for point in line["data"]] == labels
        assert all(1 <= point["value"] <= 5 for point in line["data"])


def test_a_week_without_a_checkin_is_no_point_and_the_next_one_says_so() -> None:
    shown = weeks(on(0, 7, 28, 35), today=TODAY)
    _, chart, words = trend(shown, chart=True)
    labels = chart["chart"]["axis_config"]["categories"]
    assert [label.endswith("after gap") for label in labels] == [False, False, True, False]
    text = words["elements"][0]["text"]
    assert 'none" is a week without a check-in' in text
    assert text.count("none, none, 3, 3.") == 3


def test_the_words_say_every_number_of_the_chart() -> None:
    shown = weeks([*on(0, mood=5), *on(1, mood=2), *on(7, mood=1)], today=TODAY)
    _, chart, words = trend(shown, chart=True)
    text = words["elements"][0]["text"]
    for line in chart["chart"]["series"]:
        numbers = ", ".join(f"{point['value']:g}" for point in line["data"])
        assert f"{numbers}." in text.split(f"{line['name']}: ")[1].split("\n")[0]
    assert "1, 3.5." in text


def test_one_week_is_no_trend() -> None:
    assert not is_trend(weeks(on(0, 1, 2), today=TODAY))
    assert is_trend(weeks(on(0, 7), today=TODAY))


@pytest.mark.parametrize("metadata", ["", "{}", '{"day": "2026-11-22"}'])
def test_a_form_remembers_where_it_was_opened_and_what_it_knew(metadata: str) -> None:
    form = marked({"type": "modal", "private_metadata": metadata})
    assert is_marked(form)
    assert json.loads(form["private_metadata"]).items() >= json.loads(metadata or "{}").items()
    assert is_marked(after(form, {"type": "modal"}))
    assert not is_marked(after({"type": "modal"}, {"type": "modal"}))


@pytest.mark.parametrize("metadata", ["x", "[]", "null", "4", '"home"', None])
def test_a_form_that_is_none_of_ours_was_not_opened_in_the_home(metadata: str | None) -> None:
    assert not is_marked({"private_metadata": metadata})


@pytest.mark.parametrize("thing", Thing)
def test_every_row_of_who_sees_what_names_everybody_once(thing: Thing) -> None:
    said = who_sees(thing).lower()
    assert all(said.count(VIEWERS[viewer].lower()) >= 1 for viewer in Viewer)
    never = [viewer for viewer in Viewer if WHO_SEES[thing][viewer] is Sight.NEVER]
    named = said.partition("never: ")[2].rstrip(".")
    assert named == ", ".join(VIEWERS[viewer].lower() for viewer in VIEWERS if viewer in never)


@pytest.mark.parametrize("name", VIEWS)
def test_every_row_of_buttons_has_a_name_of_its_own_that_stays(name: str) -> None:
    rows = [block for block in VIEWS[name]["blocks"] if block["type"] == "actions"]
    names = [row["block_id"] for row in rows]
    assert names == [row["elements"][0]["action_id"] for row in rows]
    assert len(set(names)) == len(names)
