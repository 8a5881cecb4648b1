"""The server is away for a while: what people see of it."""

from __future__ import annotations

from app import Hearth
from sandbox import Person
from tests.conftest import filled_in, on_postgresql, top
from tests.integration.slack import said
from tests.logs import NOTE
from tests.stored import StoredOnServer

pytestmark = on_postgresql


def test_while_the_server_is_away_the_form_keeps_everything_and_then_works_at_once(
    member: Person, stored: StoredOnServer
) -> None:
    member.types("/checkin")
    with stored.server.stopped():
        refused = member.submits(filled_in(note=NOTE))
        assert "could not save this" in refused.errors["mood"]
        member.types("/checkin history")
        assert "cannot reach its memory" in said(member)
        assert top(member)["state"]["values"]["note"]["note"]["value"] == NOTE
    assert member.submits().ok
    assert [row[1:] for row in stored.checkins()] == [(4, 2, 3, "steady")]


def test_a_restart_between_two_clicks_is_noticed_by_nobody(
    member: Person, hearth: Hearth, stored: StoredOnServer
) -> None:
    member.types("/checkin")
    with stored.server.stopped():
        pass
    assert member.submits(filled_in(note=NOTE)).ok
    member.types("/checkin history")
    assert member.is_shown(NOTE)
    for each in (hearth.services.people.refresh_zones, hearth.services.checkins.let_old_ones_go):
        each()
