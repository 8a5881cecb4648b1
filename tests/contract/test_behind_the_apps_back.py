"""Channels that are archived, a bot that is removed, people whose account is closed."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox import ControlError
from tests.contract.facts import Sure, pins
from tests.contract.rig import Rig

COHORT, PRIVATE = "cohort-new-parents", "care-moderators"


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def test_nobody_writes_in_an_archived_channel(offline: Rig) -> None:
    channel, client = offline.channel(COHORT), offline.client
    ts = str(client.chat_postMessage(channel=channel, text="before")["ts"])
    offline.box.archive(COHORT)
    assert refused(client.chat_postMessage, channel=channel, text="t") == "is_archived"
    whisper = {"channel": channel, "user": offline.maya.id, "text": "t"}
    assert refused(client.chat_postEphemeral, **whisper) == "is_archived"
    assert refused(client.chat_update, channel=channel, ts=ts, text="t") == "is_inactive"
    heart = {"channel": channel, "timestamp": ts, "name": "heart"}
    assert refused(client.reactions_add, **heart) == "is_archived"
    with pytest.raises(ControlError, match="archived"):
        offline.maya.says("hello", COHORT)
    with pytest.raises(ControlError, match="archived"):
        offline.maya.types("/hello", COHORT)
    assert [message["text"] for message in offline.box.posted(COHORT)] == ["before"]


@pins(
    "An archived channel can be read, and is left out of lists only on request.",
    "docs.slack.dev/reference/methods/conversations.list",
)
def test_an_archived_channel_can_be_read_and_brought_back(offline: Rig) -> None:
    channel, client = offline.channel(COHORT), offline.client
    client.chat_postMessage(channel=channel, text="before")
    before = offline.maya.sees()["version"]
    offline.box.archive(channel)
    seen = offline.maya.sees()
    assert seen["version"] > before
    assert [each["read_only"] for each in seen["channels"] if each["id"] == channel] == [True]
    assert client.conversations_history(channel=channel)["messages"][0]["text"] == "before"
    assert client.conversations_info(channel=channel)["channel"]["is_archived"]
    assert offline.maya.is_shown("before")
    listed = client.conversations_list(limit=200)["channels"]
    assert channel in [each["id"] for each in listed]
    listed = client.conversations_list(limit=200, exclude_archived=True)["channels"]
    assert channel not in [each["id"] for each in listed]
    offline.box.unarchive(channel)
    assert client.chat_postMessage(channel=channel, text="after")["ok"]
    offline.maya.says("hello", COHORT)


@pytest.mark.parametrize(
    ("name", "error"), [(COHORT, "not_in_channel"), (PRIVATE, "channel_not_found")]
)
def test_a_bot_that_was_removed_cannot_post_until_it_is_invited(
    offline: Rig, name: str, error: str
) -> None:
    channel, client = offline.channel(name), offline.client
    offline.box.remove_bot(name)
    offline.box.remove_bot(channel)
    assert refused(client.chat_postMessage, channel=channel, text="t") == error
    assert refused(client.conversations_history, channel=channel) == error
    offline.box.invite_bot(name)
    offline.box.invite_bot(channel)
    assert client.chat_postMessage(channel=channel, text="t")["ok"]
    members = client.conversations_members(channel=channel)["members"]
    assert members.count(client.auth_test()["user_id"]) == 1


@pins(
    "An app that was removed from a channel hears no more of it.",
    "docs.slack.dev/reference/events/message.channels",
)
def test_a_bot_that_was_removed_hears_nothing_more(rig: Rig) -> None:
    heard: list[str] = []
    rig.app.event("message")(lambda event: heard.append(event["text"]))
    rig.box.remove_bot(COHORT)
    rig.maya.says("without you", COHORT)
    rig.box.invite_bot(COHORT)
    rig.maya.says("with you", COHORT)
    assert heard == ["with you"]


def test_a_deactivated_person_can_be_written_to_and_never_answers(offline: Rig) -> None:
    client, person = offline.client, offline.kofi.id
    dm = str(client.conversations_open(users=person)["channel"]["id"])
    offline.box.deactivate("kofi")
    assert refused(client.conversations_open, users=person) == "user_disabled"
    assert client.chat_postMessage(channel=person, text="t")["channel"] == dm
    with pytest.raises(ControlError, match="deactivated"):
        offline.kofi.says("hello")
    assert client.conversations_info(channel=dm)["channel"]["is_user_deleted"]


@pins(
    "A deactivated account is `deleted`, and has no zone and no role any more.",
    "docs.slack.dev/reference/objects/user-object",
)
def test_a_deactivated_person_is_still_described_but_without_a_zone(offline: Rig) -> None:
    offline.box.deactivate(offline.kofi.id)
    gone = offline.client.users_info(user=offline.kofi.id, include_locale=True)["user"]
    assert (gone["deleted"], gone["name"]) == (True, "kofi")
    assert not {"tz", "tz_offset", "locale", "is_admin"} & set(gone)
    present = offline.client.users_info(user=offline.maya.id, include_locale=True)["user"]
    assert {"tz", "tz_offset", "locale", "is_admin"} <= set(present)
    assert present["deleted"] is False
    listed = offline.client.users_list()["members"]
    assert [each["name"] for each in listed if each["deleted"]] == ["kofi"]


def test_the_bot_has_no_direct_message_with_a_bot(offline: Rig) -> None:
    bot = str(offline.client.auth_test()["user_id"])
    assert refused(offline.client.chat_postMessage, channel=bot, text="t") == "cannot_dm_bot"
    assert refused(offline.client.conversations_open, users=bot) == "cannot_dm_bot"


@pytest.mark.parametrize("order", ["archive", "unarchive", "remove_bot", "invite_bot"])
def test_only_channels_can_be_archived_joined_and_left(offline: Rig, order: str) -> None:
    for name in ("nowhere", offline.maya.opens_dm("lantern")):
        with pytest.raises(LookupError, match="no channel"):
            getattr(offline.box, order)(name)


def test_only_people_can_be_deactivated(offline: Rig) -> None:
    for name in ("nobody", "lantern"):
        with pytest.raises(LookupError, match="no person"):
            offline.box.deactivate(name)


def test_the_members_come_in_pages(offline: Rig) -> None:
    channel = offline.channel(COHORT)
    pages = [p["members"] for p in offline.client.conversations_members(channel=channel, limit=5)]
    assert [len(page) for page in pages] == [5, 5, 3]
    assert len({member for page in pages for member in page}) == 13


@pins("A single-channel guest is in one channel.", "", Sure.GUESSED)
def test_a_single_channel_guest_is_in_one_channel_only(offline: Rig) -> None:
    offline.box.add_person("vera", role="single_channel_guest", channels=["random"])
    with pytest.raises(ValueError, match="one channel"):
        offline.box.add_member("general", "vera")


def test_orders_name_what_is_not_there(offline: Rig) -> None:
    box = offline.box
    for order in (box.rename, box.add_member, box.remove_member):
        with pytest.raises(LookupError, match="no channel"):
            order("nowhere", "maya")
    with pytest.raises(LookupError, match="no person"):
        box.add_member(COHORT, "lantern")
    with pytest.raises(ValueError, match="no role"):
        box.set_role("maya", "king")  # type: ignore[arg-type]


def test_a_deactivated_person_opens_nothing(offline: Rig) -> None:
    offline.box.deactivate("maya")
    with pytest.raises(ControlError, match="deactivated"):
        offline.maya.opens_home()
