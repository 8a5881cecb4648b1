"""The reader of lines.yml: emergency numbers and crisis lines by country."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from bot import content
from bot.content import read_file
from bot.domain.support import EMERGENCY, VERIFIED_FOR, Line
from bot.errors import CannotStart

_WAYS = ("call", "text", "web")
_OPTIONAL = ("hours", "languages", "hint")
_KEY = re.compile(r"[a-z0-9_]{1,40}")
_MOST_LINES = 8
_LIMIT = 120


def everywhere() -> str:
    """Return the address that knows lines for every country."""
    return str(read_file("lines")["everywhere"]["web"])


def of(country: str | None) -> Sequence[Line]:
    """Return the lines of a country, its emergency number first; none for an unknown country."""
    return _lines().get(country or "", ())


def countries() -> Sequence[str]:
    """Return the codes of the countries that have lines, in the order to show them."""
    return [code for code in content.countries() if code in _lines()]


def find(country: str, key: str) -> Line | None:
    """Return one line, or None."""
    return next((line for line in of(country) if line.key == key), None)


def check() -> None:
    """Read every line once, so that a mistake is found at start-up and not by a person.

    Raises:
        CannotStart: names the line and what is wrong with it.
    """
    if not _is_words(read_file("lines").get("everywhere", {}).get("web")):
        raise CannotStart("bot/content/lines.yml needs everywhere.web.")
    _lines.cache_clear()
    _lines()


@cache
def _lines() -> Mapping[str, Sequence[Line]]:
    found: dict[str, Sequence[Line]] = {}
    by_country = read_file("lines").get("countries")
    if not isinstance(by_country, Mapping):
        raise CannotStart("bot/content/lines.yml needs countries.")
    for country, given in by_country.items():
        if country not in content.countries():
            raise CannotStart(f"bot/content/lines.yml: {country} is not in countries.yml.")
        found[country] = read(country, given)
    return found


def read(country: str, given: Any) -> Sequence[Line]:
    """Return the lines of one country's entry.

    Raises:
        CannotStart: names the line and what is wrong with it.
    """
    whole = isinstance(given, Mapping) and set(given) <= {"emergency", "lines"}
    if (
        not whole
        or not isinstance(given.get("lines", []), list)
        or not isinstance(given.get("emergency", {}), Mapping)
    ):
        raise CannotStart(f"bot/content/lines.yml: {country} is not a country's entry.")
    entries = [*given.get("lines", [])]
    if "emergency" in given:
        named = {"key": EMERGENCY, "name": "Emergency number"}
        entries = [{**given["emergency"], **named}, *entries]
    lines = [_line(country, entry) for entry in entries]
    if len({line.key for line in lines}) < len(lines):
        raise CannotStart(f"bot/content/lines.yml: {country} has two lines of one key.")
    if len(lines) > _MOST_LINES:
        raise CannotStart(f"bot/content/lines.yml: {country} has more than {_MOST_LINES} lines.")
    return tuple(lines)


def _line(country: str, entry: Any) -> Line:
    if not isinstance(entry, Mapping):
        raise CannotStart(f"bot/content/lines.yml: {country} has a line that is none.")
    where = f"bot/content/lines.yml: {country} {entry.get('key')}"
    known = {"key", "name", "source", "verified_on", "expires", *_WAYS, *_OPTIONAL}
    if odd := sorted(set(map(str, entry)) - known):
        raise CannotStart(f"{where} has {odd[0]}, which means nothing.")
    if not isinstance(entry.get("key"), str) or not _KEY.fullmatch(entry["key"]):
        raise CannotStart(f"{where}: a key is small letters, digits and _, a number in quotes.")
    if missing := [part for part in ("name", "source") if not _is_words(entry.get(part))]:
        raise CannotStart(f"{where} needs {missing[0]}, in quotes if it is a number.")
    given = {part: entry[part] for part in (*_WAYS, *_OPTIONAL) if part in entry}
    if odd := [part for part, text in given.items() if not _is_words(text)]:
        raise CannotStart(f"{where}: {odd[0]} is not words; a number needs quotes.")
    if not set(_WAYS) & set(given):
        raise CannotStart(f"{where} has no way to be reached: call, text or web.")
    verified, expires = _days(where, entry)
    return Line(
        country=country,
        key=entry["key"],
        name=entry["name"],
        source=entry["source"],
        verified_on=verified,
        expires=expires,
        **given,
    )


def _days(where: str, entry: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """Return verified_on, which has to stand there, and expires."""
    if "verified_on" not in entry:
        raise CannotStart(f"{where} needs verified_on: a day, or null when nobody has checked it.")
    days = {part: entry[part] for part in ("verified_on", "expires") if entry.get(part) is not None}
    # An instant of YAML is a date to Python as well, so the type has to be this one.
    if odd := [part for part, day in days.items() if type(day) is not date]:
        raise CannotStart(f"{where}: {odd[0]} is no day like 2026-11-22.")
    verified, expires = days.get("verified_on"), days.get("expires")
    if expires is not None and (
        verified is None or not verified <= expires <= verified + VERIFIED_FOR
    ):
        raise CannotStart(
            f"{where}: expires is at most {VERIFIED_FOR.days} days after verified_on."
        )
    return verified, expires


def _is_words(value: Any) -> bool:
    # What stands in a text of ours must not be able to mean anything else to Slack.
    return isinstance(value, str) and 0 < len(value) <= _LIMIT and not set(value) & set("<>&*_`~\n")
