"""Which lines a person is shown, until when, and what a lead has to look at."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot import content
from bot.content import lines as bundled
from bot.domain.eap import SHORT, Eap, read_eap
from bot.domain.support import (
    EMERGENCY,
    VERIFIED_FOR,
    Check,
    Line,
    State,
    Why,
    help_on,
    in_scope,
    occasions,
    standing,
    tasks,
)
from bot.errors import CannotStart

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def line(key: str = "a", **facts: Any) -> Line:
    return Line(**{"country": "DE", "key": key, "name": key, "source": "s", "call": "1"} | facts)


def said(line: Line, on: date, *, holds: bool = True) -> dict[tuple[str, str], Check]:
    return {(line.country, line.key): Check(on, holds, line.fingerprint)}


EMERGENCY_LINE = line(EMERGENCY, call="112")


@pytest.mark.parametrize(
    ("days_ago", "state"),
    [
        (0, State.HOLDS),
        (75, State.HOLDS),
        (76, State.RUNS_OUT),
        (90, State.RUNS_OUT),
        (91, State.EXPIRED),
        (-1, State.UNCHECKED),
    ],
)
@pytest.mark.parametrize("by_a_lead", [True, False])
def test_a_look_counts_for_ninety_days_and_not_before_its_day(
    days_ago: int, state: State, by_a_lead: bool
) -> None:
    on = TODAY - days_ago * DAY
    one = line() if by_a_lead else line(verified_on=on)
    assert standing(one, said(one, on) if by_a_lead else {}, TODAY).state is state


def test_a_bundled_line_may_run_out_sooner_than_that() -> None:
    on = TODAY - 20 * DAY
    assert standing(line(verified_on=on, expires=on + 19 * DAY), {}, TODAY).state is State.EXPIRED
    assert standing(line(verified_on=on, expires=on + 20 * DAY), {}, TODAY).is_verified
    late = line(verified_on=on, expires=on + 400 * DAY)
    assert standing(late, {}, TODAY).until == on + VERIFIED_FOR


def test_the_latest_word_counts_whoever_it_comes_from() -> None:
    one = line(verified_on=TODAY - 5 * DAY)
    assert standing(one, said(one, TODAY - 4 * DAY, holds=False), TODAY).state is State.FAILED
    assert standing(one, said(one, TODAY - 5 * DAY, holds=False), TODAY).state is State.FAILED
    assert standing(one, said(one, TODAY - 6 * DAY, holds=False), TODAY).state is State.HOLDS


@pytest.mark.parametrize(
    "fact", [{"call": "2"}, {"name": "b"}, {"text": "HELLO"}, {"hours": "by day"}]
)
def test_a_check_of_other_words_is_no_check_of_these(fact: dict[str, str]) -> None:
    assert standing(line(**fact), said(line(), TODAY), TODAY).state is State.UNCHECKED


def test_where_a_line_is_verified_only_verified_ones_are_shown() -> None:
    lines = [EMERGENCY_LINE, line("a"), line("b"), line("c"), line("d")]
    checks = (
        said(lines[1], TODAY)
        | said(lines[2], TODAY - 91 * DAY)
        | said(lines[3], TODAY, holds=False)
    )
    shown = help_on(TODAY, country="DE", lines=lines, checks=checks, eap=None)
    assert [(each.line.key, each.on) for each in shown.lines] == [("a", TODAY)]
    assert shown.emergency == EMERGENCY_LINE


def test_where_none_is_verified_the_emergency_number_stays() -> None:
    shown = help_on(TODAY, country="DE", lines=[EMERGENCY_LINE, line()], checks={}, eap=None)
    assert (shown.lines, shown.has_lines) == ((), True)
    assert shown.emergency == EMERGENCY_LINE


def test_an_emergency_number_that_does_not_hold_is_not_shown() -> None:
    wrong = said(EMERGENCY_LINE, TODAY, holds=False)
    shown = help_on(TODAY, country="DE", lines=[EMERGENCY_LINE], checks=wrong, eap=None)
    assert shown.emergency is None


# What is due


@pytest.mark.parametrize(
    ("days_ago", "why"),
    [
        (0, None),
        (29, None),
        (30, Why.MONTHLY),
        (75, Why.MONTHLY),
        (76, Why.RUNS_OUT),
        (90, Why.RUNS_OUT),
        (91, Why.EXPIRED),
    ],
)
def test_a_lead_is_asked_to_look_each_month_and_two_weeks_before_the_end(
    days_ago: int, why: Why | None
) -> None:
    one = line()
    due = tasks(TODAY, [one], said(one, TODAY - days_ago * DAY))
    assert [each.why for each in due] == ([why] if why else [])


def test_what_nobody_looked_at_is_due_and_what_does_not_hold_is_not() -> None:
    assert [each.why for each in tasks(TODAY, [line()], {})] == [Why.NEVER]
    assert tasks(TODAY, [line()], said(line(), TODAY, holds=False)) == []


def test_each_month_and_each_last_day_is_one_occasion() -> None:
    lines = [line("a"), line("b"), line("c")]
    checks = said(lines[0], TODAY - 80 * DAY) | said(lines[1], TODAY - 80 * DAY)
    due = tasks(TODAY, lines, checks)
    assert occasions(TODAY, due) == ["month 2026-11", "until 2026-12-02"]
    assert occasions(date(2027, 1, 1), due)[0] == "month 2027-01"
    assert occasions(TODAY, []) == []


@pytest.mark.parametrize(
    ("chosen", "scope"),
    [
        (["DE", "AT"], ["AT", "DE"]),
        (["DE", 7, None, "XX"], ["DE"]),
        (None, []),
        ("DE", []),
        ({"DE": 1}, []),
    ],
)
def test_leads_look_after_the_chosen_countries(chosen: Any, scope: list[str]) -> None:
    assert in_scope(chosen, {}, ["AT", "DE", "US"]) == scope


def test_a_country_that_was_checked_once_is_looked_after_from_then_on() -> None:
    assert in_scope(None, said(line(), TODAY), ["AT", "DE"]) == ["DE"]


# The EAP


def test_an_eap_is_read_as_it_was_entered() -> None:
    given = {"name": " Calm  Lake ", "phone": "1", "employer_sees": "no", "tried_on": "2026-11-01"}
    assert read_eap(given) == Eap(
        name="Calm Lake", phone="1", employer_sees="no", tried_on="2026-11-01"
    )


@pytest.mark.parametrize(
    "value",
    [None, "", [], 7, {}, {"name": "x"}, {"phone": 7}, {"phone": "  "}, {"web": None}, ["phone"]],
)
def test_an_entry_that_names_no_way_to_reach_anybody_is_none(value: Any) -> None:
    assert read_eap(value) is None


def test_that_a_company_has_none_is_an_answer_too() -> None:
    assert read_eap({"none": True, "phone": "1"}) == Eap(none=True)


def test_what_is_odd_in_an_entry_is_left_out() -> None:
    given = {
        "phone": "1" * 5000,
        "name": 7,
        "tried_on": 7,
        "countries": 7,
        "more": "x",
        "hours": ["x"],
    }
    assert read_eap(given) == Eap(phone="1" * 3 * SHORT)


# The bundled lines


def test_every_country_with_lines_can_be_chosen_and_has_an_emergency_number() -> None:
    assert set(bundled.countries()) <= set(content.countries())
    for country in bundled.countries():
        assert bundled.of(country)[0].is_emergency
        assert len(bundled.of(country)) > 1


def test_somewhere_else_stands_last_and_has_no_lines() -> None:
    assert list(content.countries())[-1] == "ZZ"
    assert bundled.of("ZZ") == bundled.of(None) == bundled.of("XX") == ()


def test_no_bundled_line_claims_that_somebody_checked_it() -> None:
    lines = [each for country in bundled.countries() for each in bundled.of(country)]
    assert all(each.verified_on is None and each.expires is None for each in lines)
    assert all(each.source for each in lines)


GOOD = {"key": "a", "name": "A", "call": "1", "source": "s", "verified_on": TODAY}


def test_a_line_with_a_day_and_an_end_is_read() -> None:
    (one,) = bundled.read("DE", {"lines": [GOOD | {"expires": TODAY + 90 * DAY}]})
    assert (one.verified_on, one.expires) == (TODAY, TODAY + 90 * DAY)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": 142}, "key"),
        ({"key": "a b"}, "key"),
        ({"name": None}, "name"),
        ({"source": ""}, "source"),
        ({"call": 112}, "quotes"),
        ({"call": "<!channel>"}, "call"),
        ({"call": None}, "call"),
        ({"fax": "1"}, "fax"),
        ({"verified_on": "yesterday"}, "verified_on"),
        ({"expires": TODAY + 91 * DAY}, "90 days"),
        ({"expires": TODAY - DAY}, "90 days"),
        ({"verified_on": None, "expires": TODAY}, "90 days"),
    ],
)
def test_a_malformed_line_is_named_at_start(change: dict[str, Any], words: str) -> None:
    with pytest.raises(CannotStart, match=words):
        bundled.read("DE", {"lines": [GOOD | change]})


@pytest.mark.parametrize(
    "entry",
    [
        [],
        {"lines": {}},
        {"line": []},
        {"emergency": "112"},
        {"lines": [GOOD, GOOD]},
        {"lines": ["112"]},
        {"lines": [{k: v for k, v in GOOD.items() if k != "verified_on"}]},
        {"lines": [{k: v for k, v in GOOD.items() if k != "call"}]},
        {"lines": [GOOD | {"key": f"k{n}"} for n in range(9)]},
    ],
)
def test_a_malformed_country_is_named_at_start(entry: Any) -> None:
    with pytest.raises(CannotStart, match=r"lines\.yml: DE"):
        bundled.read("DE", entry)
