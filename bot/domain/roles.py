"""Rules about roles: who may do what, and who may give whom a role.

One table, read by every service before it does anything. A line manager has no role here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bot.domain.cohorts import Cohort
from bot.errors import InvalidAnswer, Problem


class Role(StrEnum):
    """What somebody is to the programme; nobody is all of it."""

    MEMBER = "member"
    """Has joined. Not given by anybody."""
    PEER_SUPPORTER = "peer_supporter"
    FACILITATOR = "facilitator"
    """Runs one cohort; given for each cohort."""
    MODERATOR = "moderator"
    """Receives concerns."""
    LEAD = "lead"
    """Sets the programme up, and sees no person."""
    ADMIN = "admin"
    """A workspace admin, as Slack says; may set up as long as nobody leads."""


class Action(StrEnum):
    """What somebody may ask for, besides what is their own."""

    SET_UP = "set_up"
    """Change how the programme is set up."""
    SEE_SET_UP = "see_set_up"
    """See what is set up and what is missing."""
    GRANT = "grant"
    """Give and take away roles, and see who holds which."""
    CREATE_COHORT = "create_cohort"
    RUN_COHORT = "run_cohort"
    """Change or close one cohort, and see its own count."""
    SEE_COHORTS = "see_cohorts"
    """See all cohorts with their counts as bands."""
    KEEP_LINES = "keep_lines"
    """Say that a crisis line was tried and holds."""
    RECEIVE_CONCERNS = "receive_concerns"
    """Be a moderator on duty."""


MAY: Mapping[Action, frozenset[Role]] = {
    Action.SET_UP: frozenset({Role.LEAD, Role.ADMIN}),
    Action.SEE_SET_UP: frozenset({Role.LEAD, Role.ADMIN, Role.MODERATOR}),
    Action.GRANT: frozenset({Role.LEAD, Role.ADMIN}),
    Action.CREATE_COHORT: frozenset({Role.LEAD, Role.FACILITATOR}),
    Action.RUN_COHORT: frozenset({Role.LEAD, Role.FACILITATOR}),
    Action.SEE_COHORTS: frozenset({Role.LEAD}),
    Action.KEEP_LINES: frozenset({Role.LEAD}),
    Action.RECEIVE_CONCERNS: frozenset({Role.MODERATOR}),
}
"""The one table. Whatever is one's own needs no entry: only consent."""

GRANTED = (Role.LEAD, Role.MODERATOR, Role.FACILITATOR, Role.PEER_SUPPORTER)
"""The roles that are given."""

APART = frozenset({Role.MODERATOR, Role.LEAD}), frozenset({Role.MODERATOR, Role.ADMIN})
"""Roles that nobody may hold together: who could decide on anyone hears of nobody's concern."""


UNTIL_LED = frozenset({Action.SET_UP})
"""What a workspace admin may do only as long as nobody leads."""

APPOINTS: Mapping[Role, Sequence[Role]] = {Role.LEAD: GRANTED, Role.ADMIN: (Role.LEAD,)}
"""Who gives and takes away which roles."""


def may(action: Action, roles: Collection[Role], *, led: bool = False) -> bool:
    """Whether somebody with these roles may do it; `led` says whether anybody leads."""
    holders = MAY[action] - {Role.ADMIN} if led and action in UNTIL_LED else MAY[action]
    return not holders.isdisjoint(sound(roles))


def sound(roles: Collection[Role]) -> frozenset[Role]:
    """Return the roles that count: a moderator who came to lead or administrate is none."""
    held = frozenset(roles)
    return held - {Role.MODERATOR} if any(pair <= held for pair in APART) else held


def appoints(roles: Collection[Role]) -> Sequence[Role]:
    """Return the roles that somebody with these roles gives and takes away."""
    return [role for role in GRANTED if any(role in APPOINTS.get(each, ()) for each in roles)]


def clash(role: Role, held: Collection[Role]) -> Role | None:
    """Return a role that somebody holds already and that excludes `role`, or None."""
    for pair in APART:
        if role in pair:
            (other,) = pair - {role}
            if other in held:
                return other
    return None


@dataclass(frozen=True, slots=True)
class Wish:
    """A role to be given."""

    person: str
    role: Role
    cohort: UUID | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody a role is to be given to, or taken from."""

    roles: Collection[Role]
    """What they are already, and whether Slack says that they are an admin."""
    is_colleague: bool
    """Works here: no guest, no bot, nobody of another company, nobody who is gone."""
    decides: bool = False
    """Said, on joining the cohort of the wish, that they decide on others' work or pay."""


def check_grant(
    wish: Wish,
    giver: str,
    giver_is: Collection[Role],
    holder: Holder,
    *,
    cohorts: Collection[UUID],
    led: bool,
) -> None:
    """Refuse a role that may not be given.

    Args:
        wish: what is to be given to whom.
        giver: who gives it.
        giver_is: what they are.
        holder: to whom.
        cohorts: those that there are.
        led: whether anybody leads.

    Raises:
        InvalidAnswer: says why, beside person, role or cohort.
    """
    if wish.role not in appoints(giver_is):
        raise InvalidAnswer({"role": Problem.NOT_YOURS_TO_GIVE})
    if not holder.is_colleague:
        raise InvalidAnswer({"person": Problem.NOT_A_COLLEAGUE})
    other = clash(wish.role, holder.roles)
    if other is not None:
        raise InvalidAnswer({"role": _CLASHES[other]})
    first = wish.role is Role.LEAD and not led and Role.ADMIN in giver_is
    if wish.person == giver and not first:
        raise InvalidAnswer({"person": Problem.YOURSELF})
    if wish.role is Role.FACILITATOR and wish.cohort not in cohorts:
        problem = Problem.MISSING if wish.cohort is None else Problem.NOT_A_CHOICE
        raise InvalidAnswer({"cohort": problem})
    if wish.role is Role.FACILITATOR and holder.decides:
        raise InvalidAnswer({"role": Problem.DECIDES})


_CLASHES = {
    Role.LEAD: Problem.LEADS,
    Role.ADMIN: Problem.ADMINISTRATES,
    Role.MODERATOR: Problem.MODERATES,
}


def check_end(role: Role, *, own: bool, ender_is: Collection[Role], leads: int) -> bool:
    """Whether somebody may end a role: their own, or one that they could have given.

    Raises:
        InvalidAnswer: it is the last lead's; somebody else has to lead before.
    """
    if not own and role not in appoints(ender_is):
        return False
    if role is Role.LEAD and leads <= 1:
        raise InvalidAnswer({"grant": Problem.LAST_LEAD})
    return True


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds, or held."""

    id: UUID
    person: str
    role: Role
    cohort: str | None
    """The name of the cohort that it is for."""
    by: str | None
    """Who gave it; None for Hearth."""
    since: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Who holds which role, as far as it concerns one person."""

    person: str
    mine: Sequence[Held]
    past: Sequence[Held]
    """What they held before, the latest first."""
    others: Sequence[Held]
    """A page of all roles that the person may know of."""
    total: int
    """How many there are on all pages."""
    first: int
    """How many stand before this page."""
    gives: Sequence[Role]
    """The roles that the person may give and take away."""
    cohorts: Sequence[Cohort]
    """Those that a facilitator can be given to."""
    led: bool

    @property
    def sees_all(self) -> bool:
        """Whether they may know who gave what to whom."""
        return bool(self.gives)


A_PAGE = 30
"""Roles on a page; a modal has room for a hundred blocks."""

KNOWN_TO_ALL = frozenset({Role.LEAD, Role.MODERATOR, Role.PEER_SUPPORTER})
"""Everybody may know who leads, who hears of concerns, and who offers an ear."""
