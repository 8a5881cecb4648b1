"""Message metadata, and the history in which an app finds its own messages again by it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refused
from tests.contract.rig import Json, Rig, buttons, recording, said

COHORT = "cohort-new-parents"
METADATA = {"event_type": "delivery", "event_payload": {"id": "d-7"}}
OTHER = {"event_type": "delivery", "event_payload": {"id": "d-8"}}


def post(rig: Rig, **more: Any) -> tuple[str, str]:
    """Post, and return the channel and the ts."""
    channel = rig.channel(COHORT)
    answer = rig.client.chat_postMessage(channel=channel, text="t", **more)
    return channel, str(answer["ts"])


def kept(rig: Rig) -> Any:
    return rig.box.posted(COHORT)[-1]["metadata"]


BROKEN: list[Any] = [
    [],
    "text",
    7,
    {"event_type": "delivery"},
    {"event_payload": {"id": "d-7"}},
    {"event_type": "", "event_payload": {}},
    {"event_type": 7, "event_payload": {}},
    {"event_type": "delivery", "event_payload": []},
    {"event_type": "delivery", "event_payload": "d-7"},
]


@pins(
    "Metadata has an event_type and an event_payload; with which shapes it is refused nobody says.",
    page_of("chat.postMessage"),
    Sure.GUESSED,
    refuses=["chat.postMessage: invalid_metadata_format", "chat.update: invalid_metadata_format"],
)
@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_metadata_of_another_shape_is_refused_and_nothing_is_posted(
    offline: Rig, broken: Any
) -> None:
    arguments = {"channel": offline.channel(COHORT), "text": "t", "metadata": json.dumps(broken)}
    with pytest.raises(SlackApiError, match="invalid_metadata_format"):
        offline.client.api_call("chat.postMessage", json=arguments)
    assert offline.box.posted() == []
    channel, ts = post(offline, metadata=METADATA)
    changed = {"channel": channel, "ts": ts, "text": "changed", "metadata": json.dumps(broken)}
    with pytest.raises(SlackApiError, match="invalid_metadata_format"):
        offline.client.api_call("chat.update", json=changed)
    assert (kept(offline), offline.box.posted()[0]["text"]) == (METADATA, "t")


@pins(
    "Metadata has a limit of size; how large that is nobody says, here 16,000 bytes.",
    page_of("chat.postMessage"),
    Sure.GUESSED,
    refuses=["chat.postMessage: metadata_too_large", "chat.update: metadata_too_large"],
)
def test_metadata_is_not_endless(offline: Rig) -> None:
    client, (channel, ts) = offline.client, post(offline, metadata=METADATA)
    frame = len(json.dumps({"event_type": "d", "event_payload": {"id": ""}}))
    most = "é" * ((16_000 - frame) // 2)
    large = {"event_type": "d" * (1 + (16_000 - frame) % 2), "event_payload": {"id": most}}
    assert client.chat_update(channel=channel, ts=ts, text="t", metadata=large)["ok"]
    client.chat_update(channel=channel, ts=ts, text="t", metadata=METADATA)
    large["event_type"] = f"{large['event_type']}d"
    code = refused(client.chat_postMessage, channel=channel, text="t", metadata=large)
    assert code == "metadata_too_large"
    code = refused(client.chat_update, channel=channel, ts=ts, text="t", metadata=large)
    assert code == "metadata_too_large"
    assert kept(offline) == METADATA


@pins(
    "Metadata that is no JSON is refused.",
    page_of("chat.postMessage"),
    refuses=["chat.postMessage: invalid_metadata_format"],
)
def test_metadata_is_json(offline: Rig) -> None:
    arguments = {"channel": offline.channel(COHORT), "text": "t", "metadata": "{"}
    code = refused(offline.client.api_call, "chat.postMessage", json=arguments)
    assert code == "invalid_metadata_format"


@pins(
    "With a sign in its event_type that may not be there metadata is dropped without a word.",
    "github.com/slackapi/bolt-python/issues/863",
    Sure.REPORTED,
)
@pytest.mark.parametrize("event_type", ["de.livery", "de livery", "délivrance", "a\n"])
def test_a_wrong_event_type_loses_the_metadata_and_not_the_message(
    offline: Rig, event_type: str
) -> None:
    wrong = METADATA | {"event_type": event_type}
    channel, ts = post(offline, metadata=wrong)
    assert kept(offline) is None
    offline.client.chat_update(channel=channel, ts=ts, text="t", metadata=METADATA)
    offline.client.chat_update(channel=channel, ts=ts, text="t", metadata=wrong)
    assert kept(offline) == METADATA


@pins(
    "A change keeps the metadata that it does not mention, and removes it with an empty object.",
    page_of("chat.update"),
)
def test_an_update_keeps_replaces_or_removes_metadata(offline: Rig) -> None:
    channel, ts = post(offline, metadata=METADATA)
    offline.client.chat_update(channel=channel, ts=ts, text="changed")
    assert kept(offline) == METADATA
    offline.client.chat_update(channel=channel, ts=ts, text="changed", metadata=OTHER)
    assert kept(offline) == OTHER
    offline.client.chat_update(channel=channel, ts=ts, text="changed", metadata={})
    assert kept(offline) is None
    post(offline, metadata={})
    assert kept(offline) is None


@pins("A change of the metadata alone leaves text and blocks.", page_of("chat.update"))
def test_an_update_of_the_metadata_alone_leaves_the_rest(offline: Rig) -> None:
    attachments = [{"text": "more"}]
    channel, ts = post(offline, blocks=[said("shown")], attachments=attachments)
    offline.client.api_call(
        "chat.update", json={"channel": channel, "ts": ts, "metadata": json.dumps(METADATA)}
    )
    message = offline.maya.messages(COHORT)[-1]
    assert (message["text"], message["attachments"]) == ("t", attachments)
    assert message["blocks"][0]["text"]["text"] == "shown"
    assert kept(offline) == METADATA


@pins(
    "A change of the text removes the blocks, and attachments stay unless they are mentioned.",
    page_of("chat.update"),
)
def test_an_update_of_the_text_removes_the_blocks_and_keeps_the_attachments(offline: Rig) -> None:
    attachments = [{"text": "more"}]
    channel, ts = post(offline, blocks=[said("shown")], attachments=attachments)
    offline.client.chat_update(channel=channel, ts=ts, text="changed")
    message = offline.maya.messages(COHORT)[-1]
    assert (message["text"], message["blocks"]) == ("changed", [])
    assert message["attachments"] == attachments
    offline.client.chat_update(channel=channel, ts=ts, text="changed", attachments=[])
    assert offline.maya.messages(COHORT)[-1]["attachments"] == []


@pytest.mark.parametrize("where", ["history", "replies"])
def test_the_payload_is_only_shown_to_those_who_ask_for_all_metadata(
    offline: Rig, where: str
) -> None:
    channel, ts = post(offline)
    post(offline, metadata=METADATA, thread_ts=ts if where == "replies" else None)

    def read(**more: Any) -> Json:
        if where == "history":
            answer = offline.client.conversations_history(channel=channel, limit=1, **more)
            return dict(answer["messages"][0])
        thread = offline.client.conversations_replies(channel=channel, ts=ts, **more)
        return dict(thread["messages"][-1])

    assert read()["metadata"] == {"event_type": "delivery"}
    assert read(include_all_metadata=False)["metadata"] == {"event_type": "delivery"}
    assert read(include_all_metadata=True)["metadata"] == METADATA


@pins(
    "A click brings its message with the metadata.",
    "github.com/slackapi/bolt-python/issues/863",
    Sure.REPORTED,
)
def test_a_click_brings_the_message_with_its_metadata(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("yes")(listener)
    _, ts = post(rig, blocks=[buttons("yes")], metadata=METADATA)
    rig.maya.clicks("yes", message=(COHORT, ts))
    assert bodies[0]["message"]["metadata"] == METADATA


@pytest.mark.parametrize("inclusive", [False, True])
def test_history_is_cut_right_to_the_microsecond(offline: Rig, inclusive: bool) -> None:
    stamps = [post(offline, metadata=METADATA)[1] for _ in range(4)]
    channel = offline.channel(COHORT)

    def between(oldest: str, latest: str) -> list[str]:
        found = offline.client.conversations_history(
            channel=channel,
            oldest=oldest,
            latest=latest,
            inclusive=inclusive,
            include_all_metadata=True,
        )["messages"]
        assert all(message["metadata"] == METADATA for message in found)
        return [str(message["ts"]) for message in reversed(found)]

    _, first, last, _ = stamps
    assert between(first, last) == ([first, last] if inclusive else [])
    assert between(shifted(first, -1), shifted(last, 1)) == [first, last]
    assert between(shifted(first, 1), shifted(last, -1)) == []
    assert between(first, first) == ([first] if inclusive else [])


def test_the_ends_of_a_history_need_not_be_of_equal_length(offline: Rig) -> None:
    channel, ts = post(offline)
    whole, later = ts.partition(".")[0], int(ts.partition(".")[0]) + 1
    tenths = int(ts.replace(".", "")[:-5])
    for oldest, latest in [
        ("0", str(later)),
        (whole, f"{later}."),
        ("999999999.9", f"{later}.5"),
        (f"{whole}.", "9999999999"),
        (int(whole), later + 0.25),
        (f"{whole}.0000000", f"{later}.1234567"),
        (f"{tenths // 10}.{tenths % 10}", f"{(tenths + 1) // 10}.{(tenths + 1) % 10}"),
    ]:
        found = offline.client.conversations_history(
            channel=channel,
            oldest=oldest,  # type: ignore[arg-type]
            latest=latest,  # type: ignore[arg-type]
            inclusive=True,
        )["messages"]
        assert ts in [message["ts"] for message in found], (oldest, latest)


@pytest.mark.parametrize("end", ["oldest", "latest"])
@pytest.mark.parametrize("nonsense", ["yesterday", "-1", "1.2.3", "1e9", "١"])
def test_an_end_that_is_no_time_is_refused(offline: Rig, end: str, nonsense: str) -> None:
    channel, ts = post(offline)
    window: dict[str, Any] = {end: nonsense}
    with pytest.raises(SlackApiError, match=f"invalid_ts_{end}"):
        offline.client.conversations_history(channel=channel, **window)
    with pytest.raises(SlackApiError, match=f"invalid_ts_{end}"):
        offline.client.conversations_replies(channel=channel, ts=ts, **window)


def shifted(ts: str, micros: int) -> str:
    whole = int(ts.replace(".", "")) + micros
    return f"{whole // 1_000_000}.{whole % 1_000_000:06d}"
