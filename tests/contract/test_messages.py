"""Messages of the bot: where it may post, who sees it, what it can read and change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from tests.contract.conftest import MakeRig
from tests.contract.rig import Rig, buttons, plain, said

COHORT = "cohort-new-parents"


def test_a_message_reaches_the_members_of_its_channel(offline: Rig) -> None:
    answer = offline.client.chat_postMessage(channel=offline.channel(COHORT), text="Good morning")
    message = offline.maya.messages(COHORT)[-1]
    assert (message["ts"], message["text"]) == (answer["ts"], "Good morning")
    assert message["is_bot"]
    assert {"bot_id", "app_id", "team", "bot_profile"} <= set(answer["message"])
    assert not offline.box.person("rosa").is_shown("Good morning")


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


def test_a_messages_tab_that_is_off_takes_no_messages(make_rig: MakeRig) -> None:
    rig = make_rig(messages_tab="off")
    with pytest.raises(SlackApiError, match="messages_tab_disabled"):
        rig.client.chat_postMessage(channel=rig.maya.id, text="hi")


def test_the_bot_does_not_post_where_it_is_not(offline: Rig) -> None:
    with pytest.raises(SlackApiError, match="not_in_channel"):
        offline.client.chat_postMessage(channel=offline.channel("general"), text="hi")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        offline.client.chat_postMessage(channel="C404", text="hi")


def test_the_direct_messages_of_others_do_not_exist_for_the_bot(offline: Rig) -> None:
    private = offline.maya.opens_dm("kofi")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        offline.client.conversations_info(channel=private)


def test_a_message_needs_something_to_show(offline: Rig) -> None:
    with pytest.raises(SlackApiError, match="no_text"):
        offline.client.api_call("chat.postMessage", json={"channel": offline.channel(COHORT)})


def test_an_ephemeral_message_is_seen_by_one_person(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    offline.client.chat_postEphemeral(channel=channel, user=offline.maya.id, text="Psst")
    (seen,) = offline.maya.ephemerals(COHORT)
    assert (seen["text"], seen["ephemeral"]) == ("Psst", True)
    assert not offline.kofi.is_shown("Psst")
    offline.maya.dismisses(seen["ts"])
    assert offline.maya.ephemerals(COHORT) == []


def test_an_ephemeral_message_needs_a_member(offline: Rig) -> None:
    channel, rosa = offline.channel(COHORT), offline.box.person("rosa")
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        offline.client.chat_postEphemeral(channel=channel, user=rosa.id, text="Psst")


def test_the_bot_changes_and_deletes_its_own_messages(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    ts = offline.client.chat_postMessage(channel=channel, text="first", blocks=[buttons("a")])["ts"]
    offline.client.chat_update(channel=channel, ts=ts, text="changed", blocks=[said("changed")])
    message = offline.maya.messages(COHORT)[-1]
    assert (message["ts"], message["text"], message["edited"]) == (ts, "changed", True)
    offline.client.chat_delete(channel=channel, ts=ts)
    assert not offline.maya.is_shown("changed")


def test_the_bot_leaves_the_messages_of_others_alone(offline: Rig) -> None:
    channel, ts = offline.channel(COHORT), offline.maya.says("mine", COHORT)
    with pytest.raises(SlackApiError, match="cant_update_message"):
        offline.client.chat_update(channel=channel, ts=ts, text="yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        offline.client.chat_delete(channel=channel, ts=ts)
    with pytest.raises(SlackApiError, match="message_not_found"):
        offline.client.chat_delete(channel=channel, ts="1.2")


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


def test_history_can_be_cut_at_both_ends(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    first, second, third = (offline.maya.says(text, COHORT) for text in ("1", "2", "3"))
    between = offline.client.conversations_history(channel=channel, oldest=first, latest=third)
    assert [message["ts"] for message in between["messages"]] == [second]
    within = offline.client.conversations_history(
        channel=channel, oldest=first, latest=third, inclusive=True
    )
    assert len(within["messages"]) == 3


def test_history_hides_the_payload_of_metadata_unless_asked(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    metadata = {"event_type": "noted", "event_payload": {"id": "7"}}
    offline.client.chat_postMessage(channel=channel, text="t", metadata=metadata)
    brief = offline.client.conversations_history(channel=channel, limit=1)
    assert brief["messages"][0]["metadata"] == {"event_type": "noted"}
    full = offline.client.conversations_history(channel=channel, limit=1, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata


def test_history_needs_membership(offline: Rig) -> None:
    with pytest.raises(SlackApiError, match="not_in_channel"):
        offline.client.conversations_history(channel=offline.channel("general"))
    with pytest.raises(SlackApiError, match="thread_not_found"):
        offline.client.conversations_replies(channel=offline.channel(COHORT), ts="1.2")


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


def test_a_reaction_needs_a_name_and_a_message(offline: Rig) -> None:
    channel, ts = offline.channel(COHORT), offline.maya.says("nice", COHORT)
    with pytest.raises(SlackApiError, match="invalid_name"):
        offline.client.reactions_add(channel=channel, timestamp=ts, name="no such thing!")
    with pytest.raises(SlackApiError, match="message_not_found"):
        offline.client.reactions_add(channel=channel, timestamp="1.2", name="heart")
