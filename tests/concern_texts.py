"""Texts for the detector of concerns: hostile ones of every kind, and ordinary ones."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

from bot.domain.concerns import load
from bot.domain.concerns.detector import LONGEST
from tests.unit.concerns.corpus import files, read

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NEAR = (
    "i want to",
    "kill the process",
    "wants to dye it",
    "end it up",
    "hurt mysel",
    "tired of live servers",
    "no reason two",
    "they would be better of",
)


def _many(some: Callable[[random.Random], str], between: str = " ") -> str:
    chance = random.Random(7)  # noqa: S311  # the same texts in each run
    return between.join(some(chance) for _ in range(LONGEST))[: LONGEST + 1]


def _examples(chance: random.Random) -> str:
    return chance.choice(_all_examples())


@cache
def _all_examples() -> tuple[str, ...]:
    return tuple(each for one in load().constructions for each in one.fires)


HOSTILE: dict[str, Callable[[], str]] = {
    "letters": lambda: _many(lambda chance: chance.choice(_LETTERS + "    "), ""),
    "spaces": lambda: " " * LONGEST,
    "near-misses": lambda: _many(lambda chance: chance.choice(_NEAR)),
    "cues": lambda: _many(lambda chance: chance.choice(chance.choice(_all_examples()).split())),
    "examples": lambda: _many(_examples),
    "examples-in-lines": lambda: _many(_examples, "\n"),
    "negated": lambda: "i would never kill myself. i do not want to die. " * LONGEST,
    "backticks": lambda: "`i` want ` to die " * LONGEST,
    "quotes": lambda: '"i want to die" ' * LONGEST,
    "zalgo": lambda: "i\u0301\u0302 wa\u0303nt to di\u0304e " * LONGEST,
    "giant-word": lambda: "die" * LONGEST,
    "i-want-to": lambda: "i want to " * LONGEST,
    "digits-and-dots": lambda: "10.0.0.1. d1e " * LONGEST,
    "emoji": lambda: "😭🔪die" * LONGEST,
    "stars": lambda: _many(lambda chance: "s" + "*" * chance.randint(1, 3) + _examples(chance)),
    "apart": lambda: "k i l l m e d i e " * LONGEST,
    "held": lambda: "diiiie killlll " * LONGEST,
    "log": lambda: "12:00:00 a[1]: die\n" * LONGEST,
}
"""By their names texts that somebody might paste to keep the detector busy."""


def hostile(kind: str) -> str:
    """Return a text of a kind, as long as one that is read whole."""
    return HOSTILE[kind]()[:LONGEST]


def ordinary() -> list[str]:
    """Return all sentences of the corpus."""
    return [each.text for file in files() for each in read(file)]
