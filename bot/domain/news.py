"""What whoever runs a cohort is told of it without asking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.errors import Refusal

KEPT_FOR = timedelta(days=7)
"""How long it stays after it was made, told or not."""


class Topic(StrEnum):
    """What happened."""

    RENAMED = "renamed"
    """The cohort's channel has another name."""
    RITUAL_MISSED = "ritual_missed"
    """Hearth was away, and it was too late afterwards."""
    RITUAL_FULL = "ritual_full"
    """The week had no room for it."""
    RITUAL_HALTED = "ritual_halted"
    """It was left out, because nothing is posted in the cohort just now."""
    RITUAL_UNSENT = "ritual_unsent"
    """It could not be posted."""
    RITUAL_ENDED = "ritual_ended"
    """It has no further date."""
    RITUAL_BROKEN = "ritual_broken"
    """Something it was set up with is not known any more, so it was paused."""
    REMOVED = "removed"
    """Hearth is not in the channel any more, or there is no such channel."""
    ARCHIVED = "archived"
    MADE_PUBLIC = "made_public"
    SHARED = "shared"
    """With another company."""
    GUESTS = "guests"
    """Somebody came into the channel who is not of the company."""
    BACK = "back"
    """What was in the way is mended, and all goes on."""
    NOBODY_RUNS = "nobody_runs"
    NOBODY_HOLDS = "nobody_holds"
    """Nobody on the rota holds a ritual that comes soon. Texts: title, due_at (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell one person."""

    person: str
    cohort: str
    """The cohort's name, as people typed it."""
    channel: str
    topic: Topic
    details: Mapping[str, str]
    """Texts that the topic's words need; none of them names anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands with a cohort when news of it is to be said."""

    halted_for: Refusal | None
    is_run: bool
    """Whether anybody facilitates it."""
    is_closed: bool


OF_TROUBLE: Mapping[Refusal, Topic] = {
    Refusal.NOT_A_CHANNEL: Topic.REMOVED,
    Refusal.NOT_INSIDE: Topic.REMOVED,
    Refusal.ARCHIVED: Topic.ARCHIVED,
    Refusal.OPEN: Topic.MADE_PUBLIC,
    Refusal.SHARED: Topic.SHARED,
    Refusal.GUESTS: Topic.GUESTS,
}
"""What is told of each trouble with a channel."""

OF_CHANNELS = frozenset({*OF_TROUBLE.values(), Topic.BACK})
"""Of these only the latest holds."""


def _while_in_trouble(topic: Topic) -> Callable[[Standing], bool]:
    return lambda now: now.halted_for is not None and OF_TROUBLE.get(now.halted_for) is topic


STILL_TRUE: Mapping[Topic, Callable[[Standing], bool]] = {
    **{topic: _while_in_trouble(topic) for topic in OF_TROUBLE.values()},
    Topic.BACK: lambda now: now.halted_for is None,
    Topic.NOBODY_RUNS: lambda now: not now.is_run,
    Topic.RENAMED: lambda _: True,
}
"""When each topic is still news; one that is not here always is."""


def still_true(topic: Topic, now: Standing) -> bool:
    """Whether something is still news: not what was mended since, nor what a closing settled."""
    rule = STILL_TRUE.get(topic)
    return rule is None or (not now.is_closed and rule(now))
