"""Pages: cursors, limits and their bounds."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

import pytest

from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refused
from tests.contract.rig import Rig

COHORT = "cohort-new-parents"
PAGED = (
    "users.list",
    "conversations.list",
    "conversations.members",
    "conversations.history",
    "conversations.replies",
)
STRICT = ("conversations.list", "conversations.members")
PAGES = "docs.slack.dev/apis/web-api/pagination"


def ask(rig: Rig, method: str, **more: Any) -> Any:
    """Ask for a page of a list, about a channel with one message where it needs one."""
    arguments: dict[str, Any] = dict(more)
    if method.removeprefix("conversations.") in ("members", "history", "replies"):
        arguments["channel"] = rig.channel(COHORT)
    if method == "conversations.replies":
        arguments["ts"] = rig.client.chat_postMessage(channel=arguments["channel"], text="t")["ts"]
    return rig.client.api_call(method, params=arguments)


@pins(
    "A cursor that Slack did not give out is refused.",
    PAGES,
    refuses=[f"{method}: invalid_cursor" for method in PAGED],
)
@pytest.mark.parametrize("method", PAGED)
@pytest.mark.parametrize("text", ["", "from:", "from:-1", "from:x", "1", f"from:{'9' * 6000}"])
def test_a_cursor_of_ones_own_is_refused(offline: Rig, method: str, text: str) -> None:
    cursor = urlsafe_b64encode(text.encode()).decode() if text else "%%%"
    assert refused(ask, offline, method, cursor=cursor) == "invalid_cursor"


@pins(
    "A limit that is no number is an invalid_limit where a method has that word.",
    page_of("conversations.list"),
    refuses=[f"{method}: invalid_limit" for method in STRICT],
)
@pytest.mark.parametrize("method", STRICT)
@pytest.mark.parametrize("limit", [0, -1, "many"])
def test_a_wrong_limit_has_its_own_word(offline: Rig, method: str, limit: Any) -> None:
    assert refused(ask, offline, method, limit=limit) == "invalid_limit"


@pins(
    "More than a thousand at once is asked too much.",
    page_of("conversations.list"),
    Sure.GUESSED,
    refuses=[f"{method}: invalid_limit" for method in STRICT],
)
@pytest.mark.parametrize("method", STRICT)
def test_a_limit_is_a_thousand_at_most(offline: Rig, method: str) -> None:
    assert ask(offline, method, limit=1000)["ok"]
    assert refused(ask, offline, method, limit=1001) == "invalid_limit"


@pins("Without a limit history gives a hundred messages.", page_of("conversations.history"))
def test_history_gives_a_hundred_unless_asked(offline: Rig) -> None:
    channel, client = offline.channel(COHORT), offline.client
    for number in range(101):
        client.chat_postMessage(channel=channel, text=str(number))
    first = client.conversations_history(channel=channel)
    assert len(first["messages"]) == 100
    assert first["has_more"]
    assert len(client.conversations_history(channel=channel, limit=101)["messages"]) == 101
    cursor = first["response_metadata"]["next_cursor"]
    assert (
        client.conversations_history(channel=channel, cursor=cursor)["messages"][0]["text"] == "0"
    )


@pins(
    "A type of conversation that there is not is refused.",
    page_of("conversations.list"),
    refuses=["conversations.list: invalid_types"],
)
def test_a_list_is_of_known_types(offline: Rig) -> None:
    assert refused(offline.client.conversations_list, types="secret") == "invalid_types"


@pins(
    "The last page has an empty cursor, and no page is longer than its limit.",
    PAGES,
)
def test_the_pages_of_a_list_are_all_of_it(make_rig: MakeRig) -> None:
    rig = make_rig()
    everybody = [each["id"] for each in rig.client.users_list()["members"]]
    cursor, found = "", []
    while True:
        page = rig.client.users_list(limit=4, cursor=cursor)
        assert len(page["members"]) <= 4
        found += [each["id"] for each in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert found == everybody
