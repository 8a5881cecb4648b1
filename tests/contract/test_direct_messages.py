"""Direct messages, with one person and with several: who can be written to, and how."""

from __future__ import annotations

import pytest

from sandbox import ControlError
from tests.contract.conftest import MakeRig
from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refusal, refused
from tests.contract.rig import EVERY_EVENT, EVERY_SCOPE, Json, Rig, recording

COHORT = "cohort-new-parents"
OPEN, POST = "conversations.open", "chat.postMessage"
GROUPS = [*EVERY_SCOPE, *(f"mpim:{what}" for what in ("read", "write", "history"))]


@pytest.fixture
def groups(make_rig: MakeRig) -> Rig:
    """An app that may have group direct messages and hears of what is said there."""
    return make_rig(scopes=GROUPS, events=[*EVERY_EVENT, "message.mpim"])


def ids(rig: Rig, *names: str) -> list[str]:
    return [rig.box.person(name).id for name in names]


def opened(rig: Rig, *users: str) -> str:
    return str(rig.client.conversations_open(users=list(users))["channel"]["id"])


@pins("The same people have the same conversation, however they are named.", page_of(OPEN))
def test_the_same_people_have_one_conversation(groups: Rig) -> None:
    maya, kofi, rosa = ids(groups, "maya", "kofi", "rosa")
    first = groups.client.conversations_open(users=[maya, kofi, rosa])
    assert "already_open" not in first.data
    again = groups.client.conversations_open(users=[rosa, maya, kofi, maya])
    assert again["channel"]["id"] == first["channel"]["id"]
    assert (again["already_open"], again["no_op"]) == (True, True)
    assert opened(groups, maya, kofi) != first["channel"]["id"]
    assert opened(groups, maya)[0] == "D"


@pins("A group keeps the order in which its people were named first.", page_of(OPEN))
def test_a_group_keeps_its_order(groups: Rig) -> None:
    rosa, maya, kofi = ids(groups, "rosa", "maya", "kofi")
    groups.client.conversations_open(users=[rosa, maya, kofi])
    again = groups.client.conversations_open(users=[maya, kofi, rosa], return_im=True)
    described = again["channel"]
    assert [each for each in described["members"] if each in (rosa, maya, kofi)] == [
        rosa,
        maya,
        kofi,
    ]
    assert described["name"] == "mpdm-lantern--rosa--maya--kofi-1"
    kind = [described[f"is_{each}"] for each in ("mpim", "group", "private", "channel", "im")]
    assert kind == [True, True, True, False, False]


@pins(
    "A direct message is with one to eight people.",
    page_of(OPEN),
    refuses=[f"{OPEN}: too_many_users", f"{OPEN}: users_list_not_supplied"],
)
def test_a_direct_message_has_eight_people_at_most(groups: Rig) -> None:
    people = [each["id"] for each in groups.client.users_list()["members"] if not each["is_bot"]]
    assert opened(groups, *people[:8])
    assert refused(groups.client.conversations_open, users=people[:9]) == "too_many_users"
    for none in ("", ",", " , "):
        code = refused(groups.client.api_call, OPEN, json={"users": none})
        assert code == "users_list_not_supplied"


@pins(
    "A direct message with one person needs im:write, with several mpim:write.",
    page_of(OPEN),
    refuses=[f"{OPEN}: missing_scope"],
)
def test_each_kind_of_direct_message_has_its_scope(make_rig: MakeRig) -> None:
    maya, kofi = ids(make_rig(), "maya", "kofi")
    for scope, forbidden, users in (
        ("im:write", "mpim:write", [maya, kofi]),
        ("mpim:write", "im:write", [maya]),
    ):
        answer = refusal(make_rig(scopes=[scope]).client.conversations_open, users=users)
        assert (answer["error"], answer["needed"]) == ("missing_scope", forbidden)


@pins(
    "Only people who are here, can be seen and are not deactivated can be written to.",
    page_of(OPEN),
    refuses=[
        f"{OPEN}: user_not_found",
        f"{OPEN}: user_disabled",
        f"{OPEN}: user_not_visible",
    ],
)
def test_not_everybody_can_be_written_to(groups: Rig) -> None:
    groups.box.add_person("otto", external=True)
    maya, kofi, otto = ids(groups, "maya", "kofi", "otto")
    groups.box.deactivate("kofi")
    open_ = groups.client.conversations_open
    for users, code in (
        (["U404"], "user_not_found"),
        ([maya, "U404"], "user_not_found"),
        ([kofi], "user_disabled"),
        ([maya, kofi], "user_disabled"),
        ([otto], "user_not_visible"),
        ([maya, otto], "user_not_visible"),
    ):
        assert refused(open_, users=users) == code
    assert refused(groups.client.chat_postMessage, channel=otto, text="t") == "channel_not_found"


@pins(
    "People of other companies must share a channel with one another to be in one group.",
    page_of(OPEN),
    refuses=[f"{OPEN}: invalid_user_combination"],
)
def test_strangers_to_one_another_are_no_group(groups: Rig) -> None:
    for name, channel in (("otto", COHORT), ("pia", "care-moderators")):
        groups.box.share_channel(channel)
        groups.box.add_person(name, external=True, channels=[channel])
    maya, otto, pia = ids(groups, "maya", "otto", "pia")
    assert opened(groups, maya, otto)
    code = refused(groups.client.conversations_open, users=[otto, pia])
    assert code == "invalid_user_combination"
    groups.box.add_member(COHORT, "pia")
    assert opened(groups, otto, pia)


@pins(
    "An app has no direct message with itself, nor with Slackbot.",
    "",
    Sure.GUESSED,
    refuses=[f"{each}: cannot_dm_bot" for each in (OPEN, POST, "chat.postEphemeral")],
)
def test_nobody_writes_to_an_app(groups: Rig) -> None:
    bot = groups.client.auth_test()["user_id"]
    for user in (bot, "USLACKBOT"):
        assert refused(groups.client.conversations_open, users=user) == "cannot_dm_bot"
        assert refused(groups.client.chat_postMessage, channel=user, text="t") == "cannot_dm_bot"
        whisper = groups.client.chat_postEphemeral
        assert refused(whisper, channel=user, user=bot, text="t") == "cannot_dm_bot"
    maya = groups.maya.id
    assert opened(groups, maya, bot) == opened(groups, maya)


@pins(
    "With prevent_creation a direct message is only found when there is one.",
    page_of(OPEN),
    refuses=[f"{OPEN}: channel_not_found"],
)
def test_nothing_is_made_where_that_is_prevented(groups: Rig) -> None:
    maya, kofi = ids(groups, "maya", "kofi")
    for users in ([maya], [maya, kofi]):
        open_ = groups.client.conversations_open
        assert refused(open_, users=users, prevent_creation=True) == "channel_not_found"
        channel = opened(groups, *users)
        found = open_(users=users, prevent_creation=True)
        assert found["channel"]["id"] == channel


@pins(
    "A conversation is resumed by its id if it is a direct message.",
    page_of(OPEN),
    refuses=[f"{OPEN}: method_not_supported_for_channel_type", f"{OPEN}: channel_not_found"],
)
def test_a_direct_message_is_resumed_by_its_id(groups: Rig) -> None:
    maya, kofi = ids(groups, "maya", "kofi")
    for users in ([maya], [maya, kofi]):
        channel = opened(groups, *users)
        again = groups.client.conversations_open(channel=channel, return_im=True)
        assert (again["channel"]["id"], again["already_open"]) == (channel, True)
    code = refused(groups.client.conversations_open, channel=groups.channel(COHORT))
    assert code == "method_not_supported_for_channel_type"
    private = groups.maya.opens_dm("kofi")
    for unknown in ("D404", private):
        assert refused(groups.client.conversations_open, channel=unknown) == "channel_not_found"


@pins(
    "What is said in a group direct message is told by message.mpim.",
    "docs.slack.dev/reference/events/message.mpim",
)
def test_a_group_is_written_in_and_read(groups: Rig) -> None:
    listener, bodies = recording()
    groups.app.event("message")(lambda ack, body: listener(ack, body))
    groups.connect()
    channel = opened(groups, *ids(groups, "maya", "kofi"))
    posted = groups.client.chat_postMessage(channel=channel, text="Both of you")
    assert posted["channel"] == channel
    for person in (groups.maya, groups.kofi):
        assert [each["text"] for each in person.messages(channel)] == ["Both of you"]
    assert not groups.box.person("rosa").is_shown("Both of you")
    groups.maya.says("We are here", channel)
    event = bodies[0]["event"]
    assert (event["channel"], event["channel_type"]) == (channel, "mpim")
    history = groups.client.conversations_history(channel=channel)["messages"]
    assert [each["text"] for each in history] == ["We are here", "Both of you"]
    listed = groups.client.conversations_list(types="mpim")["channels"]
    assert [each["id"] for each in listed] == [channel]
    assert len(groups.client.conversations_members(channel=channel)["members"]) == 3


@pins(
    "A group direct message is read with the scopes of its own kind.",
    "docs.slack.dev/reference/scopes/mpim.read",
    refuses=["conversations.info: missing_scope", "conversations.history: missing_scope"],
)
def test_a_group_has_scopes_of_its_own(make_rig: MakeRig) -> None:
    rig = make_rig(scopes=[*EVERY_SCOPE, "mpim:write"])
    channel = opened(rig, *ids(rig, "maya", "kofi"))
    answers: list[Json] = [
        refusal(rig.client.conversations_info, channel=channel),
        refusal(rig.client.conversations_members, channel=channel),
        refusal(rig.client.conversations_list, types="mpim"),
        refusal(rig.client.conversations_history, channel=channel),
    ]
    assert [each["needed"] for each in answers] == ["mpim:read"] * 3 + ["mpim:history"]


@pins("A group stands in the list of everybody in it once something was said.", "", Sure.OURS)
def test_a_group_is_called_after_its_people(groups: Rig) -> None:
    channel = opened(groups, *ids(groups, "maya", "kofi"))
    assert channel not in [each["id"] for each in groups.maya.sees()["channels"]]
    groups.client.chat_postMessage(channel=channel, text="hello")
    (shown,) = [each for each in groups.maya.sees()["channels"] if each["id"] == channel]
    assert shown["kind"] == "mpim"
    assert "Lantern" in shown["name"]
    assert "maya" not in shown["name"].lower()
    with pytest.raises(LookupError):
        groups.box.archive(channel)


@pins(
    "Without a Messages tab nothing is posted to a person.",
    page_of(POST),
    refuses=[f"{POST}: messages_tab_disabled", "chat.postEphemeral: messages_tab_disabled"],
)
def test_a_messages_tab_that_is_off_takes_no_messages(make_rig: MakeRig) -> None:
    rig = make_rig(messages_tab="off")
    assert refused(rig.client.chat_postMessage, channel=rig.maya.id, text="hi") == (
        "messages_tab_disabled"
    )
    channel = opened(rig, rig.maya.id)
    whisper = {"channel": channel, "user": rig.maya.id, "text": "hi"}
    assert refused(rig.client.chat_postEphemeral, **whisper) == "messages_tab_disabled"


@pins(
    "In a read-only Messages tab the app writes and nobody else: sending messages is turned off.",
    "docs.slack.dev/surfaces/app-home",
)
def test_a_read_only_messages_tab_is_for_the_app_alone(make_rig: MakeRig) -> None:
    rig = make_rig(messages_tab="read_only")
    channel = rig.client.chat_postMessage(channel=rig.maya.id, text="Good morning")["channel"]
    assert rig.maya.messages("lantern")[-1]["text"] == "Good morning"
    with pytest.raises(ControlError, match="Sending messages to this app has been turned off"):
        rig.maya.says("hello", channel)
    with pytest.raises(ControlError, match="Sending messages to this app has been turned off"):
        rig.maya.says("hello", channel, thread_ts=rig.maya.messages("lantern")[-1]["ts"])
