"""How far the programme is, and what is wrong with what was filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.eap import TRIED_FOR, Eap, check_eap
from bot.domain.programme import (
    CHANNEL_MOST,
    Checklist,
    Entry,
    Inside,
    Item,
    Phase,
    Proof,
    as_value,
    channel_problems,
    check_hours,
    forbids,
    inside_problems,
    stored_problems,
)
from bot.errors import InvalidAnswer, Problem
from bot.ports import Channel

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SHOWN = dict.fromkeys(Proof, True)
GOOD = Channel(is_inside=True, is_private=True)


def checklist(**problems: list[Problem]) -> Checklist:
    return Checklist({i: Entry(i, "x", 1, "U1", NOW, problems.get(i, ())) for i in Item}, SHOWN)


@pytest.mark.parametrize("missing", Item)
def test_any_missing_step_keeps_it_from_rehearsal(missing: Item) -> None:
    found = checklist()
    entries = {**found.entries, missing: Entry(missing)}
    assert Checklist(entries, SHOWN).phase is Phase.SETTING_UP
    assert not Checklist(entries, SHOWN).may_go_live


@pytest.mark.parametrize("missing", Proof)
def test_any_missing_proof_keeps_it_from_going_live(missing: Proof) -> None:
    entries = checklist().entries
    assert not Checklist(entries, {**SHOWN, missing: False}).may_go_live
    assert not Checklist(entries, {p: True for p in Proof if p is not missing}).may_go_live
    assert Checklist(entries, SHOWN).may_go_live


def test_it_is_live_only_when_somebody_said_so() -> None:
    assert checklist().phase is Phase.REHEARSAL
    assert not checklist().pages
    assert not checklist().reads
    live = Checklist(checklist().entries, {}, NOW)
    assert live.phase is Phase.LIVE
    assert live.pages
    assert live.reads


@pytest.mark.parametrize("problem", [Problem.LEADS_INSIDE, Problem.NEVER_TRIED])
def test_some_problems_allow_a_rehearsal_but_not_more(problem: Problem) -> None:
    found = checklist(channel=[problem])
    assert found.phase is Phase.REHEARSAL
    assert not found.may_go_live


@pytest.mark.parametrize("problem", [Problem.ARCHIVED, Problem.NOT_THERE, Problem.PUBLIC])
def test_others_allow_none(problem: Problem) -> None:
    assert checklist(channel=[problem]).phase is Phase.SETTING_UP


def test_a_channel_has_to_be_private_ours_and_alive() -> None:
    assert channel_problems(GOOD, of_cohort=False) == []
    assert channel_problems(GOOD, of_cohort=True) == [Problem.COHORTS_OWN]
    assert channel_problems(Channel(), of_cohort=False) == [Problem.NOT_THERE]
    direct = Channel(is_inside=True, is_private=True, is_direct=True)
    assert channel_problems(direct, of_cohort=False) == [Problem.PUBLIC]
    assert all(map(forbids, channel_problems(Channel(is_inside=True), of_cohort=True)))


def test_who_is_inside_matters() -> None:
    assert inside_problems(Inside(CHANNEL_MOST, guests=False, leads=False)) == []
    worst = inside_problems(Inside(CHANNEL_MOST + 1, guests=True, leads=True))
    assert worst == [Problem.GUESTS, Problem.CROWDED, Problem.LEADS_INSIDE]


@pytest.mark.parametrize("phone", ["116 123", "+49 (0)30/123-456", "0800.111.0.111", "988"])
def test_numbers_as_people_write_them_are_taken(phone: str) -> None:
    eap = Eap(name="Harbour", phone=phone, employer_sees="no")
    assert check_eap(eap, countries=["DE"], today=TODAY) == eap


@pytest.mark.parametrize(
    "phone", ["1", "call us", "+", "١١٢", "12\n34", "9" * 40, "<tel>", "1 (", "+49 --"]
)
def test_what_cannot_be_dialled_is_refused(phone: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check_eap(Eap(name="H", phone=phone, employer_sees="no"), countries=[], today=TODAY)
    assert refused.value.problems == {"eap_phone": Problem.NOT_A_NUMBER}


def test_a_test_call_holds_for_ninety_days() -> None:
    for days, problems in (
        (0, ()),
        (TRIED_FOR.days, ()),
        (TRIED_FOR.days + 1, ("tried long ago",)),
    ):
        tried = (TODAY - timedelta(days=days)).isoformat()
        eap = as_value(Eap(name="H", phone="112", employer_sees="no", tried_on=tried))
        assert stored_problems(Item.EAP, eap, today=TODAY) == problems


@pytest.mark.parametrize("zone", ["", "Berlin", "../UTC", "europe/berlin\n"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check_hours(["0"], "09:00", "17:00", zone)
    assert set(refused.value.problems) == {"hours_zone"}


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check_hours(["0"], "22:00", "06:00", "Europe/Berlin")
    assert refused.value.problems == {"hours_to": Problem.ENDS_FIRST}
