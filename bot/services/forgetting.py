"""Taking back: what is deleted when somebody takes something back, or everything.

Each works inside the transaction of its caller, so that all of it is gone or nothing is.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.services.exports import end_all
from bot.services.notices import leave_all
from bot.services.roles import end_all as end_roles
from bot.services.rota_places import name_no_more
from bot.services.shares import take_away
from storage import checkins, lines, people, programme, recipients, roles, shares, weekly


def forget_checkins(connection: Connection, person: str, *, now: datetime) -> bool:
    """Delete the person's check-ins, and have shares and copies of them taken away in Slack.

    With them goes the wish to be asked for them.

    Returns:
        Whether there is anything to take away.
    """
    shared = take_away(connection, shares.withdraw_of(connection, person), now=now)
    copied = end_all(connection, person, now=now)
    checkins.remove_of(connection, person)
    weekly.remove(connection, person)
    return shared or copied


def forget_everything(connection: Connection, person: str, *, now: datetime) -> bool:
    """Delete everything that is the person's; True if something is to be taken away in Slack.

    What stays is the record of the roles that they held or gave, and when those ended. A step of
    the set-up that named them names nobody from then on, and the list says so.
    """
    roles.hold_still(connection)  # first, as whoever joins a cohort does: neither is half seen
    told = forget_checkins(connection, person, now=now)
    name_no_more(connection, person, now=now)
    leave_all(connection, person, now=now)  # a notice may follow; that is nothing of theirs
    end_roles(connection, person, now)
    programme.vacate(connection, person)
    programme.forget_who_set(connection, person)
    lines.forget_checker(connection, person)
    recipients.remove_of(connection, person)
    people.remove(connection, person)
    return told
