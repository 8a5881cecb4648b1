"""The Home tab opened by everybody at once, by anybody, and while something is broken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app import Hearth
from bot.views import home as view
from bot.views import support
from sandbox import Person, Sandbox
from tests.conftest import Lock, Stored, filled_in, top
from tests.integration.homes import an_opening, checked_in, opened, published, words
from tests.integration.slack import gives_up_soon

# Fifty times a second


def test_fifty_openings_at_once_are_a_handful_of_calls_and_the_last_state_wins(
    workspace: Sandbox, hearth: Hearth, member: Person
) -> None:
    opened(member)
    held = workspace.hold("views.publish")
    bolt = hearth._bolt()
    member.types("/checkin 1 5 1 over")
    with ThreadPoolExecutor(50) as pool:
        answers = [
            pool.submit(lambda: bolt.dispatch(an_opening(member.id)).status) for _ in range(49)
        ]
        held.wait()
        member.types("/checkin 5 1 5 light")
        answers.append(pool.submit(lambda: bolt.dispatch(an_opening(member.id)).status))
        held.release()
        assert {each.result() for each in answers} == {200}
    assert "Mood 5: very good" in words(member.home or {})
    assert published(workspace) <= 5


def test_the_same_page_is_not_published_twice_in_a_moment(
    workspace: Sandbox, member: Person
) -> None:
    for _ in range(5):
        opened(member)
    assert published(workspace) < 5


# When things go wrong


@pytest.mark.parametrize("code", ["not_enabled", "user_not_found", "hash_conflict"])
def test_where_there_is_nobody_to_show_it_to_it_is_quiet(
    workspace: Sandbox, member: Person, code: str
) -> None:
    workspace.fail("views.publish", error=code)
    assert member.opens_home().ok
    assert published(workspace) == 1


def test_whoever_opens_it_nothing_breaks(
    workspace: Sandbox, hearth: Hearth, member: Person
) -> None:
    def opens(person: str) -> bool:
        return hearth._bolt().dispatch(an_opening(person)).status == 200

    assert opens("U0SBX000001"), "a bot"
    assert opens("U0NOBODY00"), "nobody"
    workspace.set_role(member.id, "guest")
    assert opens(member.id), "a guest"
    workspace.deactivate(member.id)
    assert opens(member.id), "somebody who has left"


def test_a_page_that_slack_never_takes_is_tried_once_more_and_then_comes_again(
    workspace: Sandbox, hearth: Hearth, member: Person
) -> None:
    workspace.fail("views.publish", error="invalid_blocks", times=None)
    checked_in(hearth, member, 30)
    assert hearth._bolt().dispatch(an_opening(member.id)).status == 500
    assert published(workspace) == 2
    workspace.clear_faults()
    home = opened(member)
    assert [each for each in home["blocks"] if each["type"] == "data_visualization"]


@pytest.mark.parametrize("fault", [{"status": 500}, {"retry_after": 1}, {"cut": True}])
def test_what_slack_did_not_take_comes_again(
    workspace: Sandbox, member: Person, fault: dict[str, Any]
) -> None:
    workspace.retry_after_seconds = [0.0]
    workspace.fail("views.publish", **fault)
    with gives_up_soon(workspace):
        member.opens_home()
        workspace.wait_for_calls("views.publish", 2)
    assert "Today" in words(opened(member))


def test_where_slack_draws_no_charts_the_numbers_stand_in_a_table(
    workspace: Sandbox, hearth: Hearth, member: Person
) -> None:
    checked_in(hearth, member, 30)
    workspace.fail("views.publish", error="invalid_blocks")
    home = opened(member)
    assert not [each for each in home["blocks"] if each["type"] == "data_visualization"]
    assert "Week from" in words(home)


def test_without_the_database_the_page_shows_where_to_find_help(
    maya: Person, stored: Stored, locked: Lock
) -> None:
    stored.change("ALTER TABLE people RENAME TO elsewhere")
    shown = words(opened(maya))
    assert "Hearth cannot reach its memory" in shown
    assert "findahelpline.com" in shown
    assert maya.clicks(support.OPEN).ok
    assert top(maya)["title"]["text"] == "Help now"
    maya.closes(all=True)
    stored.change("ALTER TABLE elsewhere RENAME TO people")
    assert "Hearth cannot reach" not in words(opened(maya))


def test_a_checkin_is_saved_though_the_home_cannot_be_renewed(
    workspace: Sandbox, member: Person, stored: Stored
) -> None:
    opened(member)
    member.clicks(view.CHECK_IN)
    workspace.fail("views.publish", status=500)
    assert member.submits(filled_in()).ok
    assert top(member)["title"]["text"] == "Received"
    assert stored.count("checkins") == 1
