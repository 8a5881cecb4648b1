"""Rules of setting the programme up: what there must be, what is wrong with it, how far it is.

Nothing here is about a member. What somebody fills in is checked before it is kept; what can
change later, such as a channel, is looked at again when the list is opened.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.days import is_zone, minutes_of
from bot.domain.eap import Eap, read_eap, tried_problems
from bot.domain.plain_text import lines
from bot.errors import InvalidAnswer, Problem
from bot.ports import Channel


class Item(StrEnum):
    """What has to be set up, in the order in which it is asked."""

    CHANNEL = "channel"
    EAP = "eap"
    COUNTRIES = "countries"
    HOURS = "hours"
    DUTY_LEAD = "duty_lead"
    SECURITY_CONTACT = "security_contact"
    EMERGENCY_PLAN = "emergency_plan"


ITEMS = tuple(Item)

LIVE = "live"
"""The name under which it is kept that the programme went live."""


class Proof(StrEnum):
    """What has to be shown, besides the set-up, before anybody is paged or any note is read."""

    COVER = "cover"
    """Two trained moderators for every working hour."""
    LINES = "lines"
    """A verified crisis line for every enrolled country."""
    CANARY = "canary"
    """A concern that was made up, and reached a moderator."""


class Phase(StrEnum):
    """How far the programme is."""

    SETTING_UP = "setting_up"
    REHEARSAL = "rehearsal"
    """All is set up; concerns are practised, nobody is paged and no note is read."""
    LIVE = "live"
    """Somebody said go after everything was shown. Problems of later do not take it back: to stop
    listening without a word would be worse than any of them."""


class State(StrEnum):
    """How one item stands."""

    MISSING = "missing"
    DONE = "done"
    PROBLEM = "problem"


SEEN = "channel_seen"
"""The name under which it is kept what was found when the channel was last looked at."""

CHANNEL_MOST = 30
"""More people than that are not the moderators alone."""

LONG = 1000
"""Longest answer, in characters."""

_BEFORE_LIVE = {
    Problem.LEADS_INSIDE,
    Problem.NEVER_TRIED,
    Problem.TRIED_LONG_AGO,
    Problem.NOT_LOOKED,
}
"""Problems with which one can rehearse."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Who is in a channel, as far as it matters."""

    count: int
    guests: bool
    """Whether somebody is there who does not work here."""
    leads: bool
    """Whether somebody is there who leads the programme or administrates the workspace."""


def channel_problems(channel: Channel, *, of_cohort: bool) -> Sequence[Problem]:
    """Return why a channel cannot be the moderators'."""
    if not channel.is_inside and not channel.is_archived:
        return [Problem.NOT_THERE]
    found = {
        Problem.ARCHIVED: channel.is_archived,
        Problem.PUBLIC: not channel.is_private or channel.is_direct,
        Problem.OTHER_COMPANY: channel.is_shared,
        Problem.COHORTS_OWN: of_cohort,
    }
    return [problem for problem, holds in found.items() if holds]


OF_PEOPLE_INSIDE = frozenset({Problem.GUESTS, Problem.CROWDED, Problem.LEADS_INSIDE})
"""Problems with who is in the channel, and not with the channel itself."""


def inside_problems(inside: Inside) -> Sequence[Problem]:
    """Return what is wrong with who is in the moderators' channel."""
    found = {
        Problem.GUESTS: inside.guests,
        Problem.CROWDED: inside.count > CHANNEL_MOST,
        Problem.LEADS_INSIDE: inside.leads,
    }
    return [problem for problem, holds in found.items() if holds]


def forbids(problem: Problem) -> bool:
    """Whether nothing can be rehearsed with this problem, and so it is not even kept."""
    return problem not in _BEFORE_LIVE


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there, by the clock of one zone."""

    days: Sequence[int]
    """0 for Monday to 6 for Sunday."""
    begins: int
    """Minutes after midnight."""
    ends: int
    zone: str


def check_hours(days: Sequence[str], begins: str | None, ends: str | None, zone: str) -> Hours:
    """Return working hours, if they can be kept.

    Raises:
        InvalidAnswer: names each field that is missing or wrong.
    """
    problems: dict[str, Problem] = {}
    if not days or not set(days) <= set("0123456"):
        problems["hours_days"] = Problem.NOT_A_CHOICE if days else Problem.MISSING
    first, last = minutes_of(begins), minutes_of(ends)
    for name, given, read in (("hours_from", begins, first), ("hours_to", ends, last)):
        if read is None:
            problems[name] = Problem.NOT_A_TIME if given else Problem.MISSING
    if first is not None and last is not None and last <= first:
        problems["hours_to"] = Problem.ENDS_FIRST
    if not is_zone(zone):
        problems["hours_zone"] = Problem.NOT_A_ZONE if zone else Problem.MISSING
    if problems or first is None or last is None:
        raise InvalidAnswer(problems)
    return Hours(sorted({int(day) for day in days}), first, last, zone)


def check_countries(given: Collection[str], known: Collection[str]) -> list[str]:
    """Return the enrolled countries, if there are any and all are known.

    Raises:
        InvalidAnswer: none was chosen, or one that is not in the list.
    """
    if not given:
        raise InvalidAnswer({"countries": Problem.MISSING})
    if not set(given) <= set(known):
        raise InvalidAnswer({"countries": Problem.NOT_A_CHOICE})
    return sorted(set(given))


def check_plan(text: str) -> str:
    """Return the emergency plan: a link, or a sentence or more.

    Raises:
        InvalidAnswer: it is empty or too long.
    """
    plan = lines(text)
    if not plan:
        raise InvalidAnswer({"emergency_plan": Problem.MISSING})
    if len(plan) > LONG:
        raise InvalidAnswer({"emergency_plan": Problem.TOO_LONG})
    return plan


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as it stands."""

    item: Item
    value: Any = None
    """As it is kept: a mapping, a list or a text; None when it is missing, or names nobody."""
    revision: int = 0
    """Counts the changes; 0 when it was never set."""
    set_by: str | None = None
    set_at: datetime | None = None
    problems: Sequence[Problem] = ()

    @property
    def state(self) -> State:
        """How it stands."""
        if self.problems:
            return State.PROBLEM
        return State.MISSING if self.value is None else State.DONE

    @property
    def allows_rehearsal(self) -> bool:
        """Whether it is good enough to practise with."""
        return self.value is not None and not any(map(forbids, self.problems))


@dataclass(frozen=True, slots=True)
class Checklist:
    """All of the set-up, and how far it is."""

    entries: Mapping[Item, Entry]
    proofs: Mapping[Proof, bool]
    live_since: datetime | None = None

    @property
    def phase(self) -> Phase:
        """How far the programme is."""
        if self.live_since is not None:
            return Phase.LIVE
        ready = all(each.allows_rehearsal for each in self.entries.values())
        return Phase.REHEARSAL if ready else Phase.SETTING_UP

    @property
    def may_go_live(self) -> bool:
        """Whether nothing is missing any more, of the set-up or of what has to be shown."""
        set_up = all(each.state is State.DONE for each in self.entries.values())
        return set_up and all(self.proofs.get(each, False) for each in Proof)

    @property
    def pages(self) -> bool:
        """Whether anybody is paged; only once it is live."""
        return self.phase is Phase.LIVE

    @property
    def reads(self) -> bool:
        """Whether the safety reading that members chose is done; only once it is live."""
        return self.phase is Phase.LIVE

    @property
    def open_items(self) -> Sequence[Item]:
        """What is missing or has a problem, in order."""
        return [item for item, each in self.entries.items() if each.state is not State.DONE]

    @property
    def missing_proofs(self) -> Sequence[Proof]:
        """What has still to be shown."""
        return [each for each in Proof if not self.proofs.get(each, False)]


def stored_problems(item: Item, value: Any, *, today: date) -> Sequence[Problem]:
    """Return what is wrong with a value by now, without asking anybody."""
    if value is None:
        return (Problem.VACANT,)  # whoever was named is not there any more, and is not kept
    if item is not Item.EAP:
        return ()
    return tried_problems(read_eap(value) or Eap(), today=today)


def as_value(kept: Eap | Hours) -> dict[str, Any]:
    """Return an answer as plain values."""
    values = asdict(kept)
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


@dataclass(frozen=True, slots=True)
class Step:
    """One item with what its form needs."""

    entry: Entry
    checklist: Checklist
    channels: Mapping[str, str] = field(default_factory=dict)
    """The channels that can be chosen: id to name."""
    zone: str = ""
    """Where the person is, as Slack says."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the programme stands, as far as it concerns somebody."""

    phase: Phase
    moderators: Sequence[str]
    leads: Sequence[str]
    hours: Hours | None
    checklist: Checklist | None
    """For those who may see it."""
