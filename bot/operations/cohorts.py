"""Cohorts, as the operator keeps them until they can be made from inside Slack."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.cohorts import NAME_LIMIT
from bot.errors import InvalidAnswer
from bot.operations.opening import opened
from bot.ports import SystemClock
from bot.services.cohorts import Cohorts
from bot.settings import Settings

Say = Callable[[str], None]


def add(settings: Settings, name: str, channel: str, members: Sequence[str], say: Say) -> int:
    """Keep a cohort with its members; 1 when it cannot be one, or its channel has one already."""
    with opened(settings) as database:
        try:
            added = Cohorts(database, SystemClock()).add(name, channel, members)
        except InvalidAnswer as error:
            for field in error.problems:
                say(_PROBLEMS[field])
            return 1
    if not added:
        say(f"The channel {channel} has a cohort already; nothing was changed.")
        return 1
    people = "1 member" if len(set(members)) == 1 else f"{len(set(members))} members"
    say(f"{name} is kept, with {people}. Please invite Hearth to its channel, if it is not there.")
    return 0


def list_cohorts(settings: Settings, say: Say) -> int:
    """Say which cohorts there are; never who belongs to them."""
    with opened(settings) as database:
        cohorts = Cohorts(database, SystemClock()).every()
    for cohort in cohorts:
        say(f"{cohort.channel}  {cohort.name}")
    if not cohorts:
        say("There is no cohort yet. `hearth cohort add CHANNEL NAME --member ID` keeps one.")
    return 0


_PROBLEMS = {
    "name": f"The name should be one line of at most {NAME_LIMIT} characters.",
    "channel": "A channel's id begins with C or G; Slack shows it at the end of its details.",
    "member": "A member's id begins with U or W; Slack shows it in their profile, under the dots.",
}
