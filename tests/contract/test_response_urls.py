"""Response URLs: five answers within half an hour, ephemeral unless asked otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.request import Request

from slack_bolt import Respond
from slack_sdk.webhook import WebhookClient

from tests.contract.doors import status_of
from tests.contract.facts import Sure, pins
from tests.contract.rig import Rig, buttons, recording, said

COHORT = "cohort-new-parents"
HANDLING = "docs.slack.dev/interactivity/handling-user-interaction"


def url_of_a_command(rig: Rig, channel: str = "general") -> str:
    listener, bodies = recording()
    rig.app.command("/hello")(listener)
    rig.maya.types("/hello", channel=channel)
    return str(bodies[0]["response_url"])


def url_of_a_click(rig: Rig) -> tuple[str, str]:
    """Return the URL and the ts of the message with the button."""
    listener, bodies = recording()
    rig.app.action("yes")(listener)
    channel = rig.channel(COHORT)
    ts = rig.client.chat_postMessage(channel=channel, text="Ready?", blocks=[buttons("yes")])["ts"]
    rig.maya.clicks("yes", message=(COHORT, str(ts)))
    return str(bodies[0]["response_url"]), str(ts)


@pins("What goes to a response URL is ephemeral and needs no membership.", HANDLING)
def test_an_answer_is_ephemeral_and_needs_no_membership(rig: Rig) -> None:
    def answer(ack: Any, respond: Respond) -> None:
        ack()
        respond("Between us")

    rig.app.command("/hello")(answer)
    rig.maya.types("/hello")
    assert rig.maya.ephemerals("general")[-1]["text"] == "Between us"
    assert not rig.kofi.is_shown("Between us")


@pins("With in_channel it is for everybody.", HANDLING)
def test_an_answer_can_be_for_everyone(rig: Rig) -> None:
    client = WebhookClient(url_of_a_command(rig))
    assert client.send(text="For all", response_type="in_channel").body == "ok"
    assert rig.kofi.messages("general")[-1]["text"] == "For all"


@pins("A response URL works five times.", HANDLING, refuses=["response_url: used_url"])
def test_a_response_url_works_five_times(rig: Rig) -> None:
    client = WebhookClient(url_of_a_command(rig))
    statuses = [client.send(text=f"answer {number}").status_code for number in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 404]
    assert len(rig.maya.ephemerals("general")) == 5


@pins("A response URL lives thirty minutes.", HANDLING, refuses=["response_url: expired_url"])
def test_a_response_url_lives_half_an_hour(rig: Rig) -> None:
    client = WebhookClient(url_of_a_command(rig))
    rig.box.clock.advance(timedelta(minutes=29, seconds=30))
    assert client.send(text="in time").status_code == 200
    rig.box.clock.advance(timedelta(seconds=30))
    late = client.send(text="too late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


@pins("An answer can take the place of the message of a click.", HANDLING)
def test_an_answer_can_replace_the_message_of_the_click(rig: Rig) -> None:
    url, ts = url_of_a_click(rig)
    WebhookClient(url).send(text="Done", blocks=[said("Done")], replace_original=True)
    message = next(m for m in rig.kofi.messages(COHORT) if m["ts"] == ts)
    assert (message["text"], message["blocks"][0]["type"]) == ("Done", "section")


@pins(
    "An answer can delete the message of a click, as long as that is there.",
    HANDLING,
    refuses=["response_url: message_not_found"],
)
def test_an_answer_can_delete_the_message_of_the_click(rig: Rig) -> None:
    url, ts = url_of_a_click(rig)
    WebhookClient(url).send(delete_original=True)
    assert ts not in [message["ts"] for message in rig.kofi.messages(COHORT)]
    assert "message_not_found" in WebhookClient(url).send(delete_original=True).body


@pins("An answer to an ephemeral message stays ephemeral.", HANDLING)
def test_an_ephemeral_message_can_be_replaced_but_not_made_public(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("yes")(listener)
    channel = rig.channel(COHORT)
    rig.client.chat_postEphemeral(
        channel=channel, user=rig.maya.id, text="Only you", blocks=[buttons("yes")]
    )
    (seen,) = rig.maya.ephemerals(COHORT)
    rig.maya.clicks("yes", message=(COHORT, seen["ts"]))
    client = WebhookClient(bodies[0]["response_url"])
    client.send(text="Replaced", replace_original=True)
    assert [m["text"] for m in rig.maya.ephemerals(COHORT)] == ["Replaced"]
    client.send(text="Still only you", response_type="in_channel")
    assert not rig.kofi.is_shown("Still only you")


@pins("A command has no message that could be replaced.", HANDLING)
def test_a_command_has_no_original_to_replace(rig: Rig) -> None:
    client = WebhookClient(url_of_a_command(rig))
    client.send(text="one")
    client.send(text="two", replace_original=True)
    assert [m["text"] for m in rig.maya.ephemerals("general")] == ["one", "two"]


@pins(
    "An answer needs something to show, and a URL that Slack gave out.",
    "",
    Sure.GUESSED,
    refuses=["response_url: no_text", "response_url: invalid_url"],
)
def test_an_answer_needs_something_to_show_and_a_url_that_exists(rig: Rig) -> None:
    assert "no_text" in WebhookClient(url_of_a_command(rig)).send(text="").body
    unknown = WebhookClient(f"{rig.box.url}/respond/unknown").send(text="hi")
    assert (unknown.status_code, "invalid_url" in unknown.body) == (404, True)


@pins(
    "What is no message is refused with HTTP 404, and counts as a use.",
    "github.com/slackapi/java-slack-sdk/issues/1349",
    Sure.REPORTED,
    refuses=[
        "response_url: invalid_blocks",
        "response_url: invalid_blocks_format",
        "response_url: too_many_attachments",
        "response_url: used_url",
    ],
)
def test_what_is_no_message_is_refused(rig: Rig) -> None:
    client = WebhookClient(url_of_a_command(rig))
    for content, code in (
        ({"blocks": [said("x" * 3001)]}, "invalid_blocks"),
        ({"blocks": ["text"]}, "invalid_blocks_format"),
        ({"attachments": [{}] * 101}, "too_many_attachments"),
    ):
        answer = client.send_dict({"text": "t", **content})
        assert (answer.status_code, f'"{code}"' in answer.body) == (404, True)
    assert [client.send(text=text).status_code for text in "123"] == [200, 200, 404]
    assert [m["text"] for m in rig.maya.ephemerals("general")] == ["1", "2"]


@pins(
    "A body that is no JSON object is refused.",
    "",
    Sure.GUESSED,
    refuses=["response_url: invalid_json", "response_url: json_not_object"],
)
def test_what_is_no_json_is_refused(rig: Rig) -> None:
    url = url_of_a_command(rig)
    for body in (b"{", b"[]"):
        request = Request(url, body, {"Content-Type": "application/json"}, method="POST")
        assert status_of(request) == 404


@pins(
    "A thread_ts that is no timestamp is refused, and one of no message makes no thread.",
    "",
    Sure.GUESSED,
    refuses=["response_url: invalid_thread_ts"],
)
def test_an_answer_goes_into_a_thread_that_is_there(rig: Rig) -> None:
    client = WebhookClient(url_of_a_click(rig)[0])
    nonsense: list[Any] = [[1], {}, 7, "soon"]
    for wrong in nonsense:
        answer = client.send_dict({"text": "t", "response_type": "in_channel", "thread_ts": wrong})
        assert (answer.status_code, "invalid_thread_ts" in answer.body) == (404, True)
    client.send_dict({"text": "Here", "response_type": "in_channel", "thread_ts": "1.000001"})
    shown = rig.maya.messages(COHORT)[-1]
    assert (shown["text"], shown["thread_ts"]) == ("Here", None)


@pins(
    "An answer to a click is a message beside it unless it replaces it, also once it is gone.",
    HANDLING,
)
def test_an_answer_to_a_click_stands_beside_it(rig: Rig) -> None:
    client = WebhookClient(url_of_a_click(rig)[0])
    client.send(text="Beside", response_type="in_channel")
    assert [m["text"] for m in rig.kofi.messages(COHORT)][-2:] == ["Ready?", "Beside"]
    client.send(delete_original=True)
    assert client.send(text="Afterwards").status_code == 200
    assert rig.maya.ephemerals(COHORT)[-1]["text"] == "Afterwards"


@pins("Faults and holds are ordered for response URLs as for methods.", "", Sure.OURS)
def test_a_response_url_can_fail(rig: Rig) -> None:
    client = WebhookClient(url_of_a_command(rig))
    rig.box.fail("response_url", status=500, channel="random")
    rig.box.fail("response_url", status=503, channel="general")
    assert client.send(text="lost").status_code == 503
    assert client.send(text="heard").status_code == 200
    calls = [each for each in rig.box.calls() if each["method"] == "response_url"]
    assert [(each["ok"], each["channel"]) for each in calls] == [
        (False, rig.channel("general")),
        (True, rig.channel("general")),
    ]
    assert [m["text"] for m in rig.maya.ephemerals("general")] == ["heard"]
