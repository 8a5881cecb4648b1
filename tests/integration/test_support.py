"""Help for everybody at any time, and leads who keep its lines true."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from app import Hearth
from bot.content import lines as bundled
from bot.domain.pacing import Pace
from bot.domain.programme import Proof
from bot.errors import InvalidAnswer, NotAllowed
from bot.views import support as view
from sandbox import Person, Sandbox
from storage import programme, roles
from tests.conftest import AGREED, ROOT, Stored, filled_in, settings_for, top
from tests.integration.outbox import settled
from tests.integration.slack import gives_up_soon, said, texts
from tests.logs import NOTE
from tests.stored import StoredOnServer

GERMAN = "0800 111 0 111"
MANIFEST, HOME = ROOT / "manifest.yml", "home_tab_enabled: true"
DAY = timedelta(days=1)
Mark = Callable[..., None]


@pytest.fixture
def pace() -> Pace:
    """Slack's pace would make every test wait a second for each change."""
    return Pace(channel_seconds=0.0, per_second=1000.0)


def granted(hearth: Hearth, person: Person, role: str = "lead") -> Any:
    now = datetime.now(UTC)
    return hearth.database.write(
        lambda connection: roles.add(connection, person.id, role, cohort=None, by=None, now=now)
    )


def set_up(hearth: Hearth, name: str, value: Any) -> None:
    now = datetime.now(UTC)
    assert hearth.database.write(
        lambda connection: programme.put(connection, name, value, revision=0, by=None, now=now)
    )


@pytest.fixture
def ines(workspace: Sandbox, hearth: Hearth) -> Person:
    """The programme lead; she has not joined."""
    person = workspace.person("ines")
    granted(hearth, person)
    return person


@pytest.fixture
def mark(hearth: Hearth, ines: Person) -> Mark:
    """Give a function that says of a line that it holds, or does not."""

    def marked(country: str = "DE", key: str = "telefonseelsorge", *, holds: bool = True) -> None:
        hearth.services.support.mark(ines.id, country, key, holds=holds)

    return marked


@contextmanager
def away(stored: Stored) -> Iterator[None]:
    """Take the database away for a while."""
    if isinstance(stored, StoredOnServer):
        with stored.server.stopped():
            yield
        return
    stored.change("ALTER TABLE people RENAME TO elsewhere")
    yield
    stored.change("ALTER TABLE elsewhere RENAME TO people")


def words(person: Person) -> str:
    return "\n".join(texts(top(person)["blocks"], "mrkdwn"))


# What somebody sees who asks


@pytest.mark.parametrize("command", ["/support", "/hearth support", "/support now"])
def test_somebody_who_never_joined_gets_help_at_once(maya: Person, command: str) -> None:
    assert maya.types(command).ok
    assert top(maya)["title"]["text"] == "Help now"
    assert "your local emergency number" in words(maya)
    assert "findahelpline.com" in words(maya)
    assert "has not entered an EAP here yet" in words(maya)
    assert "not an emergency service" in words(maya)


def test_help_is_among_the_shortcuts(maya: Person) -> None:
    assert maya.uses_shortcut("support").ok
    assert "findahelpline.com" in words(maya)


def test_a_member_sees_help_for_their_country_and_no_line_that_nobody_checked(
    member: Person,
) -> None:
    member.types("/support")
    assert "call 112" in words(member)
    assert GERMAN not in words(member)
    assert "only when somebody has checked it lately" in words(member)


def test_a_line_that_a_lead_checked_is_shown_with_the_day_until_it_runs_out(
    member: Person, workspace: Sandbox, mark: Mark
) -> None:
    mark()
    for days, seen in ((0, True), (90, True), (1, False)):
        workspace.clock.advance(days * DAY)
        member.types("/support")
        assert (GERMAN in words(member)) is seen, days
        assert ("Checked on" in words(member)) is seen
        assert "call 112" in words(member)
        assert "findahelpline.com" in words(member)
        member.closes()


def test_a_line_that_does_not_hold_is_hidden_at_once(member: Person, mark: Mark) -> None:
    mark()
    mark(holds=False)
    member.types("/support")
    assert GERMAN not in words(member)
    mark(key="emergency", holds=False)
    member.closes()
    member.types("/support")
    assert "your local emergency number" in words(member)
    assert "112" not in words(member)


def test_a_check_of_another_number_is_worth_nothing(
    member: Person, mark: Mark, stored: Stored
) -> None:
    mark()
    stored.change("UPDATE line_checks SET fingerprint = 'of an older number'")
    member.types("/support")
    assert GERMAN not in words(member)


def test_another_country_can_be_looked_at_and_nothing_is_stored_by_looking(
    maya: Person, mark: Mark, stored: Stored
) -> None:
    mark("US", "988")
    before = stored.as_it_lies()
    maya.types("/support")
    assert maya.clicks("support_country", "US").ok
    assert "call 911" in words(maya)
    assert "call 988 or text 988" in words(maya)
    assert "741741" not in words(maya)
    maya.clicks("support_country", "CZ")
    assert "knows no crisis line in Czechia yet" in words(maya)
    maya.clicks("support_country", "ZZ")
    assert "your local emergency number" in words(maya)
    maya.closes()
    assert stored.as_it_lies() == before
    assert stored.count("people") == 0


def test_the_eap_is_shown_as_it_was_entered_and_pings_nobody(
    member: Person, hearth: Hearth
) -> None:
    set_up(
        hearth,
        "eap",
        {"name": "<!channel> Calm Lake", "phone": "0800 555 0100", "employer_sees": "no"},
    )
    member.types("/support")
    assert "0800 555 0100" in words(member)
    assert "Your employer does not learn who calls" in words(member)
    assert "<!channel>" not in words(member)


def test_a_setting_that_cannot_be_read_keeps_nobody_from_help(
    member: Person, hearth: Hearth, stored: Stored
) -> None:
    set_up(hearth, "eap", ["not", "an", "entry"])
    member.types("/support")
    assert "has not entered an EAP" in words(member)
    member.closes()
    stored.change("UPDATE programme SET value = '{'")
    assert member.types("/support").ok
    assert "findahelpline.com" in words(member)


def test_help_explains_itself(maya: Person) -> None:
    maya.types("/support help")
    assert "whether they use Hearth or not" in said(maya)
    assert "findahelpline.com" in said(maya)


# When things go wrong


def test_help_works_while_the_database_is_away(
    member: Person, mark: Mark, stored: Stored, hearth: Hearth
) -> None:
    mark()
    set_up(hearth, "countries", ["DE"])
    with away(stored):
        assert member.types("/support").ok
        assert "cannot reach its memory" in words(member)
        assert "findahelpline.com" in words(member)
        assert member.clicks("support_country", "GB").ok
        assert "call 999" in words(member)
        assert "116 123" not in words(member)
        member.closes()
        assert member.uses_shortcut("support").ok
        member.closes()
    member.types("/support")
    assert GERMAN in words(member)


def test_help_works_while_somebody_else_holds_the_database(member: Person, locked: Any) -> None:
    locked()
    assert member.types("/support").ok
    assert "call 112" in words(member)


@pytest.mark.parametrize("fault", [{"status": 500}, {"error": "expired_trigger_id"}])
def test_where_no_modal_opens_the_answer_is_the_help_itself(
    member: Person, workspace: Sandbox, mark: Mark, stored: Stored, fault: dict[str, Any]
) -> None:
    mark()
    workspace.fail("views.open", times=2, **fault)
    assert member.types("/support").ok
    assert member.view is None
    assert GERMAN in said(member)
    assert "findahelpline.com" in said(member)
    with away(stored):
        assert member.types("/hearth support").ok
        assert "cannot reach its memory" in said(member)
        assert "findahelpline.com" in said(member)


def test_a_shortcut_that_opens_nothing_is_told_by_slack(member: Person, workspace: Sandbox) -> None:
    gives_up_soon(workspace)
    workspace.fail("views.open", status=500)
    assert member.uses_shortcut("support").outcome == "timeout"
    assert any("failed" in notice["text"] for notice in member.notices)


@pytest.mark.parametrize("action", [{}, {"selected_option": None}, {"selected_option": "DE"}])
def test_a_forged_choice_of_country_shows_what_holds_everywhere(
    hearth: Hearth, maya: Person, action: dict[str, Any]
) -> None:
    maya.types("/support")
    action = {"type": "static_select", "action_id": "support_country", "block_id": "b"} | action
    assert pressed(hearth._bolt(), maya, action) == 200
    assert "your local emergency number" in words(maya)


# The button on other views


def test_a_country_chosen_in_the_home_tab_opens_help_of_its_own(
    stored: Stored, tmp_path: Path
) -> None:
    with_home = tmp_path / "manifest.yml"
    with_home.write_text(MANIFEST.read_text().replace("home_tab_enabled: false", HOME))
    with Sandbox(manifest=with_home) as box:
        hearth = Hearth(settings_for(box, stored.url), box.clock)
        hearth.start()
        box.wait_until_connected()
        maya = box.person("maya")
        blocks = view.help_blocks(hearth.services.support.for_person(maya.id))
        home = {"type": "home", "blocks": [*blocks, view.help_button()]}
        client = WebClient(box.bot_token, base_url=box.api_url)
        client.views_publish(user_id=maya.id, view=home)
        assert maya.clicks("support_country", "GB", home=True).ok
        assert "call 999" in words(maya)
        maya.closes()
        assert maya.clicks("support_open", home=True).ok
        assert "your local emergency number" in words(maya)
        hearth.stop()


def test_the_button_lays_help_over_a_form_that_stays_as_it_is(maya: Person) -> None:
    maya.types("/checkin 4 2")
    assert maya.clicks("support_open").ok
    assert [each["title"]["text"] for each in maya.views] == ["Before you begin", "Help now"]
    maya.closes()
    assert maya.submits(AGREED).ok


@pytest.mark.parametrize("command", ["/checkin history", "/checkin"])
def test_the_button_stands_on_the_receipt_and_on_the_history(member: Person, command: str) -> None:
    member.types(command)
    if command == "/checkin":
        member.submits(filled_in(note=NOTE))
    assert member.clicks("support_open").ok
    assert "call 112" in words(member)
    assert len(member.views) == 2


# What leads do


def pressed(bolt: App, person: Person, action: dict[str, Any]) -> int:
    """Return the status of a click that no client of Slack would send."""
    body = {"type": "block_actions", "user": {"id": person.id}, "view": top(person)}
    return bolt.dispatch(BoltRequest(mode="socket_mode", body=body | {"actions": [action]})).status


def test_a_lead_says_which_lines_hold(ines: Person, member: Person, stored: Stored) -> None:
    assert ines.types("/hearth lines").ok
    assert ines.clicks("lines_country", "DE").ok
    assert "Not checked yet. Members do not see it." in words(ines)
    assert ines.clicks("lines_holds", block_id="line_telefonseelsorge").ok
    assert "It counts until" in words(ines)
    member.types("/support")
    assert GERMAN in words(member)
    member.closes()
    assert ines.clicks("lines_fails", block_id="line_telefonseelsorge", twice=True).ok
    assert "not to hold. Members do not see it." in words(ines)
    member.types("/support")
    assert GERMAN not in words(member)
    assert stored.count("line_checks") == 1


@pytest.mark.parametrize("role", [None, "moderator", "peer_supporter"])
def test_nobody_but_a_lead_sees_the_list_or_marks_a_line(
    workspace: Sandbox, hearth: Hearth, stored: Stored, role: str | None
) -> None:
    rosa = workspace.person("rosa")
    if role:
        granted(hearth, rosa, role)
    assert rosa.types("/hearth lines").ok
    assert rosa.view is None
    assert "another role" in said(rosa)
    with pytest.raises(NotAllowed):
        hearth.services.support.mark(rosa.id, "DE", "telefonseelsorge", holds=True)
    with pytest.raises(NotAllowed):
        hearth.services.support.mark(rosa.id, "XX", "none", holds=True)
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
    gives_up_soon(workspace)
    assert not ines.clicks(action, block_id="line_142").ok
    assert not ines.clicks("lines_country", "DE").ok
    assert stored.count("line_checks") == 0


@pytest.mark.parametrize(
    "value", ["", "DE", "DE a b c", "DE none x", "XX telefonseelsorge x", None, "x" * 2000]
)
def test_a_forged_mark_of_a_lead_changes_nothing(
    hearth: Hearth, ines: Person, stored: Stored, value: str | None
) -> None:
    ines.types("/hearth lines")
    button = {"type": "button", "action_id": "lines_holds", "block_id": "b", "value": value}
    assert pressed(hearth._bolt(), ines, button) in (200, 500)
    assert stored.count("line_checks") == 0


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


# What leads are told


def told(workspace: Sandbox, hearth: Hearth) -> list[str]:
    """Return what the leads were told, once nothing is left to send."""
    settled(hearth)
    return [each["text"] for each in workspace.posted() if "crisis line" in each["text"]]


def rounds(hearth: Hearth, count: int = 3) -> None:
    for _ in range(count):
        hearth.services.support.remind()


def to(workspace: Sandbox, day: date) -> None:
    """Move the clock to noon of a day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    workspace.clock.advance(noon - workspace.clock.now())


def test_leads_are_told_of_what_is_due_once_a_month_and_two_weeks_before_the_end(
    workspace: Sandbox, hearth: Hearth, mark: Mark
) -> None:
    set_up(hearth, "countries", ["DE"])
    to(workspace, date(2027, 1, 1))
    for line in bundled.of("DE"):
        mark(key=line.key)
    seen = []
    for day in (date(2027, 1, 1) + n * DAY for n in range(0, 120, 5)):
        rounds(hearth)
        seen.append((day, len(told(workspace, hearth))))
        hearth.services.outbox.let_old_ones_go()
        workspace.clock.advance(5 * DAY)
    when = [day for (day, now), (_, before) in zip(seen[1:], seen, strict=False) if now > before]
    # Monthly: a month after the look, and in March. Then two weeks before 1 April, and in April.
    assert when == [
        date(2027, 1, 31),
        date(2027, 2, 5),
        date(2027, 3, 2),
        date(2027, 3, 22),
        date(2027, 4, 1),
    ]
    assert seen[0][1] == 0


def test_two_things_that_become_due_on_one_day_are_both_told(
    workspace: Sandbox, hearth: Hearth, mark: Mark, stored: Stored
) -> None:
    set_up(hearth, "countries", ["DE", "CZ"])
    rounds(hearth)
    assert len(told(workspace, hearth)) == 1
    mark()
    stored.change("UPDATE line_checks SET checked_on = '2026-11-01'")
    to(workspace, date(2027, 1, 20))
    rounds(hearth)
    assert len(told(workspace, hearth)) == 2
    mark("AT", "142")
    stored.change("UPDATE line_checks SET checked_on = '2026-11-02' WHERE country = 'AT'")
    rounds(hearth)
    first, second, third = told(workspace, hearth)
    assert "After" not in first
    assert "After 30 Jan 2027" in second
    assert "in Austria" not in second
    assert "in Austria" in third


def test_two_leads_are_told_once_each_and_only_while_they_lead(
    workspace: Sandbox, hearth: Hearth, ines: Person, stored: Stored
) -> None:
    set_up(hearth, "countries", ["DE"])
    second = granted(hearth, workspace.person("lucie"))
    rounds(hearth)
    assert len(told(workspace, hearth)) == 2
    workspace.clock.advance(32 * DAY)
    now = datetime.now(UTC)
    hearth.database.write(lambda c: roles.revoke(c, second, by=None, now=now))
    rounds(hearth)
    assert len(told(workspace, hearth)) == 3
    assert not [row for row in stored.rows("SELECT * FROM outbox") if ines.id in str(row)]


def test_nobody_is_told_where_no_country_is_looked_after(
    workspace: Sandbox, hearth: Hearth, ines: Person, member: Person
) -> None:
    assert ines.name
    assert member.name
    rounds(hearth)
    assert told(workspace, hearth) == []


def test_the_reminder_opens_the_list(workspace: Sandbox, hearth: Hearth, ines: Person) -> None:
    set_up(hearth, "countries", ["IE"])
    hearth.services.support.remind()
    settled(hearth)
    (message,) = [each for each in workspace.posted() if "crisis line" in each["text"]]
    assert "3 in Ireland" in message["text"]
    assert ines.clicks("lines_open", message=(message["channel"], message["ts"])).ok
    assert "HELLO to 50808" in words(ines)


def test_somebody_who_leads_no_more_is_not_told(
    workspace: Sandbox, hearth: Hearth, stored: Stored
) -> None:
    grant = granted(hearth, workspace.person("lucie"))
    set_up(hearth, "countries", ["AT"])
    workspace.fail("conversations.open", times=1, retry_after=1)
    assert hearth.services.support.remind() == 1
    now = datetime.now(UTC)
    hearth.database.write(lambda c: roles.revoke(c, grant, by=None, now=now))
    assert told(workspace, hearth) == []


def test_what_was_looked_at_meanwhile_is_not_told(
    workspace: Sandbox, hearth: Hearth, mark: Mark
) -> None:
    set_up(hearth, "countries", ["AT"])
    hold = workspace.hold("chat.postMessage")
    workspace.fail("chat.postMessage", times=1, retry_after=1)
    hearth.services.support.remind()
    for line in bundled.of("AT"):
        mark("AT", line.key)
    hold.release()
    assert told(workspace, hearth) == []


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


def test_help_is_plain_values(hearth: Hearth, member: Person, mark: Mark) -> None:
    mark()
    shown = hearth.services.support.for_person(member.id)
    assert shown.country == "DE"
    assert [each.line.name for each in shown.lines] == ["TelefonSeelsorge"]
    assert json.dumps([shown.lines[0].line.call, str(shown.lines[0].on)])
