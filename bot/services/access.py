"""Who may: asked inside the transaction that does it, so that a role taken away holds at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from bot.domain.roles import MAY, Action, Role, may
from bot.errors import NotAllowed
from bot.ports import Directory
from bot.services.failures import reading
from storage import roles
from storage.engine import Database


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
    led = Role.ADMIN in held and is_led(connection)
    if not may(action, held, led=led):
        raise NotAllowed
    return held


def is_led(connection: Connection) -> bool:
    """Whether anybody leads the programme."""
    return bool(roles.holders(connection, Role.LEAD))


class Admins:
    """Knows who administrates the workspace: Slack is asked, and the answer is not kept."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    def asked(self, person: str, action: Action) -> bool:
        """Whether somebody is an admin, where that makes a difference; else Slack is not asked.

        Raises:
            NotRead: storage did not answer.
            SlackUnavailable: the workspace did not say.
        """
        if Role.ADMIN not in MAY[action]:
            return False
        with reading(), self._database.read() as connection:
            if may(action, roles_of(connection, person)):
                return False
        found = self._directory.profile(person)
        return found.is_admin and found.is_colleague
