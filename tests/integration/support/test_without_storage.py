"""Help while the database is away: what leads had entered when it last answered."""

from __future__ import annotations

from datetime import timedelta

from app import Hearth
from bot.domain.support import Help
from sandbox import Person, Sandbox
from tests.conftest import Stored, settings_for
from tests.integration.support.helping import GERMAN, set_up, words
from tests.stored import away

EAP_NUMBER = "0800 555 0100"
SAID = "what your programme's lead had entered and checked when it last could"
READ = ("people", "line_checks", "programme")


def mark(hearth: Hearth, ines: Person, *, holds: bool = True) -> None:
    hearth.services.support.mark(ines.id, "DE", "telefonseelsorge", holds=holds)


def in_germany(hearth: Hearth) -> Help:
    return hearth.services.support.for_country("DE")


def test_what_leads_had_entered_is_still_shown_and_said_to_be_that(
    workspace: Sandbox, hearth: Hearth, member: Person, ines: Person, stored: Stored
) -> None:
    set_up(hearth, "eap", {"name": "Calm Lake", "phone": EAP_NUMBER})
    mark(hearth, ines)
    member.types("/support")
    assert SAID not in words(member)
    member.closes()
    with away(stored, *READ):
        assert member.types("/support").ok
        assert SAID in words(member)
        assert EAP_NUMBER in words(member)
        assert "your local emergency number" in words(member)
        assert GERMAN not in words(member)  # whose country that is, only storage knows
        assert member.clicks("support_country", "DE").ok
        for each in ("call 112", GERMAN, "Checked on", EAP_NUMBER, SAID):
            assert each in words(member)
        assert member.clicks("support_country", "GB").ok
        assert "116 123" not in words(member)  # nobody checked it
    member.closes()
    member.types("/support")
    assert SAID not in words(member)
    assert GERMAN in words(member)


def test_it_is_at_hand_from_the_start(
    workspace: Sandbox, hearth: Hearth, ines: Person, stored: Stored
) -> None:
    set_up(hearth, "eap", {"phone": EAP_NUMBER})
    mark(hearth, ines)
    another = Hearth(settings_for(workspace, stored.url), workspace.clock)
    another._warm()
    with away(stored, *READ):
        assert in_germany(another).lines
        assert in_germany(another).eap is not None
    another.database.close()


def test_until_storage_has_answered_once_nothing_is_claimed(
    workspace: Sandbox, hearth: Hearth, ines: Person, stored: Stored
) -> None:
    mark(hearth, ines)
    another = Hearth(settings_for(workspace, stored.url), workspace.clock)
    with away(stored, *READ):
        another._warm()
        shown = in_germany(another)
        assert (shown.is_complete, shown.lines) == (False, ())
    another.database.close()


def test_a_check_runs_out_on_its_day_in_memory_as_well(
    workspace: Sandbox, hearth: Hearth, ines: Person, stored: Stored
) -> None:
    mark(hearth, ines)
    hearth.services.support.remember()
    with away(stored, *READ):
        workspace.clock.advance(timedelta(days=90))
        assert in_germany(hearth).lines
        workspace.clock.advance(timedelta(days=1))
        shown = in_germany(hearth)
        assert (shown.is_as_last_read, shown.lines, shown.has_lines) == (True, (), True)


def test_a_line_that_was_said_not_to_hold_is_not_shown_from_memory(
    hearth: Hearth, ines: Person, stored: Stored
) -> None:
    mark(hearth, ines)
    assert in_germany(hearth).lines
    mark(hearth, ines, holds=False)
    with away(stored, *READ):
        assert in_germany(hearth).lines == ()


def test_what_another_process_was_told_is_known_after_the_clocks_job(
    workspace: Sandbox, hearth: Hearth, ines: Person, stored: Stored
) -> None:
    mark(hearth, ines)
    another = Hearth(settings_for(workspace, stored.url), workspace.clock)
    another._warm()
    mark(hearth, ines, holds=False)
    another.services.support.remember()
    with away(stored, *READ):
        assert in_germany(another).lines == ()
    another.database.close()


def test_nothing_about_a_person_is_kept_in_memory(
    workspace: Sandbox, hearth: Hearth, member: Person, ines: Person
) -> None:
    set_up(hearth, "eap", {"phone": EAP_NUMBER})
    mark(hearth, ines)
    member.types("/support")
    kept = repr(hearth.services.support._last)
    assert EAP_NUMBER in kept
    assert member.id not in kept
    assert ines.id not in kept
