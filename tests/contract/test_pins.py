"""Pins: by the app, by people, and what cannot be pinned."""

from __future__ import annotations

import pytest

from sandbox import ControlError
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refused
from tests.contract.rig import EVERY_SCOPE, Json, Rig

COHORT, PRIVATE = "cohort-new-parents", "care-moderators"


def posted(rig: Rig, text: str = "notice") -> dict[str, str]:
    channel = rig.channel(COHORT)
    ts = str(rig.client.chat_postMessage(channel=channel, text=text)["ts"])
    return {"channel": channel, "timestamp": ts}


@pins(
    "A message is pinned once, and a pin is taken off once.",
    page_of("pins.add"),
    refuses=["pins.add: already_pinned", "pins.remove: no_pin"],
)
def test_a_pinned_message_is_listed_and_seen_until_it_is_taken_off(offline: Rig) -> None:
    client, first, second = offline.client, posted(offline), posted(offline, "another")
    client.pins_add(**first)
    client.pins_add(**second)
    items = client.pins_list(channel=first["channel"])["items"]
    assert [item["message"]["text"] for item in items] == ["another", "notice"]
    assert items[0]["created_by"] == client.auth_test()["user_id"]
    assert items[0]["message"]["pinned_to"] == [first["channel"]]
    seen = [message["text"] for message in offline.maya.messages(COHORT) if message["pinned"]]
    assert seen == ["notice", "another"]
    assert refused(client.pins_add, **first) == "already_pinned"
    client.pins_remove(**first)
    assert refused(client.pins_remove, **first) == "no_pin"
    assert len(client.pins_list(channel=first["channel"])["items"]) == 1
    assert client.conversations_history(channel=first["channel"])["pin_count"] == 1


@pins("A pin goes with its message.", "", Sure.GUESSED)
def test_a_pin_goes_with_its_message(offline: Rig) -> None:
    message = posted(offline)
    offline.client.pins_add(**message)
    offline.client.chat_delete(channel=message["channel"], ts=message["timestamp"])
    assert offline.client.pins_list(channel=message["channel"])["items"] == []


@pins(
    "A pin is about a message, by its timestamp.",
    page_of("pins.add"),
    refuses=[
        "pins.add: no_item_specified",
        "pins.remove: no_item_specified",
        "pins.add: bad_timestamp",
        "pins.remove: bad_timestamp",
    ],
)
def test_pins_are_for_messages_in_channels_of_the_app(offline: Rig) -> None:
    client, message = offline.client, posted(offline)
    general, channel = offline.channel("general"), message["channel"]
    assert refused(client.pins_add, channel=channel, timestamp="1.000001") == "message_not_found"
    for call in (client.pins_add, client.pins_remove):
        assert refused(call, channel=channel) == "no_item_specified"
        assert refused(call, channel=channel, timestamp="yesterday") == "bad_timestamp"
    assert refused(client.pins_add, channel="C404", timestamp="1.1") == "channel_not_found"
    assert refused(client.pins_add, channel=general, timestamp="1.1") == "not_in_channel"
    assert refused(client.pins_list, channel=general) == "not_in_channel"
    private = offline.channel(PRIVATE)
    offline.box.remove_bot(PRIVATE)
    assert refused(client.pins_list, channel=private) == "channel_not_found"
    offline.box.archive(COHORT)
    assert refused(client.pins_add, **message) == "is_archived"


@pins(
    "What Slack itself wrote cannot be pinned.",
    page_of("pins.add"),
    refuses=["pins.add: not_pinnable"],
)
def test_a_line_of_slack_itself_cannot_be_pinned(offline: Rig) -> None:
    offline.box.add_member(COHORT, "lucie")
    channel = offline.channel(COHORT)
    joined = offline.client.conversations_history(channel=channel)["messages"][0]
    assert joined["subtype"] == "channel_join"
    line = {"channel": channel, "timestamp": joined["ts"]}
    assert refused(offline.client.pins_add, **line) == "not_pinnable"
    with pytest.raises(ControlError, match="pinned"):
        offline.maya.pins(COHORT, joined["ts"])


@pins(
    "A channel has a hundred pins at most.",
    "slack.com/help/articles/205239997-Pin-messages-and-bookmark-links",
    Sure.REPORTED,
    refuses=["pins.add: too_many_pins"],
)
def test_a_channel_holds_a_hundred_pins(offline: Rig) -> None:
    for number in range(100):
        offline.client.pins_add(**posted(offline, str(number)))
    assert refused(offline.client.pins_add, **posted(offline)) == "too_many_pins"


@pytest.mark.parametrize("scope", ["pins:read", "pins:write"])
def test_pins_need_their_scopes(make_rig: MakeRig, scope: str) -> None:
    rig = make_rig(scopes=[each for each in EVERY_SCOPE if each != scope])
    message = posted(rig)
    if scope == "pins:write":
        assert refused(rig.client.pins_add, **message) == "missing_scope"
        assert refused(rig.client.pins_remove, **message) == "missing_scope"
    else:
        rig.client.pins_add(**message)
        assert refused(rig.client.pins_list, channel=message["channel"]) == "missing_scope"


@pins(
    "An app hears of pins that people set and take off.",
    "docs.slack.dev/reference/events/pin_added",
)
def test_the_app_hears_of_pins_that_people_set_and_take_off(make_rig: MakeRig) -> None:
    rig = make_rig(events=["pin_added", "pin_removed"])
    events: list[Json] = []
    for kind in ("pin_added", "pin_removed"):
        rig.app.event(kind)(lambda event: events.append(event))
    rig.connect()
    message = posted(rig)
    channel, ts = message["channel"], message["timestamp"]
    assert rig.maya.pins(COHORT, ts).ok
    assert rig.maya.pins(COHORT, ts).ok
    assert rig.kofi.unpins(COHORT, ts).ok
    assert [event["type"] for event in events] == ["pin_added", "pin_removed"]
    assert (events[0]["user"], events[0]["channel_id"]) == (rig.maya.id, channel)
    assert events[0]["item"]["message"]["ts"] == ts
    assert [event["has_pins"] for event in events] == [True, False]
