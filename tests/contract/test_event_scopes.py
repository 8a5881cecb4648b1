"""Every event: which scope it needs, and that nothing comes without its subscription."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from sandbox.manifest import EVENT_SCOPES
from tests.contract.conftest import MakeRig
from tests.contract.facts import pins
from tests.contract.rig import Json, Rig

PUBLIC, PRIVATE, OTHER = "cohort-new-parents", "care-moderators", "cohort-first-leads"
NEEDS = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "user_change": "users:read",
    "team_join": "users:read",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_rename": "channels:read",
    "channel_left": "channels:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_unarchive": "groups:read",
    "group_rename": "groups:read",
    "group_left": "groups:read",
    "app_home_opened": "",
    "app_uninstalled": "",
    "tokens_revoked": "",
}
"""Of those that belong to a kind of channel, what they need in a public one."""

Listen = Callable[[list[str], list[str]], tuple[Rig, set[str]]]


@pytest.fixture
def listen(make_rig: MakeRig) -> Listen:
    """Connect an app with these events and scopes; give it, and the events that it has heard."""

    def listen(events: list[str], scopes: list[str]) -> tuple[Rig, set[str]]:
        rig = make_rig(events=events, scopes=[*scopes, "mpim:write"])
        heard: set[str] = set()
        rig.app.event(re.compile(""))(lambda event: heard.add(subscription(event)))
        rig.connect()
        return rig, heard

    return listen


def subscription(event: Json) -> str:
    """Return the name under which an app subscribes to an event."""
    if event["type"] != "message":
        return str(event["type"])
    kinds = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
    return f"message.{kinds[event['channel_type']]}"


def let_everything_happen(rig: Rig) -> None:
    """Let each event have its cause once; what belongs to a kind of channel in a public one."""
    box, maya, rosa = rig.box, rig.maya, rig.box.person("rosa")
    ts = maya.says("hello @lantern", PUBLIC)
    rosa.says("hello", PRIVATE)
    maya.says("hello", maya.opens_dm("lantern"))
    group = rig.client.conversations_open(users=[maya.id, rosa.id])["channel"]
    rosa.says("hello", str(group["id"]))
    maya.reacts("heart", PUBLIC, ts)
    maya.unreacts("heart", PUBLIC, ts)
    maya.pins(PUBLIC, ts)
    maya.unpins(PUBLIC, ts)
    maya.opens_home()
    box.set_role("kofi", "admin")
    box.add_person("vera")
    box.add_member(PUBLIC, "vera")
    box.remove_member(PUBLIC, "vera")
    box.share_channel(PUBLIC)
    box.unshare_channel(PUBLIC)
    for name in (PUBLIC, PRIVATE):
        box.archive(name)
        box.unarchive(name)
        box.rename(name, f"{name}-2")
        box.remove_bot(f"{name}-2")
    box.make_private(OTHER)
    for name in (OTHER, f"{PUBLIC}-2"):
        box.delete_channel(name)
    box.revoke_token()
    box.uninstall()


@pins(
    "Every event comes to an app that subscribed and holds its scope.",
    "docs.slack.dev/reference/events",
)
def test_every_event_comes_to_an_app_that_asked_for_it(listen: Listen) -> None:
    rig, heard = listen(sorted(NEEDS), sorted({*NEEDS.values()} - {""}))
    let_everything_happen(rig)
    assert heard == set(NEEDS)


@pins("No event comes without its subscription.", "docs.slack.dev/apis/events-api")
def test_no_event_comes_without_its_subscription(listen: Listen) -> None:
    rig, heard = listen([], sorted({*NEEDS.values()} - {""}))
    let_everything_happen(rig)
    assert heard == set()


@pytest.mark.parametrize("scope", sorted(set(NEEDS.values())), ids=lambda scope: scope or "none")
@pins(
    "No event comes without its scope, and no other scope stands in for it.",
    "docs.slack.dev/reference/events",
)
def test_each_scope_brings_its_events_and_no_others(listen: Listen, scope: str) -> None:
    rig, heard = listen(sorted(NEEDS), [scope] if scope else [])
    let_everything_happen(rig)
    brought = {event for event, needed in NEEDS.items() if needed in ("", scope)}
    if scope == "groups:read":  # the bot leaves the private channel as well
        brought.add("member_left_channel")
    assert heard == brought


def test_no_event_is_left_out_here() -> None:
    assert set(EVENT_SCOPES) == set(NEEDS)
