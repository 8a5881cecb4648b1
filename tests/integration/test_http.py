"""The door over HTTP: what Slack signed is answered, everything else is turned away in a line."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from slack_bolt import App

from app import Hearth
from bot import content
from bot.errors import CannotStart
from bot.ports import Address, Unmetered
from bot.settings import load
from handlers.http import Http
from handlers.signatures import WINDOW_SECONDS, Refused, Signatures
from sandbox import Sandbox
from tests.conftest import NO_FILE, Stored
from tests.integration.apps import failing_at
from tests.integration.doors import (
    FORM,
    MAYA,
    SECRET,
    ask,
    command,
    event,
    over_http,
    send,
    signed,
)

JSON = "application/json"


@pytest.fixture
def listening(workspace: Sandbox, stored: Stored) -> Iterator[Hearth]:
    """Hearth, with its door over HTTP and its numbers."""
    environ = over_http(workspace, stored.url, HEARTH_HEALTH="127.0.0.1:0")
    running = Hearth(load(NO_FILE, environ), workspace.clock)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def door(listening: Hearth) -> Address:
    assert isinstance(listening.door, Http)
    return listening.door.address


def refusals(listening: Hearth) -> dict[str, int]:
    assert listening.metrics is not None
    start = 'hearth_requests_refused_total{reason="'
    lines = listening.metrics.text().decode().splitlines()
    found = [each.removeprefix(start).split('"} ') for each in lines if each.startswith(start)]
    return {reason: int(float(count)) for reason, count in found}


# What Slack sends


def test_a_command_is_answered_in_words(door: Address) -> None:
    reply = send(door, command("help"))
    assert reply.status == 200
    assert "/checkin" in reply.body.decode()


def test_a_form_is_opened_and_filed(
    door: Address, workspace: Sandbox, stored: Stored, listening: Hearth
) -> None:
    opened = send(door, command(""))  # the trigger is none of the workspace's
    assert opened.status == 200
    assert "could not open the form" in opened.json["text"]
    assert workspace.calls()[-1]["method"] == "views.open"
    payload = {"type": "view_submission", "user": {"id": MAYA}, "view": CONSENT}
    body = urlencode({"payload": json.dumps(payload)}).encode()
    answered = send(door, body)
    assert answered.json["response_action"] == "update"
    assert stored.count("people") == 1


CONSENT = {
    "id": "V1",
    "type": "modal",
    "callback_id": "consent",
    "private_metadata": json.dumps({"words": content.consent_version()}),
    "blocks": [],
    "state": {
        "values": {
            "country": {
                "country": {"type": "static_select", "selected_option": {"value": "DE"}},
            },
            "agreed": {"agreed": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}},
        }
    },
}


def test_a_failing_command_is_answered_in_words(door: Address, stored: Stored) -> None:
    stored.change("ALTER TABLE people RENAME TO elsewhere")
    reply = send(door, command("history"))
    assert reply.status == 200
    assert "cannot reach its memory" in reply.json["text"]


def test_the_address_is_verified_only_for_whoever_can_sign(door: Address) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()
    assert send(door, body, JSON).json == {"challenge": "3eZbrw1aB"}
    refused = ask(door, body=body, headers={"Content-Type": JSON})
    assert (refused.status, refused.body) == (401, b"")


def test_every_event_is_acknowledged(door: Address) -> None:
    for number, kind in enumerate(("message", "reaction_added", "team_join", "something_new")):
        assert send(door, event(kind, f"Ev{number}"), JSON).status == 200


def test_thirty_two_people_are_answered_at_the_same_time(door: Address) -> None:
    with ThreadPoolExecutor(32) as pool:
        replies = [*pool.map(lambda _: send(door, command("help")), range(64))]
    assert {reply.status for reply in replies} == {200}


# What somebody else sends

FORGED: dict[str, Callable[[bytes], dict[str, str]]] = {
    "nothing": lambda _body: {},
    "no signature": lambda body: _without(body, "X-Slack-Signature"),
    "no time": lambda body: _without(body, "X-Slack-Request-Timestamp"),
    "another secret": lambda body: signed(body, secret="x" * 32),
    "another body": lambda body: signed(body + b" "),
    "another version": lambda body: (
        signed(body) | {"X-Slack-Signature": signed(body)["X-Slack-Signature"].replace("v0", "v1")}
    ),
    "only a beginning": lambda body: (
        signed(body) | {"X-Slack-Signature": signed(body)["X-Slack-Signature"][:20]}
    ),
    "no ascii": lambda body: signed(body) | {"X-Slack-Signature": "v0=\xe4\xff"},
    "words for a time": lambda body: signed(body) | {"X-Slack-Request-Timestamp": "yesterday"},
    "a fraction": lambda body: signed(body) | {"X-Slack-Request-Timestamp": "1e9"},
    "digits of elsewhere": lambda body: signed(body) | {"X-Slack-Request-Timestamp": "\xb2\xb3"},
    "a long number": lambda body: signed(body) | {"X-Slack-Request-Timestamp": "9" * 5000},
    "a minus": lambda body: signed(body) | {"X-Slack-Request-Timestamp": "-1"},
    "another time": lambda body: (
        signed(body) | {"X-Slack-Request-Timestamp": str(int(time.time()) + 1)}
    ),
    "long ago": lambda body: signed(body, at=int(time.time()) - WINDOW_SECONDS - 2),
    "from ahead": lambda body: signed(body, at=int(time.time()) + WINDOW_SECONDS + 2),
}


def _without(body: bytes, name: str) -> dict[str, str]:
    return {key: value for key, value in signed(body).items() if key != name}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_what_slack_did_not_sign_now_is_turned_away_unread(
    door: Address,
    listening: Hearth,
    caplog: pytest.LogCaptureFixture,
    forge: Callable[[bytes], dict[str, str]],
) -> None:
    body = command("lantern")
    reply = ask(door, body=body, headers=forge(body))
    assert (reply.status, reply.body) == (401, b"")
    assert sum(refusals(listening).values()) == 1
    (line,) = [each.getMessage() for each in caplog.records if each.name == "handlers.http"]
    assert line.startswith("a request was refused: ")
    assert "127.0.0.1" not in line


def test_the_same_bytes_are_taken_once(door: Address, listening: Hearth, stored: Stored) -> None:
    body = command("help")
    headers = signed(body)
    replies = [ask(door, body=body, headers=headers).status for _ in range(3)]
    assert replies == [200, 401, 401]
    assert refusals(listening) == {"replayed": 2}


def test_of_the_same_bytes_at_the_same_moment_one_is_taken(door: Address) -> None:
    body = command("help")
    headers = signed(body)
    with ThreadPoolExecutor(16) as pool:
        replies = [*pool.map(lambda _: ask(door, body=body, headers=headers).status, range(16))]
    assert sorted(replies) == [200] + [401] * 15


def test_a_second_try_of_slacks_own_is_signed_anew_and_taken(door: Address) -> None:
    body, now = event("message"), int(time.time())
    assert send(door, body, JSON, at=now).status == 200
    again = signed(body, at=now + 1) | {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "timeout"}
    assert ask(door, body=body, headers={"Content-Type": JSON} | again).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("POST", "/", 404),
        ("POST", "/slack/events/", 404),
        ("POST", "/slack/../slack/events", 404),
        ("GET", "/metrics", 404),
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("OPTIONS", "/slack/events", 405),
    ],
)
def test_there_is_one_path_and_one_verb(
    door: Address, listening: Hearth, method: str, path: str, status: int
) -> None:
    reply = ask(door, method, path, headers=signed(b""))
    assert (reply.status, reply.body) == (status, b"")
    assert sum(refusals(listening).values()) == 1


def raw(door: Address, request: bytes) -> bytes:
    """Send bytes as they are, and return everything that comes back until the line is closed."""
    with socket.create_connection(door, timeout=30) as line:
        line.sendall(request)
        answer = b""
        while more := line.recv(65536):
            answer += more
        return answer


def test_too_much_is_refused_before_it_was_read(door: Address, listening: Hearth) -> None:
    head = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n"
    assert raw(door, head).startswith(b"HTTP/1.1 413")
    assert refusals(listening) == {"too large": 1}


def test_too_much_in_pieces_is_refused(door: Address) -> None:
    head = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    assert raw(door, head + piece * 16 + b"1\r\nx\r\n0\r\n\r\n").startswith(b"HTTP/1.1 413")


def test_exactly_as_much_as_allowed_is_read(door: Address) -> None:
    body = command("help") + b"&more="
    assert send(door, body + b"x" * (1024 * 1024 - len(body))).status == 200


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"POST /slack/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /slack/events HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
    ],
    ids=["no request", "a negative length", "two lengths", "broken pieces", "a long header"],
)
def test_a_broken_request_is_refused_and_counted(
    door: Address, listening: Hearth, request_: bytes
) -> None:
    assert raw(door, request_).split(b" ", 2)[1].startswith(b"4")
    assert refusals(listening) == {"malformed": 1}


def test_what_slack_signed_but_nobody_can_read_is_an_error_without_words(
    door: Address, caplog: pytest.LogCaptureFixture
) -> None:
    for body, kind in ((b"\xff\xfe", FORM), (b"{lantern", JSON), (b"payload=lantern", FORM)):
        reply = send(door, body, kind)
        assert (reply.status, reply.body) == (500, b"")
    assert "could not be read" in caplog.text


def test_slow_senders_hold_nobody_up_and_are_hung_up_on() -> None:
    bolt = App(
        name="ours",
        token="xoxb-1",
        token_verification_enabled=False,
        request_verification_enabled=False,
    )
    slow = Http(
        bolt, Signatures(SECRET), Address("127.0.0.1", 0), meter=Unmetered(), request_seconds=1
    )
    slow.open()
    try:
        lines = [socket.create_connection(slow.address, timeout=30) for _ in range(64)]
        for line in lines:
            line.sendall(b"POST /slack/events HTTP/1.1\r\nContent-Length: 999999\r\n\r\n")
        assert ask(slow.address).status == 401
        last = time.monotonic() + 30
        while lines and time.monotonic() < last:
            lines = [line for line in lines if _drips(line)]
        assert lines == []
    finally:
        slow.close()


def _drips(line: socket.socket) -> bool:
    """Send one byte more of a body that never ends; False once the line is closed."""
    line.settimeout(0.01)
    try:
        line.sendall(b"x")
        if line.recv(1) == b"":
            line.close()
            return False
    except TimeoutError:
        pass
    except OSError:
        line.close()
        return False
    return True


def test_without_the_address_it_says_what_to_look_at(workspace: Sandbox, stored: Stored) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        environ = over_http(workspace, stored.url, HEARTH_LISTEN=where)
        with pytest.raises(CannotStart, match=f"{where}.*HEARTH_LISTEN"):
            Hearth(load(NO_FILE, environ)).start()


def test_after_the_intake_has_stopped_a_request_is_put_off(
    door: Address, listening: Hearth
) -> None:
    assert listening.door is not None
    listening.door.stop_intake()
    assert send(door, command("help")).status == 503
    assert refusals(listening) == {"stopping": 1}


# The memory of signatures


def test_a_signature_is_remembered_as_long_as_it_could_come_again_and_no_longer() -> None:
    now = 1_000_000.0
    signatures = Signatures(SECRET, lambda: now)

    def check(at: int) -> Refused | None:
        headers = signed(b"x", at=at)
        return signatures.check(
            headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"], b"x"
        )

    ahead = 1_000_000 + WINDOW_SECONDS
    assert check(ahead) is None
    now += 2 * WINDOW_SECONDS
    assert check(int(now) - 1) is None
    assert check(ahead) is Refused.REPLAYED
    now += 1
    assert check(ahead) is Refused.OUT_OF_TIME
    assert check(int(now)) is None
    assert len(signatures._seen) == 2


def test_not_a_blank_of_a_body_may_change() -> None:
    signatures = Signatures(SECRET, lambda: 0.0)
    signature = signed(b"x", at=0)["X-Slack-Signature"]
    for other in (b"x ", b" x", b"x\n", b"X", b""):
        assert signatures.check("0", signature, other) is Refused.WRONG_SIGNATURE
    assert signatures.check("0", signature, b"x") is None


def test_the_memory_is_bounded_and_only_slack_can_fill_it() -> None:
    signatures = Signatures(SECRET, lambda: 0.0, remembered=10)
    for number in range(30):
        body = str(number).encode()
        headers = signed(body, at=0)
        assert signatures.check("0", headers["X-Slack-Signature"], body) is None
        assert signatures.check("0", "v0=" + "0" * 64, body) is Refused.WRONG_SIGNATURE
    assert len(signatures._seen) == 10


def test_an_event_whose_listener_fails_is_not_acknowledged_and_so_comes_again(
    workspace: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    bolt = failing_at(workspace, "reaction_added")
    door = Http(bolt, Signatures(SECRET), Address("127.0.0.1", 0), meter=Unmetered())
    door.open()
    try:
        failed = send(door.address, event("reaction_added"), JSON)
        assert (failed.status, failed.body) == (500, b"")
        assert send(door.address, event("message"), JSON).status == 200
    finally:
        door.close()
    assert "unexpected ZeroDivisionError" in caplog.text
