"""The reader of guidelines.yml: what people in a cohort agree on, until they edit it."""

from __future__ import annotations

from bot.content import read_file
from bot.domain.cohort_settings import GUIDELINES_LIMIT
from bot.domain.cohorts import Purpose
from bot.domain.plain_text import lines
from bot.errors import CannotStart


def template(purpose: Purpose) -> str:
    """Return the guidelines that a cohort for this begins with."""
    return lines(str(read_file("guidelines")[purpose]))


def check() -> None:
    """Read every template once, so that a mistake is found at start-up and not by a person.

    Raises:
        CannotStart: names the file, and what is missing or too long in it.
    """
    found = read_file("guidelines")
    for purpose in Purpose:
        words = found.get(purpose)
        if not isinstance(words, str) or not 0 < len(lines(words)) <= GUIDELINES_LIMIT:
            raise CannotStart(
                f"bot/content/guidelines.yml needs 1 to {GUIDELINES_LIMIT} characters at {purpose}."
            )
