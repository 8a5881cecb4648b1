"""Leads say which lines hold; nobody else does."""

from __future__ import annotations

import pytest

from app import Hearth
from bot.content import lines as bundled
from bot.domain.programme import Proof
from bot.errors import InvalidAnswer, NotAllowed
from sandbox import Person, Sandbox
from tests.conftest import Stored, top
from tests.integration.granting import granted
from tests.integration.pressing import pressed
from tests.integration.slack import gives_up_soon, said
from tests.integration.support.helping import DAY, GERMAN, Mark, set_up, words


def test_a_lead_says_which_lines_hold(
    hearth: Hearth, ines: Person, member: Person, stored: Stored
) -> None:
    assert ines.types("/hearth lines").ok
    assert ines.clicks("lines_country", "DE").ok
    assert "Not checked yet. Members do not see it." in words(ines)
    assert ines.clicks("lines_holds", block_id="line_telefonseelsorge").ok
    assert "It counts until" in words(ines)
    member.types("/support")
    assert GERMAN in words(member)
    member.closes()
    before = top(ines)
    assert ines.clicks("lines_fails", block_id="line_telefonseelsorge").ok
    (again,) = [
        each
        for block in before["blocks"]
        for each in block.get("elements", [])
        if block["block_id"] == "line_telefonseelsorge" and each["action_id"] == "lines_fails"
    ]
    pressed(hearth._bolt(), ines, again, view=before)
    assert "not to hold. Members do not see it." in words(ines)
    member.types("/support")
    assert GERMAN not in words(member)
    assert stored.count("line_checks") == 1


def test_nobody_but_a_lead_sees_the_list_or_marks_a_line(
    workspace: Sandbox, hearth: Hearth, stored: Stored
) -> None:
    granted(hearth, workspace.person("priya"), "moderator")
    granted(hearth, workspace.person("kofi"), "peer_supporter")
    for person in map(workspace.person, ("rosa", "priya", "kofi")):
        assert person.types("/hearth lines").ok
        assert person.view is None
        assert "another role" in said(person)
        with pytest.raises(NotAllowed):
            hearth.services.support.mark(person.id, "DE", "telefonseelsorge", holds=True)
        with pytest.raises(NotAllowed):
            hearth.services.support.mark(person.id, "XX", "none", holds=True)
        assert stored.count("line_checks") == 0


@pytest.mark.parametrize("action", ["lines_holds", "lines_fails"])
def test_a_forged_or_stale_mark_of_somebody_who_is_no_lead_is_refused(
    workspace: Sandbox, hearth: Hearth, ines: Person, stored: Stored, action: str
) -> None:
    line = bundled.of("DE")[1]
    value = f"DE {line.key} {line.fingerprint}"
    button = {"type": "button", "action_id": action, "block_id": "b", "value": value}
    noor = workspace.person("noor")
    noor.types("/support")
    assert pressed(hearth._bolt(), noor, button) == 500
    ines.types("/hearth lines")
    stored.change("UPDATE grants SET revoked_at = granted_at")
    with gives_up_soon(workspace):
        assert not ines.clicks(action, block_id="line_142").ok
        assert not ines.clicks("lines_country", "DE").ok
    assert stored.count("line_checks") == 0


def test_a_forged_mark_of_a_lead_changes_nothing(
    hearth: Hearth, ines: Person, stored: Stored
) -> None:
    ines.types("/hearth lines")
    button = {"type": "button", "action_id": "lines_holds", "block_id": "b"}
    forged = ("", "DE", "DE a b c", "DE none x", "XX telefonseelsorge x", None, "x" * 2000)
    for value in forged:
        assert pressed(hearth._bolt(), ines, button | {"value": value}) in (200, 500)
        assert stored.count("line_checks") == 0, value


def test_a_mark_of_a_line_that_reads_differently_by_now_is_not_kept(
    hearth: Hearth, ines: Person, stored: Stored
) -> None:
    ines.types("/hearth lines")
    value = "DE telefonseelsorge ofanoldernumber"
    button = {"type": "button", "action_id": "lines_holds", "block_id": "b", "value": value}
    assert pressed(hearth._bolt(), ines, button) == 200
    assert "nothing was marked" in words(ines)
    with pytest.raises(InvalidAnswer):
        hearth.services.support.mark(ines.id, "DE", "none", holds=True)
    assert stored.count("line_checks") == 0


def test_forgetting_keeps_the_check_and_not_whose_it_was(
    ines: Person, mark: Mark, member: Person, stored: Stored
) -> None:
    mark()
    assert ines.types("/checkin forget").ok
    ines.submits()
    assert stored.rows("SELECT holds, checked_by FROM line_checks") in (
        [(1, None)],
        [(True, None)],
    )
    member.types("/support")
    assert GERMAN in words(member)


def test_the_gate_learns_which_countries_have_no_line_to_show(hearth: Hearth, mark: Mark) -> None:
    support = hearth.services.support
    now = hearth._clock.now()
    assert support.without_lines(["DE", "CZ", "US"], now) == ["DE", "CZ", "US"]
    mark()
    assert support.without_lines(["DE", "CZ", "US"], now) == ["CZ", "US"]
    assert support.without_lines(["DE"], now + 91 * DAY) == ["DE"]


def test_the_programme_goes_live_with_a_verified_line_for_each_country_only(
    hearth: Hearth, mark: Mark, workspace: Sandbox
) -> None:
    def missing() -> bool:
        return Proof.LINES in hearth.services.programme.checklist().missing_proofs

    mark()
    assert missing()
    set_up(hearth, "countries", ["DE", "US"])
    assert missing()
    mark("US", "988")
    assert not missing()
    workspace.clock.advance(91 * DAY)
    assert missing()
