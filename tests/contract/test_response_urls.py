"""Response URLs: five answers within half an hour, ephemeral unless asked otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from slack_bolt import Respond
from slack_sdk.webhook import WebhookClient

from tests.contract.rig import Rig, buttons, recording, said

COHORT = "cohort-new-parents"


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


def test_an_answer_is_ephemeral_and_needs_no_membership(rig: Rig) -> None:
    def answer(ack: Any, respond: Respond) -> None:
        ack()
        respond("Between us")

    rig.app.command("/hello")(answer)
    rig.maya.types("/hello")
    assert rig.maya.ephemerals("general")[-1]["text"] == "Between us"
    assert not rig.kofi.is_shown("Between us")


def test_an_answer_can_be_for_everyone(rig: Rig) -> None:
    client = WebhookClient(url_of_a_command(rig))
    assert client.send(text="For all", response_type="in_channel").body == "ok"
    assert rig.kofi.messages("general")[-1]["text"] == "For all"


def test_a_response_url_works_five_times(rig: Rig) -> None:
    client = WebhookClient(url_of_a_command(rig))
    statuses = [client.send(text=f"answer {number}").status_code for number in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 404]
    assert len(rig.maya.ephemerals("general")) == 5


def test_a_response_url_lives_half_an_hour(rig: Rig) -> None:
    client = WebhookClient(url_of_a_command(rig))
    rig.box.clock.advance(timedelta(minutes=29))
    assert client.send(text="in time").status_code == 200
    rig.box.clock.advance(timedelta(minutes=2))
    late = client.send(text="too late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


def test_an_answer_can_replace_the_message_of_the_click(rig: Rig) -> None:
    url, ts = url_of_a_click(rig)
    WebhookClient(url).send(text="Done", blocks=[said("Done")], replace_original=True)
    message = next(m for m in rig.kofi.messages(COHORT) if m["ts"] == ts)
    assert (message["text"], message["blocks"][0]["type"]) == ("Done", "section")


def test_an_answer_can_delete_the_message_of_the_click(rig: Rig) -> None:
    url, ts = url_of_a_click(rig)
    WebhookClient(url).send(delete_original=True)
    assert ts not in [message["ts"] for message in rig.kofi.messages(COHORT)]
    assert "message_not_found" in WebhookClient(url).send(delete_original=True).body


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


def test_a_command_has_no_original_to_replace(rig: Rig) -> None:
    client = WebhookClient(url_of_a_command(rig))
    client.send(text="one")
    client.send(text="two", replace_original=True)
    assert [m["text"] for m in rig.maya.ephemerals("general")] == ["one", "two"]


def test_an_answer_needs_something_to_show_and_a_url_that_exists(rig: Rig) -> None:
    assert "no_text" in WebhookClient(url_of_a_command(rig)).send(text="").body
    unknown = WebhookClient(f"{rig.box.url}/respond/unknown").send(text="hi")
    assert (unknown.status_code, "invalid_url" in unknown.body) == (404, True)
