"""What the form of a ritual stands for, what cannot be kept, and what lies ahead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bot.domain import recurrence
from bot.domain.ritual_calendar import Verb, crowded, preview, read_verb, todays
from bot.domain.ritual_plans import (
    Choices,
    Ends,
    Given,
    How,
    check_plan,
    pattern,
    written,
)
from bot.domain.rituals import (
    MOST_LINKS,
    TITLE_LIMIT,
    WORDS_LIMIT,
    Link,
    Mode,
    Occurrence,
    OnHoliday,
    Schedule,
    State,
)
from bot.errors import InvalidAnswer, Problem

NOW = datetime(2026, 11, 22, 8, 12, tzinfo=UTC)  # a Sunday
CHOICES = Choices(templates={"own"}, legends={"here"}, countries={"DE", "JP"})
GIVEN: Given = {
    "title": "Friday wins",
    "words": "What worked?",
    "links": None,
    "how": "weekly",
    "days": ["4"],
    "time": "15:00",
    "zone": "Europe/Berlin",
    "starts": "2026-11-22",
    "ends": "never",
    "on_holiday": "keep",
    "country": None,
    "mode": "open",
    "minutes": None,
    "rotates": True,
    "legend": "here",
}
FRIDAYS = Schedule(
    rule="FREQ=WEEKLY;BYDAY=FR",
    starts_on=date(2026, 11, 22),
    at_minute=900,
    zone="Europe/Berlin",
    on_holiday=OnHoliday.KEEP,
    country=None,
)


def checked(earlier: Schedule | None = None, template: str = "own", **given: Any) -> Any:
    return check_plan({**GIVEN, **given}, template, CHOICES, now=NOW, earlier=earlier)


def problems(earlier: Schedule | None = None, template: str = "own", **given: Any) -> Any:
    with pytest.raises(InvalidAnswer) as refused:
        checked(earlier, template, **given)
    return refused.value.problems


def test_what_is_filled_in_becomes_the_plan_it_stands_for() -> None:
    plan = checked(
        title="  Friday \n wins ", mode="live", minutes="20", on_holiday="skip", country="DE"
    )
    assert plan.title == "Friday wins"
    assert (plan.mode, plan.minutes, plan.rotates) == (Mode.LIVE, 20, True)
    assert plan.schedule.country == "DE"
    assert plan.schedule.rule == FRIDAYS.rule
    assert (plan.schedule.at_minute, plan.schedule.zone) == (900, "Europe/Berlin")


def test_what_belongs_to_another_choice_is_left_out() -> None:
    plan = checked(minutes="20", country="DE", until="2020-01-01", count="x", rule="nonsense")
    assert (plan.minutes, plan.schedule.country) == (None, None)


RULES = [
    ({"how": "weekly", "days": ["0", "2"]}, "FREQ=WEEKLY;BYDAY=MO,WE"),
    ({"how": "fortnightly", "days": ["4"]}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
    ({"how": "every", "every": "3", "days": ["4"]}, "FREQ=WEEKLY;INTERVAL=3;BYDAY=FR"),
    ({"how": "monthly", "nth": "2", "weekday": "1"}, "FREQ=MONTHLY;BYDAY=2TU"),
    ({"how": "monthly", "nth": "-1", "weekday": "4"}, "FREQ=MONTHLY;BYDAY=-1FR"),
    ({"ends": "after", "count": "6"}, "FREQ=WEEKLY;BYDAY=FR;COUNT=6"),
    ({"ends": "on", "until": "2026-12-31"}, "FREQ=WEEKLY;BYDAY=FR;UNTIL=20261231"),
    ({"how": "once", "ends": None, "starts": "2026-11-23"}, "FREQ=DAILY;COUNT=1"),
    ({"how": "own", "ends": None, "rule": " freq=daily "}, "FREQ=DAILY"),
]


@pytest.mark.parametrize(("given", "rule"), RULES)
def test_how_often_becomes_a_rule_and_the_rule_is_shown_as_it_was_chosen(
    given: dict[str, Any], rule: str
) -> None:
    assert checked(**given).schedule.rule == rule
    found = pattern(rule)
    assert found.how == given.get("how", "weekly")
    assert found.ends == (given.get("ends") or Ends.NEVER)
    assert [str(day) for day in found.days] == (
        given.get("days") or [given["weekday"]]
        if "weekday" in given or "days" in given
        else ["4"] * (found.how is How.WEEKLY)
    )


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU",
        "FREQ=WEEKLY;BYMONTH=3;BYDAY=FR",
        "FREQ=DAILY;COUNT=2",
        "FREQ=YEARLY",
        "FREQ=WEEKLY",
    ],
)
def test_a_rule_that_the_choices_cannot_say_stays_a_rule_of_ones_own(rule: str) -> None:
    assert recurrence.read(rule) == rule
    assert pattern(rule).how is How.OWN


REFUSED: list[tuple[dict[str, Any], dict[str, Problem]]] = [
    ({"title": " \u200b "}, {"title": Problem.MISSING}),
    ({"title": "x" * (TITLE_LIMIT + 1)}, {"title": Problem.TOO_LONG}),
    ({"words": None}, {"words": Problem.MISSING}),
    ({"words": "x" * (WORDS_LIMIT + 1)}, {"words": Problem.TOO_LONG}),
    ({"links": "http://example.org"}, {"links": Problem.NOT_A_LINK}),
    ({"links": "just words"}, {"links": Problem.NOT_A_LINK}),
    ({"links": "a | javascript:alert(1)"}, {"links": Problem.NOT_A_LINK}),
    ({"links": "https://example.org\n" * (MOST_LINKS + 1)}, {"links": Problem.TOO_MANY}),
    ({"links": f"{'x' * 101} | https://example.org"}, {"links": Problem.TOO_LONG}),
    ({"how": None}, {"how": Problem.MISSING}),
    ({"how": "hourly"}, {"how": Problem.NOT_A_CHOICE}),
    ({"days": []}, {"days": Problem.MISSING}),
    ({"days": ["7"]}, {"days": Problem.NOT_A_CHOICE}),
    ({"how": "every", "every": "0"}, {"every": Problem.NOT_A_CHOICE}),
    ({"how": "every", "every": "53"}, {"every": Problem.NOT_A_CHOICE}),
    ({"how": "every", "every": "٣"}, {"every": Problem.NOT_A_CHOICE}),
    ({"how": "every", "every": None}, {"every": Problem.MISSING}),
    (
        {"how": "monthly", "nth": "5", "weekday": None},
        {"nth": Problem.NOT_A_CHOICE, "weekday": Problem.MISSING},
    ),
    ({"how": "own", "rule": None}, {"rule": Problem.NOT_A_RULE}),
    ({"how": "own", "rule": "FREQ=MINUTELY"}, {"rule": Problem.NOT_A_RULE}),
    (
        {"how": "own", "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"},
        {"rule": Problem.NEVER_HAPPENS},
    ),
    ({"time": None}, {"time": Problem.MISSING}),
    ({"time": "24:00"}, {"time": Problem.NOT_A_TIME}),
    ({"zone": None}, {"zone": Problem.MISSING}),
    ({"zone": "Berlin"}, {"zone": Problem.NOT_A_ZONE}),
    ({"zone": "../etc/passwd"}, {"zone": Problem.NOT_A_ZONE}),
    ({"starts": None}, {"starts": Problem.MISSING}),
    ({"starts": "2026-13-01"}, {"starts": Problem.NOT_A_TIME}),
    ({"starts": "2026-11-21"}, {"starts": Problem.PAST}),
    ({"starts": "9999-12-31"}, {"starts": Problem.FAR_AHEAD}),
    ({"starts": "0001-01-01"}, {"starts": Problem.PAST}),
    ({"how": "once", "time": "09:00"}, {"starts": Problem.PAST}),
    ({"ends": None}, {"ends": Problem.MISSING}),
    ({"ends": "on", "until": None}, {"until": Problem.MISSING}),
    ({"ends": "on", "until": "2026-11-21"}, {"until": Problem.ENDS_FIRST}),
    ({"ends": "on", "until": "2026-11-23"}, {"days": Problem.NEVER_HAPPENS}),
    ({"ends": "after", "count": "0"}, {"count": Problem.NOT_A_CHOICE}),
    ({"on_holiday": None}, {"on_holiday": Problem.MISSING}),
    ({"on_holiday": "skip"}, {"country": Problem.MISSING}),
    ({"on_holiday": "move", "country": "XX"}, {"country": Problem.NOT_A_CHOICE}),
    ({"mode": "live"}, {"minutes": Problem.MISSING}),
    ({"mode": "live", "minutes": "60"}, {"minutes": Problem.NOT_A_CHOICE}),
    ({"legend": "lantern"}, {"legend": Problem.NOT_A_CHOICE}),
    ({"template": "lantern"}, {"title": Problem.NOT_A_CHOICE}),
]


@pytest.mark.parametrize(("given", "expected"), REFUSED)
def test_what_cannot_be_kept_is_named_with_its_reason(
    given: dict[str, Any], expected: dict[str, Problem]
) -> None:
    assert problems(**given) == expected


def test_all_that_is_wrong_is_named_at_once() -> None:
    found = problems(title=None, words=None, zone="x", time=None, days=[], legend=None)
    assert set(found) == {"title", "words", "zone", "time", "days", "legend"}


def test_a_form_with_nothing_in_it_is_refused_field_by_field() -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check_plan({}, "own", CHOICES, now=NOW)
    assert {"title", "words", "how", "zone", "time", "starts"} <= refused.value.problems.keys()


def test_an_edited_ritual_keeps_its_first_day_though_that_has_passed() -> None:
    earlier = Schedule(**{**_parts(FRIDAYS), "starts_on": date(2026, 1, 9)})
    assert checked(earlier, starts="2026-01-09").schedule.starts_on == date(2026, 1, 9)
    assert problems(earlier, starts="2026-01-10") == {"starts": Problem.PAST}


def test_an_edited_ritual_whose_days_all_lie_behind_is_refused() -> None:
    earlier = Schedule(**{**_parts(FRIDAYS), "starts_on": date(2026, 1, 9)})
    found = problems(earlier, starts="2026-01-09", ends="after", count="3")
    assert found == {"days": Problem.PAST}


def _parts(schedule: Schedule) -> dict[str, Any]:
    return {name: getattr(schedule, name) for name in Schedule.__slots__}


def test_links_are_read_as_they_are_written() -> None:
    links = (Link("A talk", "https://example.org/talk"), Link("A | B", "https://example.org/b"))
    assert checked(links=written(links)).links == links
    bare = checked(links="\n https://example.org/c \n\n").links
    assert bare == (Link("https://example.org/c", "https://example.org/c"),)


def test_a_zone_is_found_however_it_is_spelt() -> None:
    assert checked(zone=" europe/berlin ").schedule.zone == "Europe/Berlin"


def test_half_a_character_is_left_out() -> None:
    assert checked(words="lantern \udfee\ud83c").words == "lantern"


def ahead(**known: str) -> list[Any]:
    """Return the dates ahead of the Fridays, where some have become something already."""
    rows = {}
    for day, state in known.items():
        on_date = date.fromisoformat(day.removeprefix("on_").replace("_", "-"))
        due_at = datetime(on_date.year, on_date.month, on_date.day, 14, tzinfo=UTC)
        rows[on_date] = Occurrence(
            id=UUID(int=1), on_date=on_date, due_at=due_at, state=State(state), reason="asked"
        )
    return list(preview(FRIDAYS, now=NOW, known=rows))


def test_five_dates_lie_ahead_and_each_is_an_instant() -> None:
    found = ahead()
    assert [each.on_date.day for each in found] == [27, 4, 11, 18, 25]
    assert found[0].due_at == datetime(2026, 11, 27, 14, tzinfo=UTC)


def test_what_was_skipped_is_named_among_them_and_what_took_place_is_not() -> None:
    found = ahead(on_2026_11_27="skipped", on_2026_12_04="open", on_2026_12_11="planned")
    assert [each.on_date.day for each in found] == [27, 11, 18, 25, 1, 8]
    assert (found[0].due_at, found[0].reason) == (None, "asked")


def test_holidays_that_are_skipped_or_moved_are_named() -> None:
    schedule = Schedule(**{**_parts(FRIDAYS), "on_holiday": OnHoliday.SKIP, "country": "DE"})
    left_out = [each for each in preview(schedule, now=NOW) if each.due_at is None]
    assert [(each.on_date, each.holiday) for each in left_out] == [
        (date(2026, 12, 25), "Christmas Day"),
        (date(2027, 1, 1), "New Year's Day"),
    ]
    moved = Schedule(**{**_parts(schedule), "on_holiday": OnHoliday.MOVE})
    (christmas, *_) = [each for each in preview(moved, now=NOW) if each.holiday]
    assert christmas.due_at == datetime(2026, 12, 28, 14, tzinfo=UTC)


def test_a_date_that_was_moved_to_a_day_to_come_lies_ahead_though_its_own_day_has_passed() -> None:
    schedule = Schedule(**{**_parts(FRIDAYS), "on_holiday": OnHoliday.MOVE, "country": "DE"})
    found = preview(schedule, now=datetime(2026, 12, 27, 12, tzinfo=UTC))
    assert found[0].on_date == date(2026, 12, 25)


def test_todays_is_what_has_begun_before_what_is_planned_before_anything_else() -> None:
    def at(day: int, state: State) -> Occurrence:
        due_at = NOW.replace(day=day)
        return Occurrence(id=UUID(int=day), on_date=due_at.date(), due_at=due_at, state=state)

    today = NOW.date()
    planned, moved = at(22, State.PLANNED), at(22, State.OPEN)
    known = {today: planned, today - timedelta(days=1): moved}
    assert todays(known, today, "UTC") == moved
    assert todays({today: planned}, today, "UTC") == planned
    assert todays({today: at(23, State.PLANNED)}, today, "UTC") is None


def test_weeks_with_more_than_three_posts_are_named_and_a_live_one_counts_twice() -> None:
    fridays = preview(FRIDAYS, now=NOW)
    load = [(Mode.LIVE, fridays), (Mode.OPEN, fridays), (Mode.OPEN, fridays[:1])]
    week = date(2026, 11, 23)
    weeks = [week, week + timedelta(days=7)]
    assert crowded(load, weeks, zone="Europe/Berlin") == [(week, 4)]


@pytest.mark.parametrize(
    ("text", "verb"),
    [("", Verb.CALENDAR), (" LIST ", Verb.LIST), ("help", Verb.HELP), ("nonsense", Verb.HELP)],
)
def test_what_follows_the_command_is_read(text: str, verb: Verb) -> None:
    assert read_verb(text) is verb
