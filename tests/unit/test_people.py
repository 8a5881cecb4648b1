import pytest

from bot.domain.people import (
    Agreement,
    Choices,
    Safety,
    check_agreement,
    check_choices,
    read_day_start,
)
from bot.errors import InvalidAnswer, Problem

COUNTRIES = {"DE": "Germany", "ZZ": "Somewhere else"}


def test_an_agreement_needs_a_yes_and_a_country() -> None:
    assert check_agreement(Agreement(agreed=True, country="DE"), countries=COUNTRIES) == "DE"


@pytest.mark.parametrize(
    ("agreement", "problems"),
    [
        (Agreement(agreed=False, country="DE"), {"agreed": Problem.MISSING}),
        (Agreement(agreed=True, country=None), {"country": Problem.MISSING}),
        (Agreement(agreed=True, country="XX"), {"country": Problem.NOT_A_CHOICE}),
        (
            Agreement(agreed=False, country=None),
            {"agreed": Problem.MISSING, "country": Problem.MISSING},
        ),
    ],
)
def test_half_an_agreement_is_none(agreement: Agreement, problems: dict[str, Problem]) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        check_agreement(agreement, countries=COUNTRIES)
    assert refused.value.problems == problems


@pytest.mark.parametrize(
    ("text", "minute"),
    [("5", 300), ("05:00", 300), ("5.30", 330), ("0", 0), ("23:59", 1439), (" 7h15 ", 435)],
)
def test_the_start_of_a_day_is_read_as_people_write_it(text: str, minute: int) -> None:
    assert read_day_start(text) == minute


@pytest.mark.parametrize("text", ["", "24", "5:60", "noon", "-1", "5:0", "123", "5 am please"])
def test_what_is_no_time_of_day_is_not_guessed(text: str) -> None:
    assert read_day_start(text) is None


@pytest.mark.parametrize("safety", [None, *Safety])
def test_choices_take_back_what_was_agreed_and_no_level_means_off(safety: Safety | None) -> None:
    chosen = check_choices(Agreement(False, "DE", safety), countries=COUNTRIES)
    assert chosen == Choices(checkins=False, safety=safety or Safety.OFF, country="DE")


@pytest.mark.parametrize("safety", ["everything", "OFF", " ", "tell\x00"])
def test_a_level_that_there_is_not_is_refused(safety: str) -> None:
    for check in (check_agreement, check_choices):
        with pytest.raises(InvalidAnswer) as refused:
            check(Agreement(True, "DE", safety), countries=COUNTRIES)
        assert refused.value.problems == {"safety": Problem.NOT_A_CHOICE}
