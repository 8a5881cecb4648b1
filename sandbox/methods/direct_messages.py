"""conversations.open: the direct message with one person, or with several."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.errors import SlackError
from sandbox.methods.conversations import describe
from sandbox.webapi import Call, method
from sandbox.workspace import SLACKBOT, Channel, Json, User, Workspace

_MOST = 8


@method(
    "conversations.open",
    tier=3,
    scopes=("im:write", "mpim:write"),
    optional=("channel", "users", "return_im", "prevent_creation"),
    errors=(
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_user_combination",
        "method_not_supported_for_channel_type",
        "too_many_users",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_list_not_supplied",
    ),
)
def open_conversation(call: Call) -> Json:
    """Open the direct message with one person, or with two to eight.

    The same people have the same conversation, in whatever order they are named; the order of
    the first time stays. Where nothing may be made, what is not there yet is not found.
    """
    workspace = call.slack.workspace
    if call.text("channel"):
        channel, known = _resumed(call), True
    else:
        people = _people(workspace, call.text("users").split(","))
        call.need("im:write" if len(people) == 1 else "mpim:write")
        members = [workspace.bot.id, *(person.id for person in people)]
        known = workspace.between(members) is not None
        if not known and call.flag("prevent_creation"):
            raise SlackError("channel_not_found")
        open_ = workspace.dm if len(people) == 1 else workspace.group
        channel = open_(*members)
    described = describe(call.slack, channel) if call.flag("return_im") else {"id": channel.id}
    again = {"no_op": True, "already_open": True} if known else {}
    return {**again, "channel": described}


def _resumed(call: Call) -> Channel:
    channel = call.channel()
    if not channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    call.need("im:write" if channel.kind == "im" else "mpim:write")
    return channel


def _people(workspace: Workspace, ids: Sequence[str]) -> list[User]:
    """Return those named, each once, in their order; the app itself is in every conversation."""
    wanted = list(dict.fromkeys(filter(None, map(str.strip, ids))))
    if not wanted:
        raise SlackError("users_list_not_supplied")
    if SLACKBOT in wanted or wanted == [workspace.bot.id]:
        raise SlackError("cannot_dm_bot")
    others = [each for each in wanted if each != workspace.bot.id]
    if len(others) > _MOST:
        raise SlackError("too_many_users")
    people = [_person(workspace, each) for each in others]
    _check_strangers(workspace, people)
    return people


def _person(workspace: Workspace, wanted: str) -> User:
    person = workspace.users.get(wanted)
    if person is None:
        raise SlackError("user_not_found")
    if person.deleted:
        raise SlackError("user_disabled")
    if not workspace.knows(person):
        raise SlackError("user_not_visible")
    return person


def _check_strangers(workspace: Workspace, people: Sequence[User]) -> None:
    """Refuse people of another company who are not all in one channel together already."""
    outside = {person.id for person in people if person.is_external}
    channels = workspace.channels.values()
    if outside and not any(outside <= set(each.members) for each in channels):
        raise SlackError("invalid_user_combination")
