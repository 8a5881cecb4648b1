"""What a person types, as Slack stores it and as it hands it to the app."""

from __future__ import annotations

import re

from sandbox.slack import Slack
from sandbox.workspace import User

_PERSON = re.compile(r"(?<![\w@])@([a-z][\w.-]*[\w]|[a-z])")
_CHANNEL = re.compile(r"(?<![\w#])#([\w-]+)")
_LINK = re.compile(r"\bhttps?://[^\s<>|]+")


def as_message(slack: Slack, text: str) -> str:
    """Return a message's text: its signs escaped, its @names turned to ids."""

    def mention(match: re.Match[str]) -> str:
        user = slack.workspace.find_user(match[1])
        return f"<@{user.id}>" if user else match[0]

    return _PERSON.sub(mention, _escaped(text))


def as_command(slack: Slack, user: User, text: str) -> str:
    """Return the text of a command that asks for `should_escape`.

    People, channels and links are marked, people and channels with their ids and their names.
    A private channel is one only to those who are in it.
    """

    def person(match: re.Match[str]) -> str:
        found = slack.workspace.find_user(match[1])
        return f"<@{found.id}|{found.name}>" if found else match[0]

    def channel(match: re.Match[str]) -> str:
        found = slack.workspace.find_channel(match[1])
        if found is None or (found.kind != "channel" and user.id not in found.members):
            return match[0]
        return f"<#{found.id}|{found.name}>"

    linked = _LINK.sub(lambda match: f"<{match[0]}>", _escaped(text))
    return _CHANNEL.sub(channel, _PERSON.sub(person, linked))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
