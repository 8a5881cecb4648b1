"""What somebody means by the text after /checkin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.checkins import Answer, Capacity, Scale

_SEPARATORS = re.compile(r"[\s,;:=/]+")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_LONGEST_TEXT = 200
"""More than this is no keyboard check-in; it is not looked at further."""


class Verb(StrEnum):
    """The things /checkin can do."""

    FILE = "file"
    HISTORY = "history"
    DAY = "day"
    PAUSE = "pause"
    WEEKLY = "weekly"
    CHOICES = "choices"
    EXPORT = "export"
    FORGET = "forget"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Quick:
    """What was understood of a check-in typed from the keyboard."""

    levels: dict[Scale, int] = field(default_factory=dict)
    capacity: Capacity | None = None
    puzzled: bool = False
    """Whether something was there that could not be understood."""

    @property
    def empty(self) -> bool:
        """Nothing at all was typed."""
        return not (self.levels or self.capacity or self.puzzled)

    def answer(self) -> Answer | None:
        """Return the complete answer, or None when anything is missing or unclear."""
        if self.puzzled or self.capacity is None or len(self.levels) < len(Scale):
            return None
        return Answer(
            mood=self.levels[Scale.MOOD],
            stress=self.levels[Scale.STRESS],
            energy=self.levels[Scale.ENERGY],
            capacity=self.capacity,
        )


@dataclass(frozen=True, slots=True)
class Command:
    """One reading of the text: what to do, and with what."""

    verb: Verb
    quick: Quick = Quick()
    rest: str = ""
    """What follows the verb, for `day` and `pause`."""


def read(text: str) -> Command:
    """Return what `text` asks for; anything that is no other verb is a check-in."""
    words = text.strip().split(maxsplit=1)
    first = words[0].lower() if words else ""
    if first in set(Verb) - {Verb.FILE}:
        return Command(Verb(first), rest=words[1] if len(words) > 1 else "")
    return Command(Verb.FILE, quick=read_quick(text))


def read_quick(text: str) -> Quick:
    """Read "4 2 3 steady", "mood 4 stress 2", in any order, as far as it can be understood.

    A number belongs to the scale named just before it; numbers without a name are mood,
    stress and energy in that order. Whatever is given twice, out of range or unknown makes
    the reading `puzzled`: it is never guessed, the form asks.
    """
    if len(text) > _LONGEST_TEXT:
        return Quick(puzzled=True)
    reader = _Reader()
    for word in _SEPARATORS.split(text.strip().lower()):
        if word:
            reader.take(word)
    return reader.result()


class _Reader:
    """Takes one word after the other and remembers what they said."""

    def __init__(self) -> None:
        self.levels: dict[Scale, int] = {}
        self.capacity: Capacity | None = None
        self.named: Scale | None = None
        self.unnamed: list[int | None] = []
        self.puzzled = False

    def take(self, word: str) -> None:
        if word in set(Scale):
            self.puzzled |= self.named is not None
            self.named = Scale(word)
        elif word in set(Capacity):
            self.puzzled |= self.capacity is not None
            self.capacity = self.capacity or Capacity(word)
        elif _NUMBER.fullmatch(word):
            self._number(int(word) if word in {"1", "2", "3", "4", "5"} else None)
        elif word != "capacity":
            self.puzzled = True

    def _number(self, level: int | None) -> None:
        """Take a number; one that is no level keeps its place, so that the next do not slip."""
        self.puzzled |= level is None
        if self.named is None:
            self.unnamed.append(level)
            return
        self.puzzled |= self.named in self.levels
        if level is not None:
            self.levels.setdefault(self.named, level)
        self.named = None

    def result(self) -> Quick:
        # Which scale a number without a name means is clear only when none has a name.
        if self.unnamed and (self.levels or len(self.unnamed) > len(Scale)):
            self.puzzled = True
        else:
            for scale, level in zip(Scale, self.unnamed, strict=False):
                if level is not None:
                    self.levels[scale] = level
        self.puzzled |= self.named is not None
        return Quick(dict(self.levels), self.capacity, self.puzzled)
