"""Draws lots that depend on nothing but a seed and on what they are drawn for."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

_REMEMBERED = 100_000
_STEPS = 2.0**52


class Decision(NamedTuple):
    """What came of the lot for the `n`th thing (from 0) of a kind and a key.

    The outcome is 0 where nothing happens, else 1; for a server error it is the status, for a
    latency the seconds, for something held back how many others go first.
    """

    kind: str
    key: str
    n: int
    outcome: float


class Lots:
    """The lots of one seed.

    Each is made of the seed, the kind of weather, a key and how many lots of that key there were:
    what happens elsewhere at the same time does not change it.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._counts: Counter[tuple[str, str]] = Counter()
        self._decisions: deque[Decision] = deque(maxlen=_REMEMBERED)

    def decide(self, kind: str, key: str, outcome: Callable[[float], float]) -> float:
        """Draw the next lot of a key, remember what `outcome` makes of it, and return that."""
        n = self._counts[kind, key]
        self._counts[kind, key] = n + 1
        decided = outcome(lot(self._seed, kind, key, n))
        self._decisions.append(Decision(kind, key, n, decided))
        return decided

    def decisions(self) -> list[Decision]:
        """Return what was decided, oldest first; of very many only the last 100,000."""
        return list(self._decisions)


def lot(seed: int, kind: str, key: str, n: int) -> float:
    """Return a number above 0 and below 1, for a seed and what it is drawn for."""
    digest = blake2b(f"{seed}\0{kind}\0{key}\0{n}".encode(), digest_size=8).digest()
    return ((int.from_bytes(digest, "big") >> 12) + 0.5) / _STEPS
