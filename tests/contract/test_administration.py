"""What an admin does behind the app's back, and what the app is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.behind import Listen, refused, told
from tests.contract.facts import Sure, pins
from tests.contract.rig import EVERY_SCOPE, Json, Rig, buttons

COHORT, PRIVATE = "cohort-new-parents", "care-moderators"


def info(rig: Rig, channel: str) -> Json:
    found: Json = rig.client.conversations_info(channel=channel, include_num_members=True)[
        "channel"
    ]
    return found


def user(rig: Rig, person: str) -> Json:
    found: Json = rig.client.users_info(user=person)["user"]
    return found


@pins(
    "Who comes into a channel of the app is told with who invited them, and in a line.",
    "docs.slack.dev/reference/events/member_joined_channel",
)
@pins(
    "Who leaves a channel of the app is told, and elsewhere nothing is.",
    "docs.slack.dev/reference/events/member_left_channel",
)
def test_who_comes_and_goes_is_told_where_the_app_is(listen: Listen) -> None:
    rig, bodies = listen()
    channel, lucie = rig.channel(COHORT), rig.box.person("lucie")
    before = info(rig, channel)["num_members"]
    rig.box.add_member(COHORT, "lucie")
    rig.box.add_member(COHORT, "lucie")
    assert told(bodies) == ["member_joined_channel", "channel_join"]
    joined = bodies[0]["event"]
    assert (joined["user"], joined["channel"], joined["channel_type"]) == (lucie.id, channel, "C")
    assert joined["inviter"] == info(rig, channel)["creator"]
    assert info(rig, channel)["num_members"] == before + 1
    assert lucie.is_shown("has joined the channel")
    rig.box.remove_member(COHORT, "lucie")
    rig.box.remove_member(COHORT, "lucie")
    assert told(bodies)[2:] == ["member_left_channel", "channel_leave"]
    assert lucie.id not in rig.client.conversations_members(channel=channel)["members"]
    rig.box.remove_member("general", "lucie")
    assert len(bodies) == 4


@pytest.mark.parametrize(
    ("channel", "scope"), [(COHORT, "channels:read"), (PRIVATE, "groups:read")]
)
@pins(
    "Who comes into a private channel is told with `groups:read`, into a public one with"
    " `channels:read`.",
    "docs.slack.dev/reference/events/member_joined_channel",
)
def test_the_kind_of_channel_decides_which_scope_is_needed(
    listen: Listen, channel: str, scope: str
) -> None:
    rig, bodies = listen(scopes=[each for each in EVERY_SCOPE if each != scope])
    rig.box.add_member(channel, "lucie")
    assert told(bodies) == ["channel_join"]


@pins(
    "Bolt passes on that the app itself joined or left a channel.",
    "slack_bolt 1.30.0, IgnoringSelfEvents",
    Sure.READ,
)
@pins(
    "An app that is removed hears `channel_left` or `group_left`.",
    "docs.slack.dev/reference/events/channel_left",
)
def test_the_app_hears_that_it_was_invited_and_removed(listen: Listen) -> None:
    rig, bodies = listen()
    bot = rig.client.auth_test()["user_id"]
    rig.box.invite_bot("general")
    assert [(b["event"]["type"], b["event"]["user"]) for b in bodies] == [
        ("member_joined_channel", bot)
    ]
    bodies.clear()
    rig.box.remove_bot("general")
    rig.box.remove_bot(PRIVATE)
    kinds = ["channel_left", "member_left_channel", "group_left", "member_left_channel"]
    assert told(bodies) == kinds


@pins(
    "A renamed channel comes with its id, its new name and when it was made.",
    "docs.slack.dev/reference/events/channel_rename",
)
@pins(
    "A channel that is archived or brought back is told once.",
    "docs.slack.dev/reference/events/channel_archive",
)
def test_a_channel_that_is_archived_or_renamed_is_told(listen: Listen) -> None:
    rig, bodies = listen()
    channel = rig.channel(COHORT)
    rig.box.rename(COHORT, "cohort-parents")
    rig.box.archive("cohort-parents")
    rig.box.archive("cohort-parents")
    rig.box.unarchive("cohort-parents")
    rig.box.rename(PRIVATE, "moderators")
    rig.box.archive("moderators")
    assert told(bodies) == [
        *("channel_rename", "channel_name", "channel_archive", "channel_unarchive"),
        *("group_rename", "channel_name", "group_archive"),
    ]
    assert bodies[0]["event"]["channel"] == {
        "id": channel,
        "name": "cohort-parents",
        "created": info(rig, channel)["created"],
    }
    assert info(rig, channel)["previous_names"] == [COHORT]
    with pytest.raises(ValueError, match="already"):
        rig.box.rename("moderators", "general")


@pins(
    "Of a deleted channel the app hears by its id alone: of every public one, of a private one"
    " where it is a member.",
    "docs.slack.dev/reference/events/channel_deleted",
)
def test_a_channel_that_is_deleted_is_told_and_is_nowhere_any_more(listen: Listen) -> None:
    rig, bodies = listen()
    public, private = rig.channel(COHORT), rig.channel(PRIVATE)
    rig.box.remove_bot(COHORT)
    bodies.clear()
    rig.box.delete_channel(COHORT)
    rig.box.delete_channel(PRIVATE)
    told_of = [(body["event"]["type"], body["event"]["channel"]) for body in bodies]
    assert told_of == [("channel_deleted", public), ("group_deleted", private)]
    for gone in (public, private):
        assert refused(rig.client.conversations_info, channel=gone) == "channel_not_found"
        assert refused(rig.client.chat_postMessage, channel=gone, text="hi") == "channel_not_found"
    with pytest.raises(LookupError):
        rig.box.delete_channel(COHORT)
    with pytest.raises(ValueError, match="everybody"):
        rig.box.delete_channel("general")


@pins(
    "That a channel was made public or private is told by a line in it, and by no event.",
    "docs.slack.dev/reference/events/message",
    Sure.GUESSED,
)
def test_a_private_channel_made_public_is_told_by_a_line_only(listen: Listen) -> None:
    rig, bodies = listen()
    channel = rig.channel(PRIVATE)
    assert info(rig, channel)["is_private"]
    rig.box.make_public(PRIVATE)
    rig.box.make_public(PRIVATE)
    (body,) = bodies
    assert body["event"]["subtype"] == "channel_convert_to_public"
    assert (body["event"]["channel"], body["event"]["channel_type"]) == (channel, "channel")
    assert not info(rig, channel)["is_private"]
    rig.box.make_private(PRIVATE)
    assert told(bodies)[1:] == ["channel_convert_to_private"]
    assert bodies[1]["event"]["channel_type"] == "group"
    with pytest.raises(ValueError, match="everybody"):
        rig.box.make_private("general")


@pins(
    "A channel that is shared with another company is told with their id.",
    "docs.slack.dev/reference/events/channel_shared",
)
def test_a_channel_shared_with_another_company_shows_it(listen: Listen) -> None:
    rig, bodies = listen()
    channel = rig.channel(COHORT)
    assert not info(rig, channel)["is_ext_shared"]
    with pytest.raises(ValueError, match="not shared"):
        rig.box.add_person("vera", external=True, channels=[COHORT])
    rig.box.share_channel(COHORT)
    seen = info(rig, channel)
    assert (seen["is_shared"], seen["is_ext_shared"]) == (True, True)
    assert len(seen["shared_team_ids"]) == 2
    stranger = rig.box.add_person("wim", external=True, channels=[COHORT])
    assert told(bodies) == ["channel_shared", "member_joined_channel", "channel_join"]
    theirs = seen["connected_team_ids"][0]
    assert bodies[1]["event"]["team"] == theirs
    rig.box.person("wim").says("hello", COHORT)
    assert bodies[3]["event"]["user_team"] == theirs
    assert bodies[3]["is_ext_shared_channel"] is True
    rig.box.unshare_channel(COHORT)
    assert told(bodies)[-1] == "channel_unshared"
    assert stranger not in rig.client.conversations_members(channel=channel)["members"]


def test_somebody_of_another_company_is_a_stranger_unless_in_a_channel_of_the_app(
    offline: Rig,
) -> None:
    ours = offline.client.auth_test()["team_id"]
    assert "is_stranger" not in user(offline, offline.maya.id)
    assert user(offline, offline.maya.id)["team_id"] == ours
    offline.box.share_channel("general")
    offline.box.share_channel(COHORT)
    far = offline.box.add_person("far", external=True, channels=["general"])
    near = offline.box.add_person("near", external=True, channels=[COHORT])
    assert user(offline, far)["is_stranger"] is True
    assert user(offline, near)["is_stranger"] is False
    assert user(offline, near)["team_id"] != ours
    opened, post = offline.client.conversations_open, offline.client.chat_postMessage
    assert refused(opened, users=far) == "user_not_visible"
    assert refused(post, channel=far, text="t") == "channel_not_found"
    assert post(channel=near, text="t")["ok"]


def test_somebody_of_another_company_has_buttons_but_no_commands_and_no_home(rig: Rig) -> None:
    bodies: list[Json] = []

    def press(ack: Any, body: Json) -> None:
        bodies.append(body)
        ack()

    rig.app.action("go")(press)
    rig.app.event("message")(lambda: None)
    rig.box.share_channel(COHORT)
    rig.box.add_person("wim", external=True, channels=[COHORT])
    wim, channel = rig.box.person("wim"), rig.channel(COHORT)
    assert wim.types("/hello", COHORT).outcome == "unknown_command"
    assert wim.uses_shortcut("light").outcome == "unknown_shortcut"
    assert wim.opens_home().outcome == "not_enabled"
    ts = rig.client.chat_postMessage(channel=channel, text="t", blocks=[buttons("go")])["ts"]
    assert wim.clicks("go", message=(channel, str(ts))).ok
    assert bodies[0]["user"]["team_id"] != bodies[0]["team"]["id"]


@pytest.mark.parametrize(
    ("role", "flags"),
    [
        ("owner", ["is_admin", "is_owner"]),
        ("admin", ["is_admin"]),
        ("member", []),
        ("guest", ["is_restricted"]),
        ("single_channel_guest", ["is_restricted", "is_ultra_restricted"]),
    ],
)
@pins(
    "A change of role is a `user_change` with the account as it is then.",
    "docs.slack.dev/reference/events/user_change",
)
def test_a_role_shows_in_the_account_and_in_the_event(
    listen: Listen, role: Any, flags: list[str]
) -> None:
    rig, bodies = listen()
    rig.box.set_role("maya", role)
    names = ["is_admin", "is_owner", "is_restricted", "is_ultra_restricted"]
    assert told(bodies) == ["user_change"]
    for seen in (user(rig, rig.maya.id), bodies[0]["event"]["user"]):
        assert [name for name in names if seen[name]] == flags


def test_there_is_one_admin_and_one_guest_in_the_company(offline: Rig) -> None:
    people = offline.client.users_list()["members"]
    assert [each["name"] for each in people if each["is_admin"]] == ["sanjay"]
    assert [each["name"] for each in people if each["is_restricted"]] == ["binod"]


@pins(
    "A deactivated account is a `user_change` with `deleted`, a new one a `team_join`.",
    "docs.slack.dev/reference/events/team_join",
)
def test_accounts_that_close_open_and_begin_are_told(listen: Listen) -> None:
    rig, bodies = listen()
    rig.box.deactivate("maya")
    rig.box.deactivate("maya")
    rig.box.reactivate("maya")
    assert told(bodies) == ["user_change", "user_change"]
    assert [body["event"]["user"]["deleted"] for body in bodies] == [True, False]
    assert user(rig, rig.maya.id)["tz"] == "Europe/Berlin"
    bodies.clear()
    new = rig.box.add_person("vera.koch", zone="Asia/Kolkata", locale="de-DE", channels=["general"])
    assert told(bodies) == ["team_join"]
    assert bodies[0]["event"]["user"]["id"] == new
    assert user(rig, new)["real_name"] == "Vera Koch"
    assert rig.box.person("vera.koch").is_shown("has joined")
    with pytest.raises(ValueError, match="already"):
        rig.box.add_person("maya")


@pins("What is told of accounts needs `users:read`.", "docs.slack.dev/reference/events/user_change")
def test_accounts_need_the_scope_of_users(listen: Listen) -> None:
    rig, bodies = listen(scopes=[each for each in EVERY_SCOPE if each != "users:read"])
    rig.box.deactivate("maya")
    rig.box.add_person("vera")
    assert bodies == []
