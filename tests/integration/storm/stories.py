"""What everybody does on the day of the storm; the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.conftest import filled_in
from tests.integration.storm.town import NAMES

_SHARED = ("mood_and_capacity", "capacity", "nothing")
_CAPACITIES = ("light", "steady", "full", "over")


@dataclass(frozen=True)
class Visit:
    """One check-in, or the change of one: what is given, and how long before the next."""

    mood: int
    capacity: str
    share: str
    pause_seconds: float

    @property
    def values(self) -> dict[str, dict[str, Any]]:
        """What is filled in."""
        return filled_in(mood=self.mood, capacity=self.capacity, share=self.share)


@dataclass(frozen=True)
class Story:
    """What one person does; whatever fails is tried again."""

    name: str
    begins_seconds: float
    visits: tuple[Visit, ...]
    says: bool

    @property
    def last(self) -> Visit:
        """What stands at the end of the day."""
        return self.visits[-1]


def stories(seed: int) -> Sequence[Story]:
    """Return everybody's day."""
    return [_story(Random(f"{seed} {name}"), name) for name in NAMES]  # noqa: S311  # no secret


def _story(chance: Random, name: str) -> Story:
    times = chance.choices((1, 2, 3), (6, 3, 1))[0]
    # A reminder brings most of them at once, more than Slack lets open a form in a minute.
    begins = chance.uniform(120, 125) if chance.random() < 0.85 else chance.uniform(0, 420)
    visits = tuple(_visit(chance) for _ in range(times))
    return Story(name, begins, visits, says=chance.random() < 0.2)


def _visit(chance: Random) -> Visit:
    share = chance.choices(_SHARED, (7, 2, 1))[0]
    return Visit(
        chance.randint(1, 5), chance.choice(_CAPACITIES), share, chance.uniform(20.0, 120.0)
    )
