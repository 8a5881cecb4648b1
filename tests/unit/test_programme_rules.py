"""Where the rules of setting up draw their lines: which day, which minute, which country."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.eap import Eap, check_eap
from bot.domain.programme import check_hours
from bot.errors import InvalidAnswer, Problem

TODAY = date(2026, 11, 22)
GIVEN = Eap(name="Harbour Line", phone="+49 30 1234567", employer_sees="no")


def test_a_company_without_an_eap_serves_no_country() -> None:
    assert not Eap(none=True).serves("DE")
    assert Eap(phone="1").serves("DE")


def test_a_test_call_may_be_of_tomorrow_where_somebody_is_and_no_later() -> None:
    tomorrow = replace(GIVEN, tried_on=(TODAY + timedelta(days=1)).isoformat())
    assert check_eap(tomorrow, countries=[], today=TODAY) == tomorrow
    later = replace(GIVEN, tried_on=(TODAY + timedelta(days=2)).isoformat())
    with pytest.raises(InvalidAnswer) as refused:
        check_eap(later, countries=[], today=TODAY)
    assert refused.value.problems == {"eap_tried": Problem.NOT_YET}


def test_hours_end_after_they_begin() -> None:
    assert check_hours(["0"], "09:00", "09:01", "UTC").ends == 541
    for end in ("09:00", "08:59"):
        with pytest.raises(InvalidAnswer) as refused:
            check_hours(["0"], "09:00", end, "UTC")
        assert refused.value.problems == {"hours_to": Problem.ENDS_FIRST}
