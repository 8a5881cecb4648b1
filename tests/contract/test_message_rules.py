"""What Slack refuses in a message: its length, its parts, its thread."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refusal, refused
from tests.contract.rig import EVERY_SCOPE, Json, Rig, said

COHORT = "cohort-new-parents"
POST, WHISPER, CHANGE = "chat.postMessage", "chat.postEphemeral", "chat.update"
WRITING = (POST, WHISPER, CHANGE)


def write(rig: Rig, method: str, **content: Any) -> Any:
    """Call a method that writes, in a channel of the app, with just this content."""
    arguments: Json = {"channel": rig.channel(COHORT), **content}
    if method == WHISPER:
        arguments["user"] = rig.maya.id
    if method == CHANGE:
        arguments["ts"] = rig.client.chat_postMessage(channel=arguments["channel"], text="t")["ts"]
    return rig.client.api_call(method, json=arguments)


@pins(
    "A message has a text, blocks or attachments.",
    page_of(POST),
    refuses=[f"{POST}: no_text", f"{WHISPER}: no_text", f"{CHANGE}: no_text"],
)
def test_a_message_needs_something_to_show(offline: Rig) -> None:
    for method in (POST, WHISPER):
        assert refused(write, offline, method) == "no_text"
        assert refused(write, offline, method, text="", blocks=[]) == "no_text"
    assert refused(write, offline, CHANGE, text="") == "no_text"


@pins(
    "A text of more than 40,000 characters is cut, and the answer has a warning.",
    page_of(POST),
)
def test_a_very_long_text_is_cut(offline: Rig) -> None:
    whole = write(offline, POST, text="x" * 40_000)
    assert "warning" not in whole.data
    answer = write(offline, POST, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert answer["response_metadata"]["warnings"] == ["message_truncated"]
    assert offline.box.posted(COHORT)[-1]["text"] == "x" * 40_000


@pins(
    "A message is not changed to a text of more than 4,000 characters.",
    page_of(CHANGE),
    refuses=[f"{CHANGE}: msg_too_long"],
)
def test_a_change_has_four_thousand_characters(offline: Rig) -> None:
    assert write(offline, CHANGE, text="é" * 4000)["ok"]
    assert refused(write, offline, CHANGE, text="é" * 4001) == "msg_too_long"
    assert offline.box.posted(COHORT)[-1]["text"] == "t"


@pins(
    "The text of an ephemeral message has some 4,000 bytes.",
    page_of(WHISPER),
    refuses=[f"{WHISPER}: msg_too_long"],
)
def test_a_whisper_has_four_thousand_bytes(offline: Rig) -> None:
    assert write(offline, WHISPER, text="é" * 2000)["ok"]
    assert refused(write, offline, WHISPER, text="é" * 2001) == "msg_too_long"


@pins(
    "All the texts in the blocks of a message have some 13,200 characters together.",
    "github.com/slackapi/bolt-js/issues/2509",
    Sure.REPORTED,
    refuses=[f"{POST}: msg_blocks_too_long"],
)
def test_the_blocks_of_a_message_are_not_endless(offline: Rig) -> None:
    blocks = [said("x" * 3000) for _ in range(4)]
    assert write(offline, POST, text="t", blocks=[*blocks, said("x" * 1200)])["ok"]
    code = refused(write, offline, POST, text="t", blocks=[*blocks, said("x" * 1201)])
    assert code == "msg_blocks_too_long"


@pins(
    "markdown_text stands alone, without text or blocks.",
    page_of(POST),
    refuses=[f"{method}: markdown_text_conflict" for method in WRITING],
)
@pytest.mark.parametrize("method", WRITING)
@pytest.mark.parametrize("other", [{"text": "t"}, {"blocks": [said("t")]}])
def test_markdown_stands_alone(offline: Rig, method: str, other: Json) -> None:
    assert write(offline, method, markdown_text="**t**")["ok"]
    code = refused(write, offline, method, markdown_text="**t**", **other)
    assert code == "markdown_text_conflict"


@pins(
    "markdown_text has 12,000 characters at most; with which word more is refused nobody says.",
    page_of(POST),
    Sure.GUESSED,
    refuses=[
        f"{POST}: msg_blocks_too_long",
        f"{WHISPER}: msg_too_long",
        f"{CHANGE}: msg_too_long",
    ],
)
def test_markdown_has_twelve_thousand_characters(offline: Rig) -> None:
    for method, code in (
        (POST, "msg_blocks_too_long"),
        *((m, "msg_too_long") for m in WRITING[1:]),
    ):
        assert write(offline, method, markdown_text="x" * 12_000)["ok"]
        assert refused(write, offline, method, markdown_text="x" * 12_001) == code


@pins(
    "A message has a hundred attachments at most.",
    page_of(POST),
    refuses=[f"{method}: too_many_attachments" for method in WRITING],
)
@pytest.mark.parametrize("method", WRITING)
def test_a_message_has_a_hundred_attachments(offline: Rig, method: str) -> None:
    many = [{"text": "more"}] * 100
    assert write(offline, method, attachments=many)["ok"]
    code = refused(write, offline, method, attachments=[*many, {"text": "more"}])
    assert code == "too_many_attachments"


@pins(
    "Attachments are objects, and blocks in them follow the rules of blocks.",
    page_of(WHISPER),
    refuses=[f"{method}: invalid_attachments" for method in WRITING],
)
@pytest.mark.parametrize("method", WRITING)
def test_attachments_have_a_shape(offline: Rig, method: str) -> None:
    assert refused(write, offline, method, attachments=["text"]) == "invalid_attachments"
    assert refused(write, offline, method, attachments={"text": "t"}) == "invalid_attachments"
    answer = refusal(write, offline, method, attachments=[{"blocks": [said("x" * 3001)]}])
    assert answer["error"] == "invalid_attachments"
    assert "/attachments/0/blocks/0/text" in answer["response_metadata"]["messages"][0]


@pins(
    "Blocks that are no list of blocks are refused before they are looked at one by one.",
    page_of(POST),
    refuses=[f"{method}: invalid_blocks_format" for method in WRITING],
)
@pytest.mark.parametrize("method", WRITING)
@pytest.mark.parametrize("blocks", ["{", "7", '{"type": "divider"}', '["divider"]', "[{}]"])
def test_blocks_have_a_shape(offline: Rig, method: str, blocks: str) -> None:
    assert refused(write, offline, method, text="t", blocks=blocks) == "invalid_blocks_format"


@pins(
    "What is wrong with blocks is said with its place, as errors and as messages.",
    "github.com/slackapi/python-slack-sdk/issues/1658",
    Sure.REPORTED,
    refuses=[f"{POST}: invalid_blocks"],
)
def test_wrong_blocks_are_explained(offline: Rig) -> None:
    answer = refusal(write, offline, POST, text="t", blocks=[said("x" * 3001)])
    (reason,) = answer["errors"]
    assert reason.endswith("[json-pointer:/blocks/0/text/text]")
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {reason}"]


@pins(
    "A thread_ts that is no timestamp is refused.",
    "github.com/jenkinsci/slack-plugin/issues/584",
    Sure.REPORTED,
    refuses=[f"{POST}: invalid_thread_ts", f"{WHISPER}: invalid_thread_ts"],
)
@pytest.mark.parametrize("method", [POST, WHISPER])
def test_a_thread_has_a_timestamp(offline: Rig, method: str) -> None:
    for wrong in ("0", "yesterday", "1.2.3"):
        answer = refusal(write, offline, method, text="t", thread_ts=wrong)
        assert answer["error"] == "invalid_thread_ts"
        said_ = answer["response_metadata"]["messages"]
        assert said_ == [f"[ERROR] {wrong} is not a valid thread_ts"]


@pins(
    "A reply to a message that is gone becomes a message of its own, without a word.",
    "github.com/slack-go/slack/issues/1571",
    Sure.REPORTED,
)
def test_a_reply_to_nothing_is_no_reply(offline: Rig) -> None:
    first = write(offline, POST, text="first")
    offline.client.chat_delete(channel=first["channel"], ts=first["ts"])
    orphan = write(offline, POST, text="too late", thread_ts=first["ts"])
    assert "thread_ts" not in orphan["message"]
    history = offline.client.conversations_history(channel=first["channel"], limit=1)
    assert history["messages"][0]["text"] == "too late"


@pins("A thread whose first message was deleted goes on.", "", Sure.GUESSED)
def test_a_thread_outlives_its_first_message(offline: Rig) -> None:
    ts = str(write(offline, POST, text="first")["ts"])
    channel = write(offline, POST, text="second", thread_ts=ts)["channel"]
    offline.client.chat_delete(channel=channel, ts=ts)
    reply = write(offline, POST, text="third", thread_ts=ts)
    assert reply["message"]["thread_ts"] == ts
    thread = offline.client.conversations_replies(channel=channel, ts=ts)["messages"]
    assert [message["text"] for message in thread[1:]] == ["second", "third"]


@pins(
    "What Slack itself wrote has no thread.",
    page_of(POST),
    refuses=[f"{POST}: cannot_reply_to_message", f"{WHISPER}: cannot_reply_to_message"],
)
@pytest.mark.parametrize("method", [POST, WHISPER])
def test_a_line_of_slack_itself_has_no_thread(offline: Rig, method: str) -> None:
    offline.box.add_member(COHORT, "lucie")
    line = offline.client.conversations_history(channel=offline.channel(COHORT))["messages"][0]
    assert line["subtype"] == "channel_join"
    code = refused(write, offline, method, text="t", thread_ts=line["ts"])
    assert code == "cannot_reply_to_message"


@pins(
    "A reply that is broadcast stands in the channel as well as in its thread.",
    "docs.slack.dev/reference/events/message/thread_broadcast",
)
def test_a_reply_may_be_for_the_whole_channel(offline: Rig) -> None:
    ts = str(write(offline, POST, text="first")["ts"])
    channel = write(offline, POST, text="quiet", thread_ts=ts)["channel"]
    loud = write(offline, POST, text="loud", thread_ts=ts, reply_broadcast=True)
    assert loud["message"]["subtype"] == "thread_broadcast"
    listed = offline.client.conversations_history(channel=channel, limit=2)["messages"]
    assert [message["text"] for message in listed] == ["loud", "first"]
    thread = offline.client.conversations_replies(channel=channel, ts=ts)["messages"]
    assert [message["text"] for message in thread] == ["first", "quiet", "loud"]


@pins(
    "Another name needs the scope for it, and is ignored without a word where it is missing.",
    "github.com/papercups-io/papercups/pull/522",
    Sure.REPORTED,
)
def test_another_name_needs_its_scope(make_rig: MakeRig) -> None:
    plain = write(make_rig(), POST, text="t", username="Lighthouse", icon_emoji=":bulb:")
    assert "username" not in plain["message"]
    rig = make_rig(scopes=[*EVERY_SCOPE, "chat:write.customize"])
    named = write(rig, POST, text="t", username="Lighthouse")
    assert named["message"]["username"] == "Lighthouse"


@pins(
    "An ephemeral message has no metadata.",
    page_of(WHISPER),
    refuses=[f"{WHISPER}: invalid_arguments"],
)
def test_a_whisper_has_no_metadata(offline: Rig) -> None:
    metadata = {"event_type": "noted", "event_payload": {}}
    code = refused(write, offline, WHISPER, text="t", metadata=metadata)
    assert code == "invalid_arguments"
