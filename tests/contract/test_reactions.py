"""Reactions: which emoji, how many, and whose."""

from __future__ import annotations

from typing import Any

from tests.contract.facts import Sure, pins
from tests.contract.refusals import page_of, refused
from tests.contract.rig import Rig

COHORT = "cohort-new-parents"
HELP = "slack.com/help/articles/202931348-Use-emoji-and-reactions"


def message(rig: Rig) -> dict[str, Any]:
    channel = rig.channel(COHORT)
    return {
        "channel": channel,
        "timestamp": rig.client.chat_postMessage(channel=channel, text="t")["ts"],
    }


@pins(
    "Nobody reacts twice with the same emoji, or takes away a reaction that is not theirs.",
    page_of("reactions.add"),
    refuses=["reactions.add: already_reacted", "reactions.remove: no_reaction"],
)
def test_a_reaction_is_there_once_and_goes_once(offline: Rig) -> None:
    item, client = message(offline), offline.client
    offline.maya.reacts("heart", COHORT, item["timestamp"])
    assert refused(client.reactions_remove, name="heart", **item) == "no_reaction"
    client.reactions_add(name="heart", **item)
    assert refused(client.reactions_add, name=":heart:", **item) == "already_reacted"
    client.reactions_remove(name="heart", **item)
    assert refused(client.reactions_remove, name="heart", **item) == "no_reaction"


@pins(
    "A reaction has the name of an emoji.",
    page_of("reactions.add"),
    refuses=["reactions.add: invalid_name", "reactions.remove: invalid_name"],
)
def test_a_reaction_has_the_name_of_an_emoji(offline: Rig) -> None:
    item, client = message(offline), offline.client
    for wrong in ("no such thing!", "", "❤"):
        assert refused(client.reactions_add, name=wrong, **item) == "invalid_name"
        assert refused(client.reactions_remove, name=wrong, **item) == "invalid_name"
    assert client.reactions_add(name="thumbsup::skin-tone-6", **item)["ok"]


@pins(
    "A reaction is about a message, by its channel and its timestamp.",
    page_of("reactions.remove"),
    refuses=[
        "reactions.add: bad_timestamp",
        "reactions.remove: bad_timestamp",
        "reactions.get: bad_timestamp",
        "reactions.remove: no_item_specified",
        "reactions.get: no_item_specified",
    ],
)
def test_a_reaction_is_about_a_message(offline: Rig) -> None:
    item, client = message(offline), offline.client
    bad = item | {"timestamp": "yesterday"}
    assert refused(client.reactions_add, name="heart", **bad) == "bad_timestamp"
    assert refused(client.reactions_remove, name="heart", **bad) == "bad_timestamp"
    assert refused(client.reactions_get, **bad) == "bad_timestamp"
    for half in item:
        only: dict[str, Any] = {half: item[half]}
        assert refused(client.reactions_remove, name="heart", **only) == "no_item_specified"
        assert refused(client.reactions_get, **only) == "no_item_specified"


@pins(
    "One person adds 23 reactions to a message at most.",
    HELP,
    Sure.REPORTED,
    refuses=["reactions.add: too_many_reactions"],
)
def test_one_may_add_so_many_reactions(offline: Rig) -> None:
    item, client = message(offline), offline.client
    for number in range(23):
        client.reactions_add(name=f"emoji-{number}", **item)
    assert refused(client.reactions_add, name="one-more", **item) == "too_many_reactions"


@pins(
    "A message has 50 different emoji at most.",
    HELP,
    Sure.REPORTED,
    refuses=["reactions.add: too_many_emoji"],
)
def test_a_message_has_so_many_emoji(offline: Rig) -> None:
    item, client = message(offline), offline.client
    for number in range(50):
        offline.maya.reacts(f"emoji-{number}", COHORT, item["timestamp"])
    assert refused(client.reactions_add, name="one-more", **item) == "too_many_emoji"
    assert client.reactions_add(name="emoji-7", **item)["ok"]
