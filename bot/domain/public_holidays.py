"""Public holidays of a country, those that hold everywhere in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache


def knows_holidays(country: str) -> bool:
    """Whether the holidays of a country (ISO 3166-1, two capital letters) are known."""
    import holidays  # takes long and much memory, and many workspaces never need it

    return len(country) == 2 and country in holidays.list_supported_countries()


def holiday(country: str | None, day: date) -> str | None:
    """Return the English name of the public holiday on a day, or None.

    A country that is not known, and no country, have none. Where a holiday that falls on a
    weekend is given back on another day, that day counts too.
    """
    return None if country is None else _holidays(country, day.year).get(day)


@lru_cache(maxsize=512)
def _holidays(country: str, year: int) -> Mapping[date, str]:
    if not knows_holidays(country):
        return {}
    import holidays

    return dict(holidays.country_holidays(country, years=year, language="en_US", expand=False))
