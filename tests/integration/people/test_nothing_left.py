"""No id of somebody who was forgotten stays anywhere, but for the record of roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app import Hearth
from bot.domain.delivery import Kind
from bot.domain.programme import Item
from bot.domain.roles import Role
from bot.services.budget import prompt
from sandbox import Person, Sandbox
from storage import lines, offers, people, programme, recipients, responses, roles, rota
from storage.cohorts import every, in_channel
from storage.lines import CheckRow
from storage.responses import ResponseRow
from storage.tables import tables
from tests.conftest import Stored, filled_in, top
from tests.integration.outbox import settled
from tests.integration.people.weekly import wishes
from tests.integration.rituals.reacting import begun
from tests.integration.rituals.rotas import coming
from tests.integration.slack import texts
from tests.integration.weather.conftest import COHORT, asked, share
from tests.logs import NOTE
from tests.waiting import until

NAMED = (Item.DUTY_LEAD, Item.SECURITY_CONTACT)
RECORD = {("grants", name) for name in ("person_id", "granted_by", "revoked_by")}
"""What docs/privacy.md names: who held which role, by whose word."""
VACANT = "Whoever was named here is not available any more"


def leave_traces(connection: Connection, person: str, workspace: Sandbox) -> None:
    """Let somebody be named wherever somebody can be: roles, settings, checks of lines."""
    now = workspace.clock.now()
    other = workspace.person("priya").id
    cohort = every(connection)[0].id
    roles.add(connection, person, Role.LEAD, cohort=None, by=None, now=now)
    roles.add(connection, person, Role.FACILITATOR, cohort=cohort, by=person, now=now)
    given = roles.add(connection, other, Role.MODERATOR, cohort=None, by=person, now=now)
    assert given is not None
    roles.revoke(connection, given, by=person, now=now)
    for item in NAMED:
        programme.put(connection, item, person, revision=0, by=person, now=now)
    programme.put(connection, Item.COUNTRIES, ["DE"], revision=0, by=person, now=now)
    lines.mark(connection, CheckRow("DE", "telefonseelsorge", "f", True, now.date()), by=person)


def leave_reactions(
    connection: Connection, person: str, occurrence: UUID, workspace: Sandbox
) -> None:
    """Let a member have responded to a ritual, given support to somebody, and been given some."""
    now, other = workspace.clock.now(), workspace.person("priya").id
    people.join(connection, other, country="DE", now=now)
    responses.keep(connection, occurrence, ResponseRow(person, "heart", "1", stands=True))
    for one, author in ((person, other), (other, person)):
        offers.add(connection, one, author=author, channel="C0000001", ts="1.2", now=now)


@pytest.fixture
def everywhere(workspace: Sandbox, hearth: Hearth, member: Person) -> Person:
    """Maya, who has left a trace wherever one can be left."""
    member.types("/checkin")
    member.submits(filled_in(note=NOTE))
    member.closes(all=True)
    share(member)
    member.types("/checkin export")
    member.submits()
    member.closes(all=True)
    hearth.database.write(lambda each: leave_traces(each, member.id, workspace))
    with hearth.database.read() as connection:
        cohort = every(connection)[0].id
    occurrence = begun(hearth, cohort)
    hearth.database.write(lambda each: leave_reactions(each, member.id, occurrence, workspace))
    now = workspace.clock.now()
    held = coming(hearth, cohort, now + timedelta(days=9), ask_at=now + timedelta(days=8))
    hearth.database.write(lambda each: rota.join(each, cohort, member.id, now=now))
    hearth.database.write(lambda each: rota.add_turn(each, held, member.id, now=now))
    hearth.database.write(lambda each: recipients.add(each, member.id, now=now))
    hearth.database.write(lambda each: prompt(each, member.id, Kind.WEEKLY_CHECKIN, now=now))
    wishes(member)
    settled(hearth)
    return member


def found(stored: Stored, text: str) -> Iterator[tuple[str, str]]:
    """Give each table and column in which a text stands, whatever the column holds."""
    names = {table.name: [column.name for column in table.columns] for table in tables()}
    assert set(names) <= set(stored.tables())
    for table in stored.tables():
        for column in names.get(table, ["*"]):
            if text in str(stored.rows(f'SELECT "{column}" FROM {table}'.replace('"*"', "*"))):  # noqa: S608
                yield table, column


def assert_only_the_record_is_left(stored: Stored, person: Person, dm: str) -> None:
    assert set(found(stored, person.id)) <= RECORD
    assert not set(found(stored, dm))
    for table in stored.tables():
        assert NOTE not in str(stored.rows(f"SELECT * FROM {table}")), table  # noqa: S608


def dm_of(stored: Stored) -> str:
    (found,) = stored.rows("SELECT dm_channel FROM people WHERE dm_channel IS NOT NULL")[0]
    return str(found)


def test_the_search_finds_every_trace_that_was_left(everywhere: Person, stored: Stored) -> None:
    assert {table for table, _ in found(stored, everywhere.id)} == {
        *("people", "consents", "checkins", "cohort_members", "exports"),
        *("grants", "programme", "line_checks", "recipients"),
        *("ritual_responses", "support_offers"),
        *("rota_members", "ritual_turns"),
        *("weekly_checkins", "prompts"),
    }
    assert {column for table, column in found(stored, everywhere.id) if table == "programme"} == {
        "value",
        "set_by",
    }


def test_who_asks_to_be_forgotten_is_named_nowhere_but_in_the_record_of_roles(
    hearth: Hearth, everywhere: Person, stored: Stored
) -> None:
    dm = dm_of(stored)
    everywhere.types("/hearth leave")
    assert everywhere.submits().ok
    settled(hearth)
    assert_only_the_record_is_left(stored, everywhere, dm)


def test_who_is_gone_for_thirty_days_is_named_nowhere_but_in_the_record_of_roles(
    workspace: Sandbox, hearth: Hearth, everywhere: Person, stored: Stored
) -> None:
    dm = dm_of(stored)
    workspace.deactivate("maya")
    gone = "SELECT 1 FROM people WHERE gone_since IS NOT NULL"
    until(lambda: stored.rows(gone), "the account is not known to be closed")
    workspace.clock.advance(timedelta(days=30, hours=1))
    hearth.services.accounts.forget_the_gone()
    settled(hearth)
    assert_only_the_record_is_left(stored, everywhere, dm)


def test_who_never_joined_and_is_gone_is_named_no_longer_at_once(
    workspace: Sandbox, hearth: Hearth, member: Person, stored: Stored
) -> None:
    assert member
    kofi = workspace.person("kofi")
    hearth.database.write(lambda each: leave_traces(each, kofi.id, workspace))
    workspace.deactivate("kofi")
    until(lambda: set(found(stored, kofi.id)) <= RECORD, "somebody who is gone is still named")


@pytest.mark.parametrize("item", NAMED)
@pytest.mark.parametrize("how", ["forgets", "deactivated", "guest"])
def test_a_step_that_named_somebody_who_is_there_no_more_is_shown_as_a_problem(
    workspace: Sandbox, hearth: Hearth, maya: Person, stored: Stored, item: Item, how: str
) -> None:
    ines, now = workspace.person("ines"), workspace.clock.now()
    hearth.database.write(
        lambda each: roles.add(each, ines.id, Role.LEAD, cohort=None, by=None, now=now)
    )
    hearth.database.write(
        lambda each: programme.put(each, item, maya.id, revision=0, by=ines.id, now=now)
    )
    ines.types("/hearth setup")
    assert VACANT not in str(list(texts(top(ines), "mrkdwn")))
    button = next(b for b in top(ines)["blocks"] if b.get("accessory", {}).get("value") == item)
    assert ines.clicks("setup_step_open", block_id=button["block_id"]).ok
    if how == "forgets":
        maya.types("/hearth leave")
        assert maya.submits().ok
    elif how == "deactivated":
        workspace.deactivate("maya")
    else:
        workspace.set_role("maya", "guest")
    value = "SELECT value FROM programme"
    until(lambda: stored.rows(value) == [("null",)], "they are still named")
    # The form that was open meanwhile does not bring them back unseen.
    ines.submits({item: {item: maya.id}})
    assert stored.rows(value) == [("null",)]
    ines.closes(all=True)
    ines.types("/hearth setup")
    assert VACANT in str(list(texts(top(ines), "mrkdwn")))
    assert "<@None>" not in str(top(ines))
    assert hearth.services.programme.checklist().open_items[0] is Item.CHANNEL


def test_the_pinned_notice_names_a_facilitator_no_longer_who_is_forgotten(
    workspace: Sandbox, hearth: Hearth, maya: Person, cohorts: dict[str, str]
) -> None:
    now = workspace.clock.now()
    with hearth.database.read() as connection:
        row = in_channel(connection, cohorts[COHORT])
    assert row is not None
    hearth.database.write(
        lambda each: roles.add(each, maya.id, Role.FACILITATOR, cohort=row.id, by=None, now=now)
    )
    assert asked(workspace) == 0
    hearth.services.people.forget(maya.id)
    settled(hearth)
    (shown,) = workspace.posted(COHORT)
    assert maya.id not in shown["text"]
