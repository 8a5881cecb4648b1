"""What whoever runs a cohort can set about it, and which of it can be kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from bot.domain import plain_text
from bot.domain.cohorts import Cohort, Founding, Purpose, check_founding
from bot.domain.days import is_zone
from bot.domain.people import ELSEWHERE
from bot.errors import InvalidAnswer, Problem

GUIDELINES_LIMIT = 1500
"""Longest guidelines, in characters: with the rest of the notice they are read in a minute."""

ZONE_LIMIT = 60
REACTION_LIMIT = 100
"""As many characters may the name of an emoji have in Slack."""

USUAL_REACTION = "people_hugging"
"""The reaction that offers support where nobody has chosen another."""

NOWHERE = "none"
"""Stands in the form for no country: no public holidays count."""

_REACTION = re.compile(r"[\w+'-]+")
_SKIN_TONE = re.compile(r"::skin-tone-\d$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What was set about a cohort, with what holds where nothing was."""

    guidelines: str
    """As people typed them, or those of the template."""
    country: str | None
    """ISO 3166, whose public holidays count; None: nobody's."""
    zone: str | None
    """IANA name; None: nobody has said."""
    support_reaction: str | None
    """The name of the emoji that offers support; None: there is none."""
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that the form shows."""

    cohort: Cohort
    purpose: Purpose
    welcomes_deciders: bool
    settings: Settings
    facilitators: Sequence[str]
    """Slack user ids."""
    rota: str
    """How many would hold its rituals, as a band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be set."""

    founding: Founding
    guidelines: str
    """Empty for those of the template."""
    country: str | None
    zone: str | None
    support_reaction: str | None
    """None for no such reaction."""


def check_settings(given: Mapping[str, str | None], countries: Collection[str]) -> Wish:
    """Return what the raw fields of the form stand for.

    Args:
        given: name, purpose, guidelines, country, zone, reaction, deciders and open, as they were
            typed or chosen; None for what is empty or was not there.
        countries: the codes that can be chosen.

    Raises:
        InvalidAnswer: names each field that cannot be kept, and why.
    """
    founding, problems = _founding(given)
    if given["deciders"] not in {"yes", "no"}:
        problems["deciders"] = _no_choice(given["deciders"])
    guidelines = plain_text.lines(given["guidelines"] or "")
    if len(guidelines) > GUIDELINES_LIMIT:
        problems["guidelines"] = Problem.TOO_LONG
    country = given["country"]
    if country != NOWHERE and (country not in countries or country == ELSEWHERE):
        problems["country"] = _no_choice(country)
    zone = read_zone(given["zone"] or "")
    if zone is None:
        problems["zone"] = Problem.NOT_A_ZONE
    reaction = read_reaction(given["reaction"] or "")
    if reaction is None:
        problems["reaction"] = Problem.NOT_A_CHOICE
    if problems or founding is None:
        raise InvalidAnswer(problems)
    return Wish(
        founding=founding,
        guidelines=guidelines,
        country=None if country == NOWHERE else country,
        zone=zone or None,
        support_reaction=reaction or None,
    )


def _founding(given: Mapping[str, str | None]) -> tuple[Founding | None, dict[str, Problem]]:
    try:
        founding = check_founding(
            given["name"],
            given["purpose"],
            welcomes_deciders=given["deciders"] == "yes",
            may_be_open=given["open"] == "yes",
        )
    except InvalidAnswer as error:
        return None, {**error.problems}
    return founding, {}


def _no_choice(given: str | None) -> Problem:
    return Problem.MISSING if given is None else Problem.NOT_A_CHOICE


def read_zone(text: str) -> str | None:
    """Return the time zone that somebody typed, in whatever case; empty for none typed.

    None where there is no such zone.
    """
    typed = "_".join(text.split())
    if not typed or is_zone(typed):
        return typed
    same = (zone for zone in available_timezones() if zone.casefold() == typed.casefold())
    return next(same, None)


def read_reaction(text: str) -> str | None:
    """Return the name of the emoji that somebody typed; empty for none typed.

    None where it cannot be the name of one.
    """
    name = _SKIN_TONE.sub("", text.strip().strip(":")).lower()
    fits = len(name) <= REACTION_LIMIT and _REACTION.fullmatch(name) is not None
    return name if fits or not name else None


def needs_a_yes(before: Purpose, wish: Founding, *, is_open: bool) -> bool:
    """Whether it has to be said anew that everybody may read a channel.

    People who came to learn something in a public channel would else find themselves in one where
    they are asked how they are.
    """
    turns = wish.purpose is not before
    return is_open and turns and not wish.takes_open_channels
