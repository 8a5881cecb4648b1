"""Messages that change or go, the app's own, and those that name it."""

from __future__ import annotations

import re
from threading import Event

import pytest
from slack_bolt import App
from slack_sdk.errors import SlackApiError

from sandbox import ControlError
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.rig import EVERY_EVENT, EVERY_SCOPE, Json, Rig
from tests.waiting import until

COHORT, PRIVATE = "cohort-new-parents", "care-moderators"
CHANGED = "docs.slack.dev/reference/events/message/message_changed"
DELETED = "docs.slack.dev/reference/events/message/message_deleted"
MENTION = "docs.slack.dev/reference/events/app_mention"
TOMBSTONES = "github.com/slack-edge/slack-edge/pull/10"
OWN = "github.com/slackapi/bolt-js/issues/580"
BOLT = "slack_bolt 1.30.0, IgnoringSelfEvents"


@pytest.fixture
def heard(offline: Rig) -> list[Json]:
    """Every event that `offline` hears, its own among them, from now on."""
    bodies: list[Json] = []
    offline.app = App(
        client=offline.client, process_before_response=True, ignoring_self_events_enabled=False
    )
    offline.app.event(re.compile(""))(lambda body: bodies.append(body["event"]))
    offline.connect()
    return bodies


def told(heard: list[Json]) -> list[str]:
    return [str(event.get("subtype", event["type"])) for event in heard]


@pins("A message that a person edits comes as `message_changed`, hidden, with both texts.", CHANGED)
@pins("The time of an edit stands in the message and is the event's own.", CHANGED)
def test_an_edited_message_is_told_with_what_it_was(offline: Rig, heard: list[Json]) -> None:
    ts = offline.maya.says("hello wrld", COHORT)
    assert offline.maya.edits("hello world", COHORT, ts).outcome == "edited"
    changed = heard[1]
    assert told(heard) == ["message", "message_changed"]
    assert (changed["message"]["ts"], changed["message"]["text"]) == (ts, "hello world")
    assert changed["message"]["edited"] == {"user": offline.maya.id, "ts": changed["ts"]}
    assert changed["previous_message"]["text"] == "hello wrld"
    assert "edited" not in changed["previous_message"]
    assert (changed["hidden"], changed["channel_type"]) == (True, "channel")
    assert changed["channel"] == offline.channel(COHORT)
    assert changed["event_ts"] == changed["ts"] > ts
    assert offline.kofi.is_shown("hello world")


@pins("A message that a person deletes comes as `message_deleted`, hidden, with its ts.", DELETED)
def test_a_deleted_message_is_told_with_what_it_was(offline: Rig, heard: list[Json]) -> None:
    ts = offline.maya.says("never mind", COHORT)
    assert offline.maya.deletes(COHORT, ts).outcome == "deleted"
    gone = heard[1]
    assert told(heard) == ["message", "message_deleted"]
    assert (gone["deleted_ts"], gone["previous_message"]["text"]) == (ts, "never mind")
    assert gone["hidden"] is True
    assert "message" not in gone
    assert not offline.kofi.is_shown("never mind")
    channel = offline.channel(COHORT)
    assert (
        offline.client.conversations_history(channel=channel, latest=ts, inclusive=True)[
            "messages"
        ][0]["ts"]
        != ts
    )


@pins(
    "A deleted message with replies becomes a tombstone, told as `message_changed`.",
    TOMBSTONES,
    Sure.REPORTED,
)
@pins("The thread of a tombstone goes on.", "", Sure.GUESSED)
@pins("A tombstone goes with the last reply, told as `message_deleted`.", TOMBSTONES, Sure.REPORTED)
def test_a_deleted_message_with_replies_leaves_a_tombstone(offline: Rig, heard: list[Json]) -> None:
    ts = offline.maya.says("question", COHORT)
    reply = offline.kofi.says("answer", COHORT, thread_ts=ts)
    offline.maya.deletes(COHORT, ts)
    stone = heard[2]["message"]
    assert (heard[2]["subtype"], stone["subtype"]) == ("message_changed", "tombstone")
    assert (stone["user"], stone["text"]) == ("USLACKBOT", "This message was deleted.")
    assert heard[2]["previous_message"]["text"] == "question"
    channel = offline.channel(COHORT)
    thread = offline.client.conversations_replies(channel=channel, ts=ts)["messages"]
    assert [each["ts"] for each in thread] == [ts, reply]
    assert not offline.kofi.is_shown("question")
    for act in (offline.maya.deletes, lambda *where: offline.maya.edits("mine", *where)):
        with pytest.raises(ControlError, match="did not write"):
            act(COHORT, ts)
    with pytest.raises(ControlError, match="deleted"):
        offline.kofi.reacts("heart", COHORT, ts)
    with pytest.raises(ControlError, match="no shortcuts"):
        offline.kofi.uses_message_shortcut("keep", COHORT, ts)
    further = offline.client.chat_postMessage(channel=channel, text="further", thread_ts=ts)
    assert further["message"]["parent_user_id"] == "USLACKBOT"
    offline.client.chat_delete(channel=channel, ts=str(further["ts"]))
    until(lambda: len(heard) == 5)
    del heard[3:]
    offline.kofi.deletes(COHORT, reply)
    assert told(heard)[3:] == ["message_deleted", "message_deleted"]
    assert [each["deleted_ts"] for each in heard[3:]] == [reply, ts]
    assert not offline.kofi.is_shown("This message was deleted.")


@pins(
    "A tombstone is not the app's any more.",
    "",
    Sure.GUESSED,
    refuses=["chat.update: cant_update_message", "chat.delete: cant_delete_message"],
)
def test_the_app_cannot_change_its_tombstone(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    ts = str(offline.client.chat_postMessage(channel=channel, text="question")["ts"])
    offline.kofi.says("answer", COHORT, thread_ts=ts)
    offline.client.chat_delete(channel=channel, ts=ts)
    assert offline.box.posted(COHORT) == []
    with pytest.raises(SlackApiError):
        offline.client.chat_update(channel=channel, ts=ts, text="again")
    with pytest.raises(SlackApiError):
        offline.client.chat_delete(channel=channel, ts=ts)


def test_people_change_only_what_they_wrote(offline: Rig) -> None:
    maya, theirs = offline.maya, offline.kofi.says("mine", COHORT)
    channel = offline.channel(COHORT)
    line = next(m for m in maya.messages(COHORT) if m["ts"] == theirs)
    app = str(offline.client.chat_postMessage(channel=channel, text="mine")["ts"])
    for ts in (theirs, app):
        with pytest.raises(ControlError, match="did not write"):
            maya.edits("yours", COHORT, ts)
        with pytest.raises(ControlError, match="did not write"):
            maya.deletes(COHORT, ts)
    with pytest.raises(ControlError, match="some text"):
        offline.kofi.edits(" ", COHORT, theirs)
    offline.box.archive(COHORT)
    with pytest.raises(ControlError, match="archived"):
        offline.kofi.deletes(COHORT, theirs)
    assert line in maya.messages(COHORT)


@pins("What the app posts comes back to it as a message with its bot_id.", OWN, Sure.REPORTED)
@pins("What the app changes and deletes comes back to it, too.", CHANGED)
def test_the_app_hears_itself(offline: Rig, heard: list[Json]) -> None:
    channel, client = offline.channel(COHORT), offline.client
    me = client.auth_test()
    ts = str(client.chat_postMessage(channel=channel, text="one")["ts"])
    client.chat_update(channel=channel, ts=ts, text="two")
    client.chat_delete(channel=channel, ts=ts)
    until(lambda: len(heard) == 3)
    events = {told([each])[0]: each for each in heard}
    posted = events["message"]
    assert (posted["user"], posted["bot_id"]) == (me["user_id"], me["bot_id"])
    assert (posted["ts"], posted["text"], posted["channel_type"]) == (ts, "one", "channel")
    changed = events["message_changed"]
    assert changed["message"]["bot_id"] == me["bot_id"]
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("one", "two")
    assert events["message_deleted"]["deleted_ts"] == ts


@pins(
    "A reply that stands in the channel, too, comes as `thread_broadcast`.",
    "docs.slack.dev/reference/events/message/thread_broadcast",
)
def test_the_app_hears_a_reply_that_it_broadcast(offline: Rig, heard: list[Json]) -> None:
    channel, ts = offline.channel(COHORT), offline.maya.says("question", COHORT)
    offline.client.chat_postMessage(
        channel=channel, text="answer", thread_ts=ts, reply_broadcast=True
    )
    until(lambda: len(heard) == 2)
    assert told(heard) == ["message", "thread_broadcast"]
    assert (heard[1]["thread_ts"], heard[1]["parent_user_id"]) == (ts, offline.maya.id)


@pins(
    "A file that the app shares comes as `file_share`, with the file.",
    "docs.slack.dev/reference/events/message/file_share",
)
def test_the_app_hears_of_its_files(offline: Rig, heard: list[Json]) -> None:
    channel = offline.channel(COHORT)
    offline.client.files_upload_v2(channel=channel, content="a;b", filename="a.csv")
    until(lambda: heard)
    assert told(heard) == ["file_share"]
    assert heard[0]["files"][0]["name"] == "a.csv"


@pins(
    "Nobody is told of ephemeral messages.",
    "docs.slack.dev/reference/methods/chat.postEphemeral",
    Sure.GUESSED,
)
@pins("What the app says where it is no member does not come back.", "", Sure.GUESSED)
def test_the_app_does_not_hear_what_others_do_not_see(offline: Rig, heard: list[Json]) -> None:
    offline.app.command("/hello")(lambda ack: ack("hi", response_type="in_channel"))
    channel = offline.channel(COHORT)
    offline.client.chat_postEphemeral(channel=channel, user=offline.maya.id, text="psst")
    offline.maya.types("/hello", "general")
    assert offline.kofi.is_shown("hi")
    offline.maya.types("/hello", COHORT)
    until(lambda: heard)
    assert [event["channel"] for event in heard] == [channel]


@pins("No call waits until the app has heard of itself.", "", Sure.OURS)
def test_a_post_is_answered_before_the_app_has_heard_of_it(offline: Rig) -> None:
    answered, in_time = Event(), []
    offline.app = App(
        client=offline.client, process_before_response=True, ignoring_self_events_enabled=False
    )
    offline.app.event("message")(lambda: in_time.append(answered.wait(2)))
    offline.connect()
    offline.client.chat_postMessage(channel=offline.channel(COHORT), text="one")
    answered.set()
    until(lambda: in_time)
    assert in_time == [True]


@pins("Bolt takes no notice of the app's own messages, and acknowledges them.", BOLT, Sure.READ)
def test_bolt_acknowledges_what_the_app_said_itself(rig: Rig) -> None:
    bodies: list[Json] = []
    acked: list[str] = []
    client = rig.handlers[0].client
    answer = client.send_socket_mode_response

    def answering(response: object) -> None:
        answer(response)  # type: ignore[arg-type]
        acked.append(str(getattr(response, "envelope_id", "")))

    client.send_socket_mode_response = answering  # type: ignore[method-assign]
    rig.app.event("message")(lambda body: bodies.append(body))
    channel = rig.channel(COHORT)
    ts = str(rig.client.chat_postMessage(channel=channel, text="one")["ts"])
    rig.client.chat_update(channel=channel, ts=ts, text="two")
    rig.client.chat_delete(channel=channel, ts=ts)
    until(lambda: len(acked) == 3)
    assert len(set(acked)) == 3
    assert bodies == []


@pins(
    "An app that is invited hears the line about it, of which it is the author.",
    "docs.slack.dev/reference/events/message/channel_join",
)
@pins(
    "The line about the app is no message of its own.",
    "",
    Sure.GUESSED,
    refuses=["chat.delete: cant_delete_message"],
)
def test_the_line_about_the_app_is_written(offline: Rig, heard: list[Json]) -> None:
    bot, channel = offline.client.auth_test()["user_id"], offline.channel("general")
    offline.box.invite_bot("general")
    assert told(heard) == ["channel_join"]
    line = heard[0]
    assert (line["user"], line["text"]) == (bot, f"<@{bot}> has joined the channel")
    assert "bot_id" not in line
    assert line["inviter"]
    assert offline.box.posted("general") == []
    with pytest.raises(SlackApiError):
        offline.client.chat_delete(channel=channel, ts=line["ts"])
    offline.box.remove_bot("general")
    assert offline.maya.messages("general")[-1]["subtype"] == "channel_leave"
    assert told(heard) == ["channel_join"]


@pytest.fixture
def mentions(make_rig: MakeRig) -> tuple[Rig, list[Json]]:
    rig = make_rig(events=[*EVERY_EVENT, "app_mention"], scopes=[*EVERY_SCOPE, "app_mentions:read"])
    bodies: list[Json] = []
    rig.app.event(re.compile(""))(lambda body: bodies.append(body))
    rig.connect()
    return rig, bodies


@pins("A message that names the app comes as `app_mention`, besides the message itself.", MENTION)
def test_a_mention_is_told_besides_the_message(mentions: tuple[Rig, list[Json]]) -> None:
    rig, bodies = mentions
    bot = rig.client.auth_test()["user_id"]
    ts = rig.maya.says("@lantern are you there?", COHORT)
    events = {body["event"]["type"]: body["event"] for body in bodies}
    assert set(events) == {"message", "app_mention"}
    named = events["app_mention"]
    assert (named["text"], named["ts"]) == (f"<@{bot}> are you there?", ts)
    assert (named["user"], named["channel"]) == (rig.maya.id, rig.channel(COHORT))
    assert len({body["event_id"] for body in bodies}) == 2


@pins("In a direct message with the app no mention is told.", MENTION)
@pins("Where the app is no member no mention is told.", MENTION)
def test_a_mention_elsewhere_is_not_told(mentions: tuple[Rig, list[Json]]) -> None:
    rig, bodies = mentions
    rig.maya.says("@lantern are you there?", "general")
    rig.maya.says("@lantern are you there?", rig.maya.opens_dm("lantern"))
    rig.maya.says("@kofi are you there?", COHORT)
    assert [body["event"]["type"] for body in bodies] == ["message", "message"]
