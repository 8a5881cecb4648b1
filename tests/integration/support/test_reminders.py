"""What leads are told about lines that somebody should look at."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app import Hearth
from bot.content import lines as bundled
from sandbox import Person, Sandbox
from storage import roles
from tests.conftest import Stored
from tests.integration.granting import granted
from tests.integration.outbox import settled
from tests.integration.support.helping import DAY, Mark, set_up, words


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


def test_of_what_leads_were_told_nothing_is_kept_that_is_long_over(
    workspace: Sandbox, hearth: Hearth, ines: Person, stored: Stored
) -> None:
    set_up(hearth, "countries", ["IE"])
    for days in (0, 150, 51):
        workspace.clock.advance(days * DAY)
        rounds(hearth)
    kept = [date.fromisoformat(day) for (day,) in stored.rows("SELECT put_on FROM line_reminders")]
    today = workspace.clock.now().date()
    assert sorted(kept) == [today - 51 * DAY, today]
    assert ines
