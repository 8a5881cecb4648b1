"""Events: the app hears of what it subscribed to, may know of, and is there for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.rig import EVERY_EVENT, EVERY_SCOPE, SOON, Json, Rig

COHORT = "cohort-new-parents"


def heard(rig: Rig, kind: str) -> list[Json]:
    """Return the list to which the bodies of these events will be added."""
    bodies: list[Json] = []
    rig.app.event(kind)(lambda body: bodies.append(body))
    return bodies


@pins(
    "A message comes with its author, its ts and the kind of its channel, its signs escaped.",
    "docs.slack.dev/reference/events/message.channels",
)
@pins(
    "An event comes in a wrapper with its id, its time and the app that it is for.",
    "docs.slack.dev/apis/events-api",
)
def test_a_message_in_a_channel_of_the_bot_is_heard(rig: Rig) -> None:
    bodies = heard(rig, "message")
    ts = rig.maya.says("Hello & <b>", COHORT)
    (body,) = bodies
    event = body["event"]
    assert (event["user"], event["ts"], event["channel_type"]) == (rig.maya.id, ts, "channel")
    assert event["text"] == "Hello &amp; &lt;b&gt;"
    assert event["blocks"][0]["type"] == "rich_text"
    assert (body["type"], body["authorizations"][0]["is_bot"]) == ("event_callback", True)
    assert {"event_id", "event_time", "api_app_id", "team_id", "token"} <= set(body)


@pins(
    "Messages where the app is no member do not come.",
    "docs.slack.dev/reference/events/message.channels",
)
def test_a_message_elsewhere_is_not_heard(rig: Rig) -> None:
    bodies = heard(rig, "message")
    rig.maya.says("hello", "general")
    rig.maya.says("hello", rig.maya.opens_dm("kofi"))
    assert bodies == []


@pins(
    "Private channels are `group`, direct messages `im`, each with an event of its own.",
    "docs.slack.dev/reference/events/message.groups",
)
def test_private_channels_and_direct_messages_have_events_of_their_own(rig: Rig) -> None:
    bodies = heard(rig, "message")
    rosa = rig.box.person("rosa")
    rosa.says("hello", "care-moderators")
    rosa.says("hello", rosa.opens_dm("lantern"))
    assert [body["event"]["channel_type"] for body in bodies] == ["group", "im"]


@pins(
    "A reply names its thread and the author of the message above it.",
    "docs.slack.dev/reference/events/message",
)
def test_a_reply_names_its_thread(rig: Rig) -> None:
    bodies = heard(rig, "message")
    ts = rig.maya.says("question", COHORT)
    rig.kofi.says("answer", COHORT, thread_ts=ts)
    assert bodies[1]["event"]["thread_ts"] == ts
    assert bodies[1]["event"]["parent_user_id"] == rig.maya.id


@pins(
    "An @name in a message is an id in its text.",
    "docs.slack.dev/messaging/formatting-message-text",
)
def test_a_mention_is_an_id(rig: Rig) -> None:
    bodies = heard(rig, "message")
    rig.maya.says("thanks @kofi, not a@kofi nor @nobody", COHORT)
    assert bodies[0]["event"]["text"] == f"thanks <@{rig.kofi.id}>, not a@kofi nor @nobody"


@pins(
    "A reaction names who reacted, the message, and who wrote it.",
    "docs.slack.dev/reference/events/reaction_added",
)
@pins(
    "The same reaction by the same person is told once, until it is removed.",
    "docs.slack.dev/reference/events/reaction_removed",
    Sure.GUESSED,
)
def test_reactions_are_heard_when_added_and_when_removed(rig: Rig) -> None:
    added, removed = heard(rig, "reaction_added"), heard(rig, "reaction_removed")
    rig.app.event("message")(lambda: None)
    ts = rig.maya.says("nice", COHORT)
    rig.kofi.reacts("heart", COHORT, ts)
    rig.kofi.reacts("heart", COHORT, ts)
    rig.kofi.unreacts("heart", COHORT, ts)
    rig.kofi.unreacts("heart", COHORT, ts)
    assert len(added) == len(removed) == 1
    event = added[0]["event"]
    assert (event["user"], event["reaction"], event["item_user"]) == (
        rig.kofi.id,
        "heart",
        rig.maya.id,
    )
    place = {"channel": rig.channel(COHORT), "channel_type": "channel"}
    assert event["item"] == {"type": "message", **place, "ts": ts}


@pins(
    "The moment of a reaction is its event_ts, not that of the message.",
    "docs.slack.dev/reference/events/reaction_added",
)
@pins(
    "An emoji with a skin tone is a reaction of its own, and the tone stands behind its name.",
    "github.com/felldo/JEmoji/issues/53",
    Sure.REPORTED,
)
@pins(
    "The author of what an app wrote is the app's own user.",
    "docs.slack.dev/reference/events/reaction_added",
    Sure.GUESSED,
)
def test_a_reaction_has_a_moment_of_its_own_and_its_tone_in_its_name(rig: Rig) -> None:
    bodies = heard(rig, "reaction_added")
    rig.app.event("message")(lambda: None)
    channel = rig.channel(COHORT)
    ts = rig.client.chat_postMessage(channel=channel, text="Who is here?")["ts"]
    for name in ("raised_hand", "raised_hand::skin-tone-4"):
        rig.kofi.reacts(name, COHORT, ts)
    plain, toned = (body["event"] for body in bodies)
    assert (plain["reaction"], toned["reaction"]) == ("raised_hand", "raised_hand::skin-tone-4")
    assert ts < plain["event_ts"] < toned["event_ts"]
    assert plain["item_user"] == rig.client.auth_test()["user_id"]


@pins(
    "Reactions where the app is no member do not come.",
    "docs.slack.dev/reference/events/reaction_added",
    Sure.GUESSED,
)
def test_a_reaction_elsewhere_is_not_heard(rig: Rig) -> None:
    bodies = heard(rig, "reaction_added")
    rig.kofi.reacts("heart", "general", rig.maya.says("nice", "general"))
    assert bodies == []


@pytest.mark.parametrize(
    "without",
    [
        {"events": [e for e in EVERY_EVENT if not e.startswith("message")]},
        {"scopes": [s for s in EVERY_SCOPE if s != "channels:history"]},
    ],
    ids=["not subscribed", "scope missing"],
)
def test_a_message_needs_its_subscription_and_its_scope(
    make_rig: MakeRig, without: dict[str, Any]
) -> None:
    rig = make_rig(**without)
    rig.connect()
    bodies = heard(rig, "message")
    rig.maya.says("hello", COHORT)
    assert bodies == []


@pytest.mark.parametrize(
    "without",
    [{"events": ["message.channels"]}, {"scopes": ["channels:history", "channels:read"]}],
    ids=["not subscribed", "scope missing"],
)
def test_a_reaction_needs_its_subscription_and_its_scope(
    make_rig: MakeRig, without: dict[str, Any]
) -> None:
    rig = make_rig(**without)
    rig.connect()
    rig.app.event("message")(lambda: None)
    bodies = heard(rig, "reaction_added")
    rig.kofi.reacts("heart", COHORT, rig.maya.says("nice", COHORT))
    assert bodies == []


@pins("Bolt does not acknowledge an event that no listener takes.", "slack_bolt 1.30.0", Sure.READ)
def test_an_event_without_a_listener_is_not_acknowledged(rig: Rig) -> None:
    rig.box.ack_seconds = SOON
    said = rig.act("message", channel=rig.channel(COHORT), text="hello")
    assert said["event"] == "timeout"
    rig.box.ack_seconds = 3.0
    rig.app.event("message")(lambda: None)
    said = rig.act("message", channel=rig.channel(COHORT), text="hello")
    assert said["event"] == "acked"


@pins(
    "With `process_before_response` Bolt does not acknowledge an event whose listener raised.",
    "slack_bolt 1.30.0",
    Sure.READ,
)
def test_an_event_of_a_listener_that_raised_is_not_acknowledged(rig: Rig) -> None:

    def broken() -> None:
        raise ValueError("broken on purpose")

    rig.app.event("message")(broken)
    rig.box.ack_seconds = SOON
    said = rig.act("message", channel=rig.channel(COHORT), text="hello")
    assert said["event"] == "timeout"
