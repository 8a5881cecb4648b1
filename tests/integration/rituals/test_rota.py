"""Who is asked to hold a ritual, what they answer, and who is asked then."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from slack_bolt import App, BoltRequest

from app import Hearth
from bot.domain.pauses import UNTIL_I_SAY, Pause
from bot.domain.rota import Answer, Standing
from bot.services.correspondence import Bell
from bot.services.rota import Rota, TurnCorrespondence
from sandbox import Person, Sandbox
from storage import budget
from storage.engine import Database
from tests.conftest import Stored
from tests.integration.rituals import calendars
from tests.integration.rituals.rotas import (
    HOUR,
    NOBODY,
    ask_at,
    asked,
    asks,
    coming,
    held_by,
    on_rota,
    presses,
    questions,
    tick_at,
    to_nine,
    told,
)


def _pressed(bolt: App, person: Person, action: str, value: str | None, **where: Any) -> int:
    """Return the status of a click as it would come over the socket."""
    pressed = {"type": "button", "action_id": action, "value": value, "block_id": "b"}
    body = {"type": "block_actions", "user": {"id": person.id}, "actions": [pressed], **where}
    return bolt.dispatch(BoltRequest(mode="socket_mode", body=body)).status


def test_the_first_in_line_is_asked_a_day_before_and_holds_it_once_they_say_so(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    nine = to_nine(workspace)
    maya, jonas = on_rota(hearth, workspace, cohort, "maya", "jonas")
    which = coming(hearth, cohort, nine + 25 * HOUR, ask_at=nine + HOUR)
    asks(hearth)
    assert told(maya) == []
    tick_at(workspace, hearth, nine + HOUR)
    asks(hearth)
    assert "Could you hold this" in told(maya)[0]
    assert told(jonas) == []
    assert presses(maya, "rota_yes", twice=True).ok
    assert held_by(hearth, which) == maya.id
    assert "You hold this" in told(maya)[0]
    tick_at(workspace, hearth, nine + 20 * HOUR)
    assert len(told(maya)) == 1
    assert told(jonas) == told(kofi) == []
    assert ask_at(hearth, which) is None


def test_it_passes_on_when_somebody_says_so_and_when_nobody_answers_and_nobody_is_told_who(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person
) -> None:
    nine = to_nine(workspace)
    maya, jonas = on_rota(hearth, workspace, cohort, "maya", "jonas")
    which = coming(hearth, cohort, nine + 7 * HOUR)
    asks(hearth)
    assert presses(maya, "rota_pass").ok
    assert told(maya) == ["Passed on. That is fine."]
    asks(hearth)
    silent_at = ask_at(hearth, which)
    assert silent_at is not None
    assert "Could you hold this" in told(jonas)[0]
    tick_at(workspace, hearth, silent_at)
    asks(hearth)
    assert asked(hearth, which) == [(maya.id, "pass"), (jonas.id, "silent")]
    assert presses(jonas, "rota_pass").ok
    asks(hearth)
    assert ask_at(hearth, which) is None
    (news,) = told(kofi)
    assert NOBODY in news
    assert maya.id not in news
    assert jonas.id not in news


def test_who_was_silent_can_still_take_it_as_long_as_nobody_holds_it(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine = to_nine(workspace)
    maya, jonas = on_rota(hearth, workspace, cohort, "maya", "jonas")
    which = coming(hearth, cohort, nine + 24 * HOUR)
    asks(hearth)
    tick_at(workspace, hearth, nine + 9 * HOUR)
    assert presses(maya, "rota_yes").ok
    assert held_by(hearth, which) == maya.id
    assert presses(jonas, "rota_yes").ok
    assert "Somebody else holds this" in told(jonas)[0]
    assert held_by(hearth, which) == maya.id


def test_the_holder_can_pass_it_on_until_it_begins(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine = to_nine(workspace)
    maya, jonas = on_rota(hearth, workspace, cohort, "maya", "jonas")
    which = coming(hearth, cohort, nine + 6 * HOUR)
    asks(hearth)
    presses(maya, "rota_yes")
    assert presses(maya, "rota_pass").ok
    assert held_by(hearth, which) is None
    asks(hearth)
    assert presses(jonas, "rota_yes").ok
    calendars.until(workspace, nine + 6 * HOUR)
    assert presses(jonas, "rota_pass").ok
    assert "nothing you need to do" in told(jonas)[0]
    assert held_by(hearth, which) == jonas.id


def test_a_button_that_is_too_late_gets_a_sentence_and_changes_nothing(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    nine = to_nine(workspace)
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    which = coming(hearth, cohort, nine + 6 * HOUR)
    asks(hearth)
    turn = stored.rows("SELECT id FROM ritual_turns")[0][0]
    answers = hearth.services.rota.answer
    stored.change("UPDATE ritual_occurrences SET state = 'skipped'")
    question = answers(maya.id, str(turn), Answer.YES)
    assert question is not None
    assert question.standing is Standing.OVER
    assert asked(hearth, which) == [(maya.id, None)]
    stored.change("DELETE FROM ritual_occurrences")
    assert presses(maya, "rota_yes").ok
    assert "changed or called off" in told(maya)[0]


@pytest.mark.parametrize("wish", [Answer.YES, Answer.PASS])
def test_nobody_answers_for_somebody_else_whatever_button_they_forge(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored, wish: Answer
) -> None:
    nine = to_nine(workspace)
    maya, jonas = on_rota(hearth, workspace, cohort, "maya", "jonas")
    which = coming(hearth, cohort, nine + 24 * HOUR)
    asks(hearth)
    (turn,) = stored.rows("SELECT id FROM ritual_turns")[0]
    for forged in (str(turn), str(which), str(UUID(int=7)), "", "lantern", "0" * 40):
        assert hearth.services.rota.answer(jonas.id, forged, wish) is None
    assert asked(hearth, which) == [(maya.id, None)]


def test_a_click_without_a_message_or_a_turn_changes_nothing(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine, bolt = to_nine(workspace), hearth._bolt()
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    which = coming(hearth, cohort, nine + 24 * HOUR)
    asks(hearth)
    for action in ("rota_yes", "rota_pass", "rota_join", "rota_leave"):
        for value in ("", "lantern", None, str(which)):
            assert _pressed(bolt, maya, action, value) == 500
    assert asked(hearth, which) == [(maya.id, None)]


def test_an_answer_is_kept_although_slack_did_not_show_it_and_shown_when_pressed_again(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine = to_nine(workspace)
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    which = coming(hearth, cohort, nine + 24 * HOUR)
    asks(hearth)
    ((channel, question),) = questions(maya)
    turn = question["blocks"][-1]["elements"][0]["value"]
    workspace.fail("chat.update", error="internal_error")
    place = {"channel_id": channel, "message_ts": question["ts"]}
    assert _pressed(hearth._bolt(), maya, "rota_yes", turn, container=place) == 500
    assert held_by(hearth, which) == maya.id
    assert "Could you hold this" in told(maya)[0]
    assert presses(maya, "rota_yes").ok
    assert "You hold this" in told(maya)[0]


def test_at_night_nobody_is_asked_and_whoever_is_awake_may_be(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine = to_nine(workspace)
    wyatt, priya = on_rota(hearth, workspace, cohort, "wyatt", "priya")  # New York, Kolkata
    soon = coming(hearth, cohort, nine + 4 * HOUR)
    later = coming(hearth, cohort, nine + 30 * HOUR, title="Coping swap")
    asks(hearth)
    assert asked(hearth, soon) == [(priya.id, None)]
    assert asked(hearth, later) == []
    tick_at(workspace, hearth, nine + 4 * HOUR)  # eight in New York
    assert asked(hearth, later) == [(wyatt.id, None)]


_CHANGES = {
    "consent": "UPDATE consents SET version = 'of long ago' WHERE person_id = '{}'",
    "decides": "UPDATE cohort_members SET decides = true WHERE person_id = '{}'",
    "outside": "DELETE FROM cohort_members WHERE person_id = '{}'",
}


@pytest.mark.parametrize("how", ["paused", "used up", "consent", "decides", "outside"])
def test_who_is_not_to_be_asked_is_not_asked(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored, how: str
) -> None:
    nine = to_nine(workspace)
    maya, jonas = on_rota(hearth, workspace, cohort, "maya", "jonas")
    if how == "paused":
        hearth.services.people.pause(maya.id, Pause(UNTIL_I_SAY))
    elif how == "used up":
        hearth.database.write(
            lambda each: budget.add_prompt(
                each, maya.id, nine.date(), sort="prompt", kind="weekly_checkin", now=nine
            )
        )
    else:
        stored.change(_CHANGES[how].format(maya.id))
    which = coming(hearth, cohort, nine + 24 * HOUR)
    asks(hearth)
    assert asked(hearth, which) == [(jonas.id, None)]
    assert told(maya) == []


def test_a_question_uses_the_one_prompt_of_the_week(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine = to_nine(workspace)
    maya, jonas = on_rota(hearth, workspace, cohort, "maya", "jonas")
    every = [coming(hearth, cohort, nine + (24 + n) * HOUR, title=f"No. {n}") for n in range(3)]
    asks(hearth)
    assert [asked(hearth, each) for each in every] == [
        [(maya.id, None)],
        [(jonas.id, None)],
        [],
    ]
    assert len(told(maya)) == len(told(jonas)) == 1


def test_while_the_cohort_is_halted_nobody_is_asked(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    nine = to_nine(workspace)
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    which = coming(hearth, cohort, nine + 24 * HOUR)
    stored.change("UPDATE cohorts SET halted_for = 'shared'")
    asks(hearth)
    assert asked(hearth, which) == []
    stored.change("UPDATE cohorts SET halted_for = NULL")
    tick_at(workspace, hearth, nine + HOUR + timedelta(minutes=1))
    assert asked(hearth, which) == [(maya.id, None)]


def test_while_hearth_is_taken_out_of_slack_nobodys_silence_counts(
    workspace: Sandbox, hearth: Hearth, cohort: UUID
) -> None:
    nine = to_nine(workspace)
    maya, jonas = on_rota(hearth, workspace, cohort, "maya", "jonas")
    which = coming(hearth, cohort, nine + 24 * HOUR)
    asks(hearth)
    hearth.sender.stop(10)  # it would find out that Slack takes the token
    hearth.services.speaking.stop("account_inactive")
    calendars.until(workspace, nine + 9 * HOUR)
    assert hearth.services.rota.tick() == 0
    assert asked(hearth, which) == [(maya.id, None)]
    hearth.services.speaking.go_on()
    assert hearth.services.rota.tick() == 1
    assert asked(hearth, which) == [(maya.id, "silent"), (jonas.id, None)]


def _beside(hearth: Hearth, database: Database) -> Rota:
    """Return the rota of another process."""
    return Rota(database, hearth._clock, Bell(), hearth.services.speaking)


def test_two_processes_ask_once_and_go_round(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    nine = to_nine(workspace)
    on_rota(hearth, workspace, cohort, "maya", "jonas", "tomasz", "hanne")
    for number in range(4):
        coming(hearth, cohort, nine + (24 + number) * HOUR, title=f"No. {number}")
    with closing(Database(stored.url)) as another, ThreadPoolExecutor(2) as pool:
        rotas = [hearth.services.rota, _beside(hearth, another)]
        assert sum(pool.map(lambda each: each.tick(), rotas)) == 4
    assert stored.rows("SELECT count(*), count(DISTINCT person_id) FROM ritual_turns") == [(4, 4)]
    sent = "SELECT count(*) FROM outbox WHERE kind = 'ritual_turn'"
    assert stored.rows(sent) == [(4,)]


def test_no_row_of_the_outbox_says_who_was_asked_and_the_first_words_name_no_ritual(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, kofi: Person, stored: Stored
) -> None:
    nine = to_nine(workspace)
    (maya,) = on_rota(hearth, workspace, cohort, "maya")
    coming(hearth, cohort, nine + 24 * HOUR, title="Lantern")
    asks(hearth)
    presses(maya, "rota_pass")
    asks(hearth)
    assert len(told(kofi)) == 1
    for table in ("outbox", "posts", "news"):
        assert maya.id not in str(stored.rows(f"SELECT * FROM {table}"))  # noqa: S608
    assert not re.search(r"\bD[A-Z0-9]{6,}", str(stored.rows("SELECT * FROM outbox")))
    assert "Lantern" not in str(stored.rows("SELECT * FROM outbox"))


def test_a_question_that_waited_is_not_sent_any_more_once_somebody_else_holds_it(
    workspace: Sandbox, hearth: Hearth, cohort: UUID, stored: Stored
) -> None:
    nine = to_nine(workspace)
    maya, jonas = on_rota(hearth, workspace, cohort, "maya", "jonas")
    hearth.sender.stop(10)
    coming(hearth, cohort, nine + 24 * HOUR)
    hearth.services.rota.tick()
    calendars.until(workspace, nine + 9 * HOUR)
    hearth.services.rota.tick()
    letters = TurnCorrespondence(workspace.clock)
    first, second = (
        UUID(str(turn)) for (turn,) in stored.rows("SELECT id FROM ritual_turns ORDER BY asked_at")
    )
    with hearth.database.read() as connection:
        assert letters.letter(connection, first) is not None
        assert letters.letter(connection, UUID(int=7)) is None
    hearth.services.rota.answer(jonas.id, str(second), Answer.YES)
    with hearth.database.read() as connection:
        assert letters.letter(connection, first) is None
    assert told(maya) == []
