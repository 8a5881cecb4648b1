"""The weather between an app and Slack: what goes wrong, how often, and from which seed."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

LARGEST_SEED = 2**53 - 1
MOST_LATENCY_SECONDS = 60.0
MOST_LATENCY_SPREAD = 3.0


@dataclass(frozen=True)
class Weather:
    """What goes wrong, and how often; without any of it everything works at once.

    Every share is from 0 to 1. Which calls and deliveries are met follows from the seed alone.

    Attributes:
        seed: a whole number from 0 to 2**53 - 1; the same one lets the same things go wrong.
        rate_limits: whether Slack's tiers count, and the limits of chat.postMessage.
        server_errors: share of Web API calls answered 500 or 503, with nothing done.
        lost_answers: share of Web API calls that are carried out and then cut off without a byte.
        latency_seconds: median of how late a call is answered; log-normal, 60 s at most.
        latency_spread: the sigma of that distribution, 0 to 3; with 0 all take the median.
        lost_acks: share of the app's acks that never reach Slack.
        duplicates: share of events sent twice at once, with another envelope id.
        reordered: share of events held back until later ones went.
        dropped_sockets: for each minute, how likely every connection is reset at its end.

    Raises:
        ValueError: a value is none of these; the message is a sentence.
    """

    seed: int = 0
    rate_limits: bool = False
    server_errors: float = 0.0
    lost_answers: float = 0.0
    latency_seconds: float = 0.0
    latency_spread: float = 0.0
    lost_acks: float = 0.0
    duplicates: float = 0.0
    reordered: float = 0.0
    dropped_sockets: float = 0.0

    def __post_init__(self) -> None:
        if type(self.seed) is not int or not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(f'The "seed" must be a whole number from 0 to {LARGEST_SEED}.')
        if not isinstance(self.rate_limits, bool):
            raise ValueError('"rate_limits" must be true or false.')
        for each in fields(self)[2:]:
            value, most = getattr(self, each.name), _MOST.get(each.name, 1.0)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not 0 <= value <= most:
                raise ValueError(f'"{each.name}" must be a number from 0 to {most:g}.')

    @classmethod
    def storm(cls, seed: int) -> Weather:
        """Return all of it at once, at shares that a good bot survives."""
        return cls(
            seed=seed,
            rate_limits=True,
            server_errors=0.1,
            lost_answers=0.08,
            latency_seconds=0.3,
            latency_spread=1.0,
            lost_acks=0.1,
            duplicates=0.2,
            reordered=0.2,
            dropped_sockets=0.5,
        )

    @property
    def calm(self) -> bool:
        """Whether nothing goes wrong; the seed and a spread alone do nothing."""
        return replace(self, seed=0, latency_spread=0.0) == _CALM


_MOST = {"latency_seconds": MOST_LATENCY_SECONDS, "latency_spread": MOST_LATENCY_SPREAD}
_CALM = Weather()


def latency(weather: Weather, normal: float) -> float:
    """Return how late an answer is, for a draw from the standard normal distribution."""
    return min(
        MOST_LATENCY_SECONDS, weather.latency_seconds * math.exp(weather.latency_spread * normal)
    )
