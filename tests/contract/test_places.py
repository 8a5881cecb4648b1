"""Places: which calls need membership, which a channel that is not archived, which a message."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refused
from tests.contract.rig import Json, Rig

COHORT, PRIVATE = "cohort-new-parents", "care-moderators"

Calls = dict[str, Json]


def about_a_message(ts: str) -> Calls:
    """Return the methods that are about one message of a channel, with what they need."""
    heart = {"timestamp": ts, "name": "heart"}
    return {
        "chat.update": {"ts": ts, "text": "changed"},
        "chat.delete": {"ts": ts},
        "reactions.add": heart,
        "reactions.remove": heart,
        "reactions.get": {"timestamp": ts},
        "pins.add": {"timestamp": ts},
        "pins.remove": {"timestamp": ts},
    }


def about_a_channel(user: str) -> Calls:
    """Return the other methods that are about a channel, with what they need."""
    return {
        "chat.postMessage": {"text": "hi"},
        "chat.postEphemeral": {"text": "hi", "user": user},
        "conversations.info": {},
        "conversations.members": {},
        "conversations.history": {},
        "conversations.replies": {"ts": "1.000001"},
        "conversations.open": {},
        "pins.list": {},
        "files.list": {},
    }


MEMBERS_ONLY = (
    "chat.postMessage",
    "chat.postEphemeral",
    "conversations.history",
    "conversations.replies",
    "pins.list",
    *("reactions.add", "reactions.remove", "reactions.get", "pins.add", "pins.remove"),
)
EVERYWHERE = sorted([*about_a_message(""), *about_a_channel("")])


def asked(rig: Rig, channel: str, ts: str) -> Calls:
    """Return every method that is about a channel, with what it needs there."""
    every = about_a_message(ts) | about_a_channel(rig.maya.id)
    return {name: {"channel": channel, **every[name]} for name in sorted(every)}


@pins(
    "A channel that does not exist is not found.",
    page_of("chat.postMessage"),
    refuses=[f"{name}: channel_not_found" for name in EVERYWHERE],
)
def test_a_channel_that_is_not_there_is_not_found(offline: Rig) -> None:
    for name, arguments in asked(offline, "C404", "1.000001").items():
        assert refused(offline.client.api_call, name, json=arguments) == "channel_not_found", name


@pins(
    "To an app that was not invited a private channel, or somebody's direct message, is not there.",
    "docs.slack.dev/apis/web-api/using-the-conversations-api",
    Sure.REPORTED,
    refuses=[f"{name}: channel_not_found" for name in EVERYWHERE],
)
def test_a_private_channel_without_the_app_is_not_found(offline: Rig) -> None:
    channel = offline.channel(PRIVATE)
    ts = str(offline.client.chat_postMessage(channel=channel, text="t")["ts"])
    offline.box.remove_bot(PRIVATE)
    for place in (channel, offline.maya.opens_dm("kofi")):
        for name, arguments in asked(offline, place, ts).items():
            code = refused(offline.client.api_call, name, json=arguments)
            assert code == "channel_not_found", name
    listed = offline.client.conversations_list(types="public_channel,private_channel,im")
    assert channel not in [each["id"] for each in listed["channels"]]


@pins(
    "In a public channel that the app is not in it reads and writes nothing.",
    page_of("conversations.history"),
    refuses=[f"{name}: not_in_channel" for name in MEMBERS_ONLY],
)
def test_the_app_has_to_be_in_a_channel(offline: Rig) -> None:
    general, ts = offline.channel("general"), offline.maya.says("here", "general")
    for name, arguments in asked(offline, general, ts).items():
        if name in MEMBERS_ONLY:
            code = refused(offline.client.api_call, name, json=arguments)
            assert code == "not_in_channel", name
    assert offline.client.conversations_info(channel=general)["channel"]["is_member"] is False
    assert offline.client.conversations_members(channel=general)["members"]


@pins(
    "In an archived channel nothing is written; each method has its word for that.",
    page_of("chat.update"),
    refuses=[
        "chat.postMessage: is_archived",
        "chat.postEphemeral: is_archived",
        "chat.update: is_inactive",
        "reactions.add: is_archived",
    ],
)
@pins(
    "Nor is a message deleted, pinned or rid of a pin or reaction in an archived channel.",
    "",
    Sure.GUESSED,
    refuses=[
        "chat.delete: cant_delete_message",
        "reactions.remove: is_archived",
        "pins.add: is_archived",
        "pins.remove: is_archived",
    ],
)
def test_an_archived_channel_stays_as_it_is(offline: Rig) -> None:
    channel, client = offline.channel(COHORT), offline.client
    ts = str(client.chat_postMessage(channel=channel, text="before")["ts"])
    offline.box.archive(COHORT)
    codes = {"chat.update": "is_inactive", "chat.delete": "cant_delete_message"}
    writing = about_a_message(ts) | about_a_channel(offline.maya.id)
    for name in sorted(writing):
        if name.startswith(("chat.", "reactions.add", "reactions.remove", "pins.")):
            if name == "pins.list":
                continue
            arguments = {"channel": channel, **writing[name]}
            code = refused(client.api_call, name, json=arguments)
            assert code == codes.get(name, "is_archived"), name
    assert [message["text"] for message in offline.box.posted(COHORT)] == ["before"]
    assert client.pins_list(channel=channel)["items"] == []
    assert client.reactions_get(channel=channel, timestamp=ts)["ok"]


@pins(
    "A message that is not there is not found.",
    page_of("chat.update"),
    refuses=[f"{name}: message_not_found" for name in about_a_message("")],
)
def test_a_message_that_is_not_there_is_not_found(offline: Rig) -> None:
    assert_not_found(offline, offline.channel(COHORT), "1.000001")


@pins(
    "An ephemeral message is never found again.",
    page_of("chat.postEphemeral"),
    refuses=["chat.update: message_not_found", "chat.delete: message_not_found"],
)
def test_a_whisper_is_not_found_again(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    whisper: Any = {"channel": channel, "user": offline.maya.id, "text": "Psst"}
    assert_not_found(
        offline, channel, str(offline.client.chat_postEphemeral(**whisper)["message_ts"])
    )


def assert_not_found(rig: Rig, channel: str, ts: str) -> None:
    """See that no method which is about a message knows of one at `ts`."""
    for name, arguments in about_a_message(ts).items():
        code = refused(rig.client.api_call, name, json={"channel": channel, **arguments})
        assert code == "message_not_found", name


@pins(
    "An app changes and deletes its own messages only.",
    page_of("chat.update"),
    refuses=["chat.update: cant_update_message", "chat.delete: cant_delete_message"],
)
def test_the_messages_of_others_are_left_alone(offline: Rig) -> None:
    channel, ts = offline.channel(COHORT), offline.maya.says("mine", COHORT)
    update, delete = offline.client.chat_update, offline.client.chat_delete
    assert refused(update, channel=channel, ts=ts, text="yours") == "cant_update_message"
    assert refused(delete, channel=channel, ts=ts) == "cant_delete_message"
    assert offline.maya.messages(COHORT)[-1]["text"] == "mine"


@pins(
    "A direct message is changed by its own id, not by the person's.",
    page_of("chat.update"),
    refuses=["chat.update: channel_not_found", "chat.delete: channel_not_found"],
)
def test_a_direct_message_is_changed_by_its_own_id(offline: Rig) -> None:
    person, client = offline.maya.id, offline.client
    posted = client.chat_postMessage(channel=person, text="t")
    code = refused(client.chat_update, channel=person, ts=posted["ts"], text="changed")
    assert code == "channel_not_found"
    assert refused(client.chat_delete, channel=person, ts=posted["ts"]) == "channel_not_found"
    assert client.chat_update(channel=posted["channel"], ts=posted["ts"], text="changed")["ok"]


@pins(
    "An ephemeral message is for a member of its channel.",
    page_of("chat.postEphemeral"),
    refuses=["chat.postEphemeral: user_not_in_channel"],
)
def test_a_whisper_needs_a_member(offline: Rig) -> None:
    whisper: Any = {"channel": offline.channel(COHORT), "text": "Psst"}
    for user in (offline.box.person("rosa").id, "U404"):
        code = refused(offline.client.chat_postEphemeral, user=user, **whisper)
        assert code == "user_not_in_channel"


@pins(
    "A thread is found by a message that is there.",
    page_of("conversations.replies"),
    refuses=["conversations.replies: thread_not_found"],
)
def test_a_thread_needs_a_message(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    code = refused(offline.client.conversations_replies, channel=channel, ts="1.000001")
    assert code == "thread_not_found"


@pins(
    "The ends of a history are timestamps.",
    page_of("conversations.history"),
    refuses=[
        f"conversations.{method}: invalid_ts_{end}"
        for method in ("history", "replies")
        for end in ("latest", "oldest")
    ],
)
@pytest.mark.parametrize("end", ["latest", "oldest"])
def test_the_ends_of_a_history_are_timestamps(offline: Rig, end: str) -> None:
    channel = offline.channel(COHORT)
    window: Any = {end: "yesterday"}
    code = f"invalid_ts_{end}"
    assert refused(offline.client.conversations_history, channel=channel, **window) == code
    ts = str(offline.client.chat_postMessage(channel=channel, text="t")["ts"])
    assert refused(offline.client.conversations_replies, channel=channel, ts=ts, **window) == code
