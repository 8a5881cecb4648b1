"""How Slack ends the connections of Socket Mode, and how many there may be."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.delivery.socket_mode import WARNING_SECONDS
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.lines import Line, address, line, status_at
from tests.contract.rig import SOON, Rig, recording
from tests.waiting import until

GUIDE = "docs.slack.dev/apis/events-api/using-socket-mode"
OPEN = "docs.slack.dev/reference/methods/apps.connections.open"
LATER = 60.0
"""Longer than a test lasts."""


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def assert_works(rig: Rig, pool: ThreadPoolExecutor, over: Line, *, at_least: int) -> None:
    """See that a command comes over this line, as its so manieth message, and is acknowledged."""
    typing = pool.submit(rig.maya.types, "/hello")
    over.ack(over.next(at_least=at_least))
    assert typing.result().outcome == "acked"


def opened_again(rig: Rig) -> int:
    return len([each for each in rig.box.calls() if each["method"] == "apps.connections.open"])


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
@pins("A `disconnect` message names its reason and Slack's host.", GUIDE)
def test_a_disconnect_says_why_and_by_whom(offline: Rig, reason: str) -> None:
    orders = {
        "warning": offline.box.warn_sockets,
        "refresh_requested": offline.box.refresh_sockets,
        "link_disabled": offline.box.switch_off_sockets,
    }
    with line(offline) as one, line(offline) as other:
        orders[reason]()
        for each in (one, other):
            said = each.next(at_least=2)
            assert (said["type"], said["reason"]) == ("disconnect", reason)
            assert said["debug_info"] == {"host": one.messages[0]["debug_info"]["host"]}


@pins("Slack warns about ten seconds before it asks for a refresh.", GUIDE)
def test_a_connection_that_has_lived_its_time_is_warned_and_refreshed(offline: Rig) -> None:
    offline.box.connection_seconds = 0.01
    with line(offline) as each:
        each.next(at_least=3)
        assert each.reasons() == ["warning", "refresh_requested"]
    assert WARNING_SECONDS == 10


@pins("`hello` says for about how many seconds Slack keeps the connection.", GUIDE)
@pins(
    "With `debug_reconnects=true` in its address Slack keeps a connection for 360 seconds.", GUIDE
)
def test_hello_tells_how_long_the_connection_is_kept(offline: Rig) -> None:
    told = []
    for query in ("", "&debug_reconnects=true", "&debug_reconnects=false"):
        with line(offline, query) as each:
            told.append(each.messages[0]["debug_info"]["approximate_connection_time"])
    assert told == [18060, 360, 18060]


@pins("A warning alone ends nothing: envelopes still go down that connection.", "", Sure.GUESSED)
def test_a_warned_connection_still_works(offline: Rig, pool: ThreadPoolExecutor) -> None:
    with line(offline) as each:
        offline.box.warn_sockets()
        assert_works(offline, pool, each, at_least=3)


@pins(
    "After `refresh_requested` envelopes go down another connection, if there is one.",
    "",
    Sure.GUESSED,
)
@pins(
    "What was under way when a refresh was requested is acknowledged over the old connection.",
    "",
    Sure.GUESSED,
)
def test_a_refreshed_connection_takes_acks_and_no_new_envelope(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    with line(offline) as old:
        before = pool.submit(offline.maya.types, "/hello")
        under_way = old.next(at_least=2)
        offline.box.refresh_sockets(closing_seconds=LATER)
        with line(offline) as new:
            for count in (1, 2):
                assert_works(offline, pool, new, at_least=1 + count)
            old.ack(under_way)
            assert before.result().outcome == "acked"
        assert len(old.envelopes()) == 1


def test_a_refreshed_connection_is_used_as_long_as_there_is_no_other(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    with line(offline) as each:
        offline.box.refresh_sockets(closing_seconds=LATER)
        assert_works(offline, pool, each, at_least=3)


@pins(
    "After `refresh_requested` Slack closes the connection, whether or not all is answered.",
    "sourceforge.net/projects/node-slack-sdk.mirror/files/@slack_socket-mode@3.1.1",
    Sure.REPORTED,
)
def test_a_connection_that_is_closed_at_once_leaves_its_envelope_unanswered(
    offline: Rig, pool: ThreadPoolExecutor
) -> None:
    offline.box.ack_seconds = SOON
    with line(offline) as each:
        typing = pool.submit(offline.maya.types, "/hello")
        each.next(at_least=2)
        offline.box.refresh_sockets(closing_seconds=0)
        until(lambda: each.closed)
        assert typing.result().outcome == "timeout"


def test_an_app_that_is_asked_to_refresh_connects_anew(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    before = rig.handlers[0].client.session_id()
    rig.box.refresh_sockets(closing_seconds=0)
    until(lambda: rig.handlers[0].client.session_id() != before)
    assert rig.maya.types("/hello").outcome == "acked"
    assert (len(bodies), opened_again(rig)) == (1, 2)


@pins("When Socket Mode is switched off, every connection ends with `link_disabled`.", GUIDE)
@pins(
    "While Socket Mode is switched off nobody can connect; which code says so is not documented.",
    OPEN,
    Sure.GUESSED,
    refuses=["apps.connections.open: forbidden_team"],
)
def test_with_socket_mode_switched_off_nobody_connects(offline: Rig) -> None:
    unused = address(offline)
    with line(offline) as each:
        offline.box.switch_off_sockets()
        until(lambda: each.closed)
        assert each.reasons() == ["link_disabled"]
    assert offline.box.connections == 0
    with pytest.raises(SlackApiError, match="forbidden_team"):
        address(offline)
    assert status_at(unused) == 403
    assert offline.maya.types("/hello").outcome == "not_connected"
    offline.box.accept_sockets()
    with line(offline):
        assert offline.box.connections == 1


@pins(
    "An app that never had Socket Mode is refused the same way.",
    OPEN,
    Sure.GUESSED,
    refuses=["apps.connections.open: forbidden_team"],
)
def test_an_app_without_socket_mode_gets_no_address(make_rig: MakeRig) -> None:
    with pytest.raises(SlackApiError, match="forbidden_team"):
        address(make_rig(socket_mode=False))


@pins("An app may have ten connections open at the same time.", GUIDE)
@pins(
    "An eleventh gets an address all the same, and on its socket not a `hello` but a `disconnect`"
    " for `too_many_websockets`.",
    "github.com/slackapi/bolt-js/issues/2238",
    Sure.REPORTED,
)
@pins("The eleventh is closed then, and the ten stay.", "", Sure.GUESSED)
def test_an_eleventh_connection_is_told_that_there_are_too_many(offline: Rig) -> None:
    with ExitStack() as lines:
        ten = [lines.enter_context(line(offline)) for _ in range(10)]
        assert [each.messages[0]["num_connections"] for each in ten] == list(range(1, 11))
        with line(offline) as eleventh:
            until(lambda: eleventh.closed)
            assert [each["type"] for each in eleventh.messages] == ["disconnect"]
            assert eleventh.reasons() == ["too_many_websockets"]
        assert offline.box.connections == 10
        assert not any(each.closed for each in ten)
        ten[0].hang_up()
        until(lambda: offline.box.connections == 9)
        with line(offline) as fits:
            assert fits.messages[0]["type"] == "hello"


@pins(
    "What people do while no connection is open is lost: a command is not sent later.",
    "",
    Sure.GUESSED,
)
@pins(
    "An event that nobody was there for is tried three times more, and then lost.",
    "",
    Sure.GUESSED,
)
def test_what_happens_while_nobody_is_connected_is_lost(make_rig: MakeRig) -> None:
    rig = make_rig(sandbox={"retry_after_seconds": (0, 0, 0)})
    channel = rig.channel("cohort-new-parents")
    assert rig.maya.types("/hello").outcome == "not_connected"
    assert rig.act("message", channel=channel, text="unheard")["event"] == "not_connected"
    with line(rig) as each, ThreadPoolExecutor(1) as pool:
        saying = pool.submit(rig.act, "message", channel=channel, text="heard")
        each.ack(each.next(at_least=2))
        assert saying.result()["event"] == "acked"
        assert [e["payload"]["event"]["text"] for e in each.envelopes()] == ["heard"]


def test_an_event_that_found_nobody_reaches_the_app_with_its_next_try(make_rig: MakeRig) -> None:
    rig = make_rig(sandbox={"retry_after_seconds": (0.01,) * 900})
    heard = Event()
    rig.app.event("message")(lambda: heard.set())
    rig.act("message", channel=rig.channel("cohort-new-parents"), text="unheard")
    rig.connect()
    assert heard.wait(5)


@pins(
    "The app-level token needs connections:write.",
    OPEN,
    refuses=["apps.connections.open: missing_scope"],
)
def test_an_app_level_token_needs_its_scope(offline: Rig) -> None:
    offline.box.grant_app_token("authorizations:read")
    with pytest.raises(SlackApiError) as caught:
        address(offline)
    answer: Any = caught.value.response
    assert answer["error"] == "missing_scope"
    assert (answer["needed"], answer["provided"]) == ("connections:write", "authorizations:read")


@pytest.mark.parametrize(
    ("token", "code"),
    [("xoxb", "not_allowed_token_type"), ("xapp-wrong", "invalid_auth")],
)
@pins(
    "Only an app-level token opens a connection.",
    OPEN,
    refuses=[
        "apps.connections.open: not_allowed_token_type",
        "apps.connections.open: invalid_auth",
    ],
)
def test_another_token_opens_no_connection(offline: Rig, token: str, code: str) -> None:
    given = offline.box.bot_token if token == "xoxb" else token
    with pytest.raises(SlackApiError, match=code):
        offline.client.apps_connections_open(app_token=given)


@pins(
    "The app-level token is taken from the header only; as an argument it is an invalid one.",
    "volcengine.com/article/3176699",
    Sure.REPORTED,
    refuses=["apps.connections.open: invalid_auth", "apps.connections.open: not_authed"],
)
def test_an_app_level_token_is_taken_from_the_header_only(offline: Rig) -> None:
    nobody = WebClient(base_url=offline.box.api_url)
    for given, code in (({"token": offline.box.app_token}, "invalid_auth"), ({}, "not_authed")):
        with pytest.raises(SlackApiError, match=code):
            nobody.api_call("apps.connections.open", data=given)


@pins(
    "Slack may say that it is out of service.",
    OPEN,
    refuses=["apps.connections.open: service_unavailable"],
)
def test_connections_can_be_refused(offline: Rig) -> None:
    offline.box.refuse_sockets()
    with pytest.raises(SlackApiError, match="service_unavailable"):
        address(offline)
