"""Who may: asked inside the transaction that does it, so that a role taken away holds at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from bot.domain.roles import Action, Role, may
from bot.errors import NotAllowed
from storage import roles


def roles_of(
    connection: Connection, person: str, *, cohort: UUID | None = None, admin: bool = False
) -> frozenset[Role]:
    """Return what somebody is.

    Args:
        connection: any read or write.
        person: Slack user id.
        cohort: roles for this cohort count as well; without it those for any cohort do.
        admin: whether Slack says that they are a workspace admin.
    """
    found = {
        Role(role)
        for role, where in roles.held(connection, person)
        if where is None or cohort is None or where == cohort
    }
    return frozenset(found | {Role.ADMIN} if admin else found)


def require(
    connection: Connection,
    person: str,
    action: Action,
    *,
    cohort: UUID | None = None,
    admin: bool = False,
) -> frozenset[Role]:
    """Return what somebody is, if that lets them do it; see `roles_of`.

    Raises:
        NotAllowed: it does not; nothing may be done.
    """
    held = roles_of(connection, person, cohort=cohort, admin=admin)
    if not may(action, held):
        raise NotAllowed
    return held
