"""Messages of the bot: where it may post, who sees it, what it can read and change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of
from tests.contract.rig import Rig, buttons, plain, said

COHORT = "cohort-new-parents"


@pins("A message is seen by the members of its channel.", page_of("chat.postMessage"))
def test_a_message_reaches_the_members_of_its_channel(offline: Rig) -> None:
    answer = offline.client.chat_postMessage(channel=offline.channel(COHORT), text="Good morning")
    message = offline.maya.messages(COHORT)[-1]
    assert (message["ts"], message["text"]) == (answer["ts"], "Good morning")
    assert message["is_bot"]
    assert {"bot_id", "app_id", "team", "bot_profile"} <= set(answer["message"])
    assert not offline.box.person("rosa").is_shown("Good morning")


@pins("A block or element without an id is given one.", "docs.slack.dev/reference/block-kit/blocks")
def test_every_block_and_element_gets_an_id(offline: Rig) -> None:
    nameless = {
        "type": "actions",
        "elements": [{"type": "button", "text": plain("x"), "value": "x"}],
    }
    channel = offline.channel(COHORT)
    answer = offline.client.chat_postMessage(channel=channel, text="t", blocks=[nameless])
    (block,) = answer["message"]["blocks"]
    assert block["block_id"]
    assert block["elements"][0]["action_id"]


@pins("A message is known by its ts, unique in its channel.", page_of("chat.postMessage"))
def test_timestamps_are_unique_and_rise_even_when_the_clock_goes_back(offline: Rig) -> None:
    channel = offline.channel(COHORT)

    def post() -> str:
        return str(offline.client.chat_postMessage(channel=channel, text="tick")["ts"])

    stamps = [post(), post()]
    offline.box.clock.advance(timedelta(days=1))
    stamps += [post(), post()]
    offline.box.clock.real()
    stamps += [post(), post()]
    assert stamps == sorted(set(stamps))
    assert float(stamps[2]) - float(stamps[1]) > 86_000


@pins("A message to a person's id opens the direct message with them.", page_of("chat.postMessage"))
def test_a_user_id_posts_into_the_direct_message(offline: Rig) -> None:
    answer = offline.client.chat_postMessage(channel=offline.maya.id, text="Just for you")
    opened = offline.client.conversations_open(users=offline.maya.id)
    assert answer["channel"] == opened["channel"]["id"]
    assert opened["already_open"]
    assert offline.maya.messages("lantern")[-1]["text"] == "Just for you"
    assert not offline.kofi.is_shown("Just for you")


def test_conversations_open_takes_one_person(offline: Rig) -> None:
    opened = offline.client.conversations_open(users=[offline.kofi.id], return_im=True)
    assert opened["channel"]["user"] == offline.kofi.id
    assert "already_open" not in opened.data
    for users in ("U1", "U1,U2", ""):
        with pytest.raises(SlackApiError):
            offline.client.conversations_open(users=users)


@pins("An ephemeral message is seen by one person.", page_of("chat.postEphemeral"))
def test_an_ephemeral_message_is_seen_by_one_person(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    offline.client.chat_postEphemeral(channel=channel, user=offline.maya.id, text="Psst")
    (seen,) = offline.maya.ephemerals(COHORT)
    assert (seen["text"], seen["ephemeral"]) == ("Psst", True)
    assert not offline.kofi.is_shown("Psst")
    offline.maya.dismisses(seen["ts"])
    assert offline.maya.ephemerals(COHORT) == []


@pins("An app changes and deletes what it wrote.", page_of("chat.update"))
def test_the_bot_changes_and_deletes_its_own_messages(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    ts = offline.client.chat_postMessage(channel=channel, text="first", blocks=[buttons("a")])["ts"]
    offline.client.chat_update(channel=channel, ts=ts, text="changed", blocks=[said("changed")])
    message = offline.maya.messages(COHORT)[-1]
    assert (message["ts"], message["text"], message["edited"]) == (ts, "changed", True)
    offline.client.chat_delete(channel=channel, ts=ts)
    assert not offline.maya.is_shown("changed")


@pins(
    "A history is newest first, and replies are in their thread only, oldest first.",
    page_of("conversations.replies"),
)
def test_history_has_pages_and_leaves_replies_to_their_thread(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    parent = offline.maya.says("question", COHORT)
    offline.kofi.says("answer", COHORT, thread_ts=parent)
    offline.maya.says("last", COHORT)
    page = offline.client.conversations_history(channel=channel, limit=2)
    assert [message["text"] for message in page["messages"]] == ["last", "question"]
    assert page["messages"][1]["reply_count"] == 1
    assert page["has_more"]
    rest = offline.client.conversations_history(
        channel=channel, cursor=page["response_metadata"]["next_cursor"]
    )
    assert "question" not in [message["text"] for message in rest["messages"]]
    thread = offline.client.conversations_replies(channel=channel, ts=parent)
    assert [message["text"] for message in thread["messages"]] == ["question", "answer"]
    assert thread["messages"][1]["parent_user_id"] == offline.maya.id


def test_a_deleted_reply_leaves_its_thread(offline: Rig) -> None:
    channel, parent = offline.channel(COHORT), offline.maya.says("question", COHORT)
    reply = offline.client.chat_postMessage(channel=channel, text="answer", thread_ts=parent)
    offline.client.chat_delete(channel=channel, ts=reply["ts"])
    thread = offline.client.conversations_replies(channel=channel, ts=parent)
    assert [message["text"] for message in thread["messages"]] == ["question"]


@pins("A history can be cut at both ends, inclusively or not.", page_of("conversations.history"))
def test_history_can_be_cut_at_both_ends(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    first, second, third = (offline.maya.says(text, COHORT) for text in ("1", "2", "3"))
    between = offline.client.conversations_history(channel=channel, oldest=first, latest=third)
    assert [message["ts"] for message in between["messages"]] == [second]
    within = offline.client.conversations_history(
        channel=channel, oldest=first, latest=third, inclusive=True
    )
    assert len(within["messages"]) == 3


@pins(
    "A history shows the payload of metadata only to those who ask for all of it.",
    "github.com/slackapi/python-slack-sdk/issues/1501",
    Sure.REPORTED,
)
def test_history_hides_the_payload_of_metadata_unless_asked(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    metadata = {"event_type": "noted", "event_payload": {"id": "7"}}
    offline.client.chat_postMessage(channel=channel, text="t", metadata=metadata)
    brief = offline.client.conversations_history(channel=channel, limit=1)
    assert brief["messages"][0]["metadata"] == {"event_type": "noted"}
    full = offline.client.conversations_history(channel=channel, limit=1, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata


@pins(
    "A channel is described with its kind, and with its size if asked.",
    page_of("conversations.info"),
    refuses=["conversations.members: invalid_cursor"],
)
def test_channels_are_described_with_their_members(offline: Rig) -> None:
    channel = offline.channel("care-moderators")
    info = offline.client.conversations_info(channel=channel, include_num_members=True)["channel"]
    assert (info["is_private"], info["is_member"], info["num_members"]) == (True, True, 4)
    members = offline.client.conversations_members(channel=channel, limit=3)
    assert len(members["members"]) == 3
    cursor = members["response_metadata"]["next_cursor"]
    rest = offline.client.conversations_members(channel=channel, cursor=cursor)
    assert len(rest["members"]) == 1
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        offline.client.conversations_members(channel=channel, cursor="nonsense")


@pins("A message is listed with who reacted how.", page_of("reactions.get"))
def test_reactions_are_added_listed_and_taken_away(offline: Rig) -> None:
    channel, ts = offline.channel(COHORT), offline.maya.says("nice", COHORT)
    offline.client.reactions_add(channel=channel, timestamp=ts, name="heart")
    offline.maya.reacts("heart", COHORT, ts)
    got = offline.client.reactions_get(channel=channel, timestamp=ts)["message"]["reactions"]
    assert (got[0]["name"], got[0]["count"]) == ("heart", 2)
    with pytest.raises(SlackApiError, match="already_reacted"):
        offline.client.reactions_add(channel=channel, timestamp=ts, name="heart")
    offline.client.reactions_remove(channel=channel, timestamp=ts, name="heart")
    with pytest.raises(SlackApiError, match="no_reaction"):
        offline.client.reactions_remove(channel=channel, timestamp=ts, name="heart")
    assert offline.maya.messages(COHORT)[-1]["reactions"][0]["users"] == [offline.maya.id]
