"""The employee assistance programme: what is entered of it, and what of that holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from bot.domain.plain_text import one_line
from bot.errors import InvalidAnswer, Problem

TRIED_FOR = timedelta(days=90)
"""How long a test call says that a number holds."""

SHORT = 80
"""Longest answer, in characters; an address on the web may be three times as long."""

_TEXT_LIMIT = 3 * SHORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Eap:
    """The employee assistance programme: a number to call that the company pays for."""

    none: bool = False
    """The company has none; then nothing else is filled in."""
    name: str = ""
    phone: str = ""
    web: str = ""
    hours: str = ""
    languages: str = ""
    code: str = ""
    """What a caller says so that they are let in."""
    employer_sees: str = ""
    """What the employer learns of a caller, as members read it; empty when nobody knows."""
    countries: Sequence[str] = field(default_factory=tuple)
    """Where it can be called; empty for everywhere."""
    tried_on: str = ""
    """The day of the last test call, as ISO has it."""

    def serves(self, country: str) -> bool:
        """Whether it can be called from there."""
        return not self.none and (not self.countries or country in self.countries)


UNSURE = "unsure"
EMPLOYER_SEES = ("no", "how many called, and not who", UNSURE)
"""What can be chosen; members read it as it stands."""


def check_eap(given: Eap, *, countries: Collection[str], today: date) -> Eap:
    """Return the entry, if it can be kept.

    Raises:
        InvalidAnswer: names each field that is missing or wrong.
    """
    if given.none:
        return Eap(none=True)
    given = replace(  # phone and web are held to what they may be, below
        given,
        name=one_line(given.name),
        hours=one_line(given.hours),
        languages=one_line(given.languages),
        code=one_line(given.code),
    )
    problems: dict[str, Problem] = {}
    if not given.name:
        problems["eap_name"] = Problem.MISSING
    if not is_number(given.phone):
        problems["eap_phone"] = Problem.NOT_A_NUMBER if given.phone else Problem.MISSING
    if given.web and not is_link(given.web):
        problems["eap_web"] = Problem.NOT_A_LINK
    if given.employer_sees not in EMPLOYER_SEES:
        problems["eap_employer"] = Problem.MISSING
    if not set(given.countries) <= set(countries):
        problems["eap_countries"] = Problem.NOT_A_CHOICE
    if given.tried_on and _day(given.tried_on) is None:
        problems["eap_tried"] = Problem.NOT_A_TIME
    elif given.tried_on and given.tried_on > (today + timedelta(days=1)).isoformat():
        problems["eap_tried"] = Problem.NOT_YET  # a day more, for it may be tomorrow where they are
    _lengths(problems, given)
    if problems:
        raise InvalidAnswer(problems)
    return replace(given, employer_sees="") if given.employer_sees == UNSURE else given


def _lengths(problems: dict[str, Problem], given: Eap) -> None:
    for name in ("name", "web", "hours", "languages", "code"):
        if len(getattr(given, name)) > SHORT * (3 if name == "web" else 1):
            problems[f"eap_{name}"] = Problem.TOO_LONG


def is_number(text: str) -> bool:
    """Whether a text can be dialled; no number that helps has fewer than three digits."""
    shaped = re.fullmatch(r"\+?[0-9][0-9 ()/.\-]{1,29}", text) is not None
    return shaped and sum(each.isdigit() for each in text) >= 3


def is_link(text: str) -> bool:
    """Whether a text is one address on the web."""
    return re.fullmatch(r"https?://[^\s<>|]+", text) is not None and one_line(text) == text


def read_eap(value: Any) -> Eap | None:
    """Return the company's EAP as it was entered; None when it names no way to reach anybody.

    Whatever is odd in what is stored is left out: it must keep nobody from the rest.
    """
    if not isinstance(value, Mapping):
        return None
    if value.get("none") is True:
        return Eap(none=True)
    given: dict[str, Any] = {
        name: one_line(text)[:_TEXT_LIMIT]
        for name in _TEXTS
        if isinstance(text := value.get(name), str)
    }
    if not given.get("phone") and not given.get("web"):
        return None
    where = value.get("countries")
    where = where if isinstance(where, list) else []
    codes = tuple(each for each in where if isinstance(each, str))
    return replace(Eap(countries=codes), **given)


_TEXTS = ("name", "phone", "web", "hours", "languages", "code", "employer_sees", "tried_on")


def tried_problems(eap: Eap, *, today: date) -> Sequence[Problem]:
    """Return what is wrong with the last test call by now."""
    if eap.none:
        return ()
    tried = _day(eap.tried_on)
    if tried is None:
        return (Problem.NEVER_TRIED,)
    return (Problem.TRIED_LONG_AGO,) if today - tried > TRIED_FOR else ()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
