"""Cohorts, as the operator keeps them from outside Slack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain.cohorts import NAME_LIMIT
from bot.errors import InvalidAnswer, SlackUnavailable
from bot.operations.opening import opened
from bot.ports import Channel, Profile, SystemClock
from bot.services.cohorts import Cohorts
from bot.services.correspondence import Bell
from bot.settings import Settings
from storage.engine import Database

Say = Callable[[str], None]


def add(settings: Settings, name: str, channel: str, members: Sequence[str], say: Say) -> int:
    """Keep a cohort with its members; 1 when it cannot be one, or its channel has one already."""
    with opened(settings) as database:
        try:
            added = _cohorts(database).add(name, channel, members)
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
        cohorts = _cohorts(database).every()
    for cohort in cohorts:
        say(f"{cohort.channel}  {cohort.name}")
    if not cohorts:
        say("There is no cohort yet. `hearth cohort add CHANNEL NAME --member ID` keeps one.")
    return 0


class _NobodyToAsk:
    """A workspace that says nothing: what the operator keeps needs none."""

    def profile(self, person: str) -> Profile:
        raise SlackUnavailable

    def look(self, channel: str) -> Channel:
        raise SlackUnavailable

    def members(self, channel: str) -> frozenset[str]:
        raise SlackUnavailable

    def private(self) -> Mapping[str, str]:
        raise SlackUnavailable


def _cohorts(database: Database) -> Cohorts:
    nobody = _NobodyToAsk()
    return Cohorts(database, SystemClock(), nobody, nobody, Bell())


_PROBLEMS = {
    "name": f"The name should be one line of at most {NAME_LIMIT} characters.",
    "channel": "A channel's id begins with C or G; Slack shows it at the end of its details.",
    "member": "A member's id begins with U or W; Slack shows it in their profile, under the dots.",
}
