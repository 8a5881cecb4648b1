"""What is in a copy of one's data: everything that is kept, as it can be read."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Connection

from app import Hearth
from bot.domain.delivery import Kind
from bot.services.budget import prompt
from sandbox import Person, Sandbox
from storage import cohorts as stored_cohorts
from storage import lines, programme
from storage.checkins import checkins
from tests.conftest import Stored, top
from tests.integration.people.exporting import WITH_NOTES, asks, files
from tests.integration.people.weekly import wishes
from tests.integration.weather.conftest import share, told
from tests.logs import NOTE


def test_without_the_tick_everything_but_the_notes_is_sent(
    workspace: Sandbox, hearth: Hearth, writer: Person
) -> None:
    asks(writer)
    sent = files(workspace, hearth)
    assert set(sent) == {"json", ".csv"}
    assert NOTE not in str(sent)
    whole = json.loads(sent["json"])
    assert whole["person"]["id"] == writer.id
    assert whole["person"]["country"] == "DE"
    assert [each["purpose"] for each in whole["consents"]] == ["checkins"]
    assert [each["mood"] for each in whole["checkins"]] == [4]
    (text,) = told(workspace, writer)
    assert "Your notes are not in them." in text
    assert "after an hour" in text


def test_with_the_tick_the_notes_are_in_it_and_no_cell_is_a_formula(
    workspace: Sandbox, hearth: Hearth, writer: Person
) -> None:
    writer.types("/hearth export")
    assert writer.is_shown("Your employer may be able to export the direct message")
    assert "initial" not in str(top(writer))
    writer.submits(WITH_NOTES)
    sent = files(workspace, hearth)
    assert json.loads(sent["json"])["checkins"][0]["note"] == f"={NOTE}"
    (row,) = csv.DictReader(io.StringIO(sent[".csv"].removeprefix("\ufeff")))
    assert row["note"] == f"'={NOTE}"


def test_cohorts_and_what_is_shared_stand_in_it(
    workspace: Sandbox, hearth: Hearth, writer: Person, cohorts: dict[str, str]
) -> None:
    share(writer, 2)
    asks(writer)
    whole = json.loads(files(workspace, hearth)["json"])
    assert [each["name"] for each in whole["cohorts"]] == ["cohort-new-parents"]
    assert whole["checkins"][0]["shared_in"] == cohorts["cohort-new-parents"]


def test_a_note_that_cannot_be_opened_keeps_nobody_from_the_rest(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    stored.set_latest_note(b"damaged")
    asks(writer, WITH_NOTES)
    (checkin,) = json.loads(files(workspace, hearth)["json"])["checkins"]
    assert "cannot be opened" in checkin["note"]
    assert checkin["mood"] == 4


def test_ten_thousand_checkins_are_sent_and_nobody_waits_for_slack_meanwhile(
    workspace: Sandbox, hearth: Hearth, writer: Person, stored: Stored
) -> None:
    now = workspace.clock.now()
    answer = {"mood": 4, "stress": 3, "energy": 3, "capacity": "steady", "note": None}
    rows = [
        {"id": uuid4(), "person_id": writer.id, "day": now.date() - timedelta(days=1 + n)}
        | {"filed_at": now, "changed_at": now, **answer}
        for n in range(9_999)
    ]
    hearth.database.write(lambda connection: connection.execute(checkins.insert(), rows))
    with workspace.hold("upload") as hold:
        asks(writer, WITH_NOTES)
        hold.wait()
        # The sender waits for Slack; whoever writes does not wait for the sender.
        assert writer.types("/checkin 5 5 5 over").ok
        stored.hold()()
        hold.release()
    sent = files(workspace, hearth)
    assert len(json.loads(sent["json"])["checkins"]) == 10_000
    assert len(sent[".csv"].splitlines()) == 10_001


def test_the_copy_tells_of_every_place_where_something_is_kept_about_them(
    workspace: Sandbox, hearth: Hearth, writer: Person, cohorts: dict[str, str]
) -> None:
    now = workspace.clock.now()

    def work(connection: Connection) -> None:
        (row,) = stored_cohorts.of(connection, writer.id)
        stored_cohorts.join(connection, row.id, writer.id, decides=True, now=now)
        programme.put(connection, "duty_lead", writer.id, revision=0, by=None, now=now)
        programme.put(connection, "emergency_plan", "Ring.", revision=0, by=writer.id, now=now)
        checked = lines.CheckRow("DE", "telefonseelsorge", "f", True, now.date())
        lines.mark(connection, checked, by=writer.id)
        assert prompt(connection, writer.id, Kind.WEEKLY_CHECKIN, now=now)

    hearth.database.write(work)
    wishes(writer)
    asks(writer)
    whole = json.loads(files(workspace, hearth)["json"])
    assert whole["set_up"] == {
        "names_you": ["duty_lead"],
        "set_by_you": ["emergency_plan"],
        "lines_you_marked": ["DE telefonseelsorge"],
    }
    assert whole["weekly_question"]["weekday"] == 4
    assert [each["kind"] for each in whole["prompts"]] == ["weekly_checkin"]
    (place,) = whole["cohorts"]
    assert place["decides"] is True
    assert place["channel_id"] in cohorts.values()
