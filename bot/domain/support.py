"""Rules about help: which crisis lines a person is shown, and when a lead has to look at them.

A day here is a day in UTC, the same for everybody, so that nobody sees a number that another
person is no longer shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.eap import Eap

VERIFIED_FOR = timedelta(days=90)
"""The longest that somebody's look at a line counts."""

WARN_BEFORE = timedelta(days=14)
"""How long before that a lead is told."""

LOOK_EVERY = timedelta(days=30)
"""How often a lead is asked to look, although the last look still counts."""

EMERGENCY = "emergency"
"""The key of a country's emergency number among its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody to call, to write to or to find on the web, as it is bundled."""

    country: str
    key: str
    """Names it among the lines of its country."""
    name: str
    source: str
    """Where its facts come from, for whoever checks them."""
    call: str | None = None
    text: str | None = None
    web: str | None = None
    hours: str | None = None
    languages: str | None = None
    hint: str | None = None
    verified_on: date | None = None
    expires: date | None = None

    @property
    def is_emergency(self) -> bool:
        """Whether it is the country's emergency number."""
        return self.key == EMERGENCY

    @property
    def fingerprint(self) -> str:
        """Names what a member would read: a check of other facts is no check of these."""
        facts = (self.name, self.call, self.text, self.web, self.hours, self.languages, self.hint)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Check:
    """What a lead said about a line on a day."""

    on: date
    holds: bool
    fingerprint: str
    """Of the line as the lead saw it."""


Checks = Mapping[tuple[str, str], Check]
"""The latest check by country and key."""


class State(StrEnum):
    """How a line stands on a day."""

    HOLDS = "holds"
    """Checked, and that counts."""
    RUNS_OUT = "runs_out"
    """The same, but not for much longer."""
    EXPIRED = "expired"
    UNCHECKED = "unchecked"
    """Nobody has said that it holds."""
    FAILED = "failed"
    """Somebody has said that it does not hold."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a line stands, since when, and until when that counts."""

    line: Line
    state: State
    on: date | None = None
    until: date | None = None

    @property
    def is_verified(self) -> bool:
        """Whether a member may be shown the line."""
        return self.state in (State.HOLDS, State.RUNS_OUT)


def standing(line: Line, checks: Checks, today: date) -> Standing:
    """Return how a line stands on a day.

    The latest word counts, whether it came with Hearth or from a lead. A day that is yet to come
    counts as none.
    """
    check = checks.get((line.country, line.key))
    if check is not None and (check.fingerprint != line.fingerprint or check.on > today):
        check = None
    bundled = line.verified_on
    if bundled is not None and (bundled > today or (check is not None and check.on >= bundled)):
        bundled = None
    if bundled is not None:
        on, until = bundled, min(line.expires or date.max, bundled + VERIFIED_FOR)
    elif check is None:
        return Standing(line, State.UNCHECKED)
    elif not check.holds:
        return Standing(line, State.FAILED, check.on)
    else:
        on, until = check.on, check.on + VERIFIED_FOR
    if today > until:
        return Standing(line, State.EXPIRED, on, until)
    soon = until - today <= WARN_BEFORE
    return Standing(line, State.RUNS_OUT if soon else State.HOLDS, on, until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What somebody is shown who asks for help; all of it plain values."""

    country: str | None
    """The code of a country that is known, None when nobody has said one."""
    emergency: Line | None
    """None: Hearth knows no number to trust, so it says "your local emergency number"."""
    lines: Sequence[Standing] = ()
    """Verified lines only."""
    has_lines: bool = False
    """Whether there are lines for the country at all, verified or not."""
    eap: Eap | None = None
    """None: nobody has entered one; whether it serves the country, it says itself."""
    is_complete: bool = True
    """False when nothing is known of what leads entered, so that lines and EAP may be missing."""
    is_as_last_read: bool = False
    """Whether storage does not answer now, and lines and EAP are as it last gave them."""


def help_on(
    today: date, *, country: str | None, lines: Iterable[Line], checks: Checks, eap: Eap | None
) -> Help:
    """Return what a person of a country is shown on a day.

    A line is shown only while somebody's look at it counts. The emergency number is shown unless
    somebody has said that it does not hold.
    """
    stand = [standing(line, checks, today) for line in lines]
    emergency = [e for e in stand if e.line.is_emergency and e.state is not State.FAILED]
    others = [each for each in stand if not each.line.is_emergency]
    return Help(
        country=country,
        emergency=emergency[0].line if emergency else None,
        lines=tuple(each for each in others if each.is_verified),
        has_lines=bool(others),
        eap=eap,
    )


@dataclass(frozen=True, slots=True)
class Entered:
    """What leads have entered that everybody may see; nothing in it is about a person."""

    checks: Checks
    eap: Eap | None


def generic(country: str | None, lines: Iterable[Line]) -> Help:
    """Return what can be said while nobody knows what was checked, or what the EAP is."""
    lines = tuple(lines)
    emergency = next((line for line in lines if line.is_emergency), None)
    has_lines = any(not line.is_emergency for line in lines)
    return Help(country=country, emergency=emergency, has_lines=has_lines, is_complete=False)


class Why(StrEnum):
    """Why a lead should look at a line."""

    NEVER = "never"
    """Nobody has looked yet."""
    EXPIRED = "expired"
    """The last look does not count any more: members are not shown the line."""
    RUNS_OUT = "runs_out"
    """It will not count any more in two weeks or sooner."""
    MONTHLY = "monthly"
    """It counts, but was a month ago."""


@dataclass(frozen=True, slots=True)
class Task:
    """One line to look at."""

    line: Line
    why: Why
    until: date | None = None
    """The last day on which members are shown it, if they are."""


def tasks(today: date, lines: Iterable[Line], checks: Checks) -> Sequence[Task]:
    """Return the lines to look at, in the order in which they came."""
    due = ((_why(each, today), each) for each in (standing(line, checks, today) for line in lines))
    return [
        Task(each.line, why, each.until if each.is_verified else None)
        for why, each in due
        if why is not None
    ]


def _why(stands: Standing, today: date) -> Why | None:
    if stands.state is State.UNCHECKED:
        return Why.NEVER
    if stands.state is State.EXPIRED:
        return Why.EXPIRED
    if stands.state is State.RUNS_OUT:
        return Why.RUNS_OUT
    looked = stands.on if stands.state is State.HOLDS else None
    return Why.MONTHLY if looked is not None and today - looked >= LOOK_EVERY else None


def occasions(today: date, due: Iterable[Task]) -> Sequence[str]:
    """Return what there is to tell a lead, each to be told once: the month, and each last day."""
    due = list(due)
    if not due:
        return []
    ends = {each.until for each in due if each.why is Why.RUNS_OUT and each.until is not None}
    return [f"month {today:%Y-%m}", *(f"until {end.isoformat()}" for end in sorted(ends))]


def in_scope(chosen: Any, checks: Checks, known: Iterable[str]) -> Sequence[str]:
    """Return the countries that leads look after: those chosen at set-up, those once checked.

    Never those that members chose: a country with one member would say who that is.

    Args:
        chosen: the setting as it is stored; what is no list of codes counts as none.
        checks: what was checked.
        known: the codes there are, in the order to show them.
    """
    codes = {each for each in chosen if isinstance(each, str)} if isinstance(chosen, list) else ()
    looked_after = {*codes, *(country for country, _ in checks)}
    return [each for each in known if each in looked_after]
