"""What a cohort is: colleagues with a channel of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from bot.errors import InvalidAnswer, Problem

NAME_LIMIT = 60
"""Longest name, in characters: it has to fit beside "With which cohort?" on a phone."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """One cohort."""

    id: UUID
    name: str
    channel: str
    """Slack channel id."""


def check_cohort(name: str, channel: str, people: Iterable[str]) -> None:
    """Refuse what is no cohort.

    Raises:
        InvalidAnswer: the name is empty, has several lines or does not fit; or an id is not one of
            Slack's (C or G for channels, U or W for people).
    """
    problems: dict[str, Problem] = {}
    if not name.strip():
        problems["name"] = Problem.MISSING
    elif len(name) > NAME_LIMIT or not name.isprintable():
        problems["name"] = Problem.TOO_LONG
    if not re.fullmatch(r"[CG][A-Z0-9]{6,20}", channel):
        problems["channel"] = Problem.NOT_A_CHOICE
    if not all(re.fullmatch(r"[UW][A-Z0-9]{6,20}", person) for person in people):
        problems["member"] = Problem.NOT_A_CHOICE
    if problems:
        raise InvalidAnswer(problems)
