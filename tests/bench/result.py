"""What a benchmark found, and whether that is good enough."""

from __future__ import annotations

from dataclasses import dataclass


class WrongAnswer(Exception):
    """A side did something else than what was to be measured; its speed means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure. The floor is the worst value allowed, whichever way is better."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    goal: float | None = None
    more_is_better: bool = False

    @property
    def good_enough(self) -> bool:
        """Whether the value is on the right side of its floor."""
        if self.floor is None:
            return True
        return self.value >= self.floor if self.more_is_better else self.value <= self.floor

    def line(self) -> str:
        """Return the line that scripts read."""
        floor, goal = _bound(self.floor), _bound(self.goal)
        return f"bench {self.name} {self.value:.3f} {self.unit} floor={floor} goal={goal}"


def _bound(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
