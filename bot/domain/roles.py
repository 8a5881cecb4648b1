"""Rules about roles: who may do what, and who may give whom a role.

One table, read by every service before it does anything. A line manager has no role here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum


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


def may(action: Action, roles: Collection[Role]) -> bool:
    """Whether somebody with these roles may do it."""
    return not MAY[action].isdisjoint(roles)


def clash(role: Role, held: Collection[Role]) -> Role | None:
    """Return a role that somebody holds already and that excludes `role`, or None."""
    for pair in APART:
        if role in pair:
            (other,) = pair - {role}
            if other in held:
                return other
    return None
