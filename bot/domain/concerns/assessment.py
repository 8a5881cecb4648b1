"""What the detector says of one text: how urgently to answer it, about what, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Urgency(IntEnum):
    """How soon a message asks for an answer. It says nothing of the person who wrote it."""

    U0 = 0
    """Nothing is done."""
    U1 = 1
    """Help for oneself, the EAP or a peer is offered; nobody is told."""
    U2 = 2
    """Help now, and the question whether a moderator may get in touch today."""
    U3 = 3
    """Help first and at once; where the person chose so, the duty moderator is told."""


class Category(StrEnum):
    """What a message is about."""

    SUICIDE_ACTIVE = "suicide-active"
    SUICIDE_PASSIVE = "suicide-passive"
    SELF_HARM = "self-harm"
    MEDICAL_EMERGENCY = "medical-emergency"
    VIOLENCE = "violence"
    ABUSE = "abuse"
    IMPAIRMENT = "impairment"
    LOW_MOOD = "low-mood"
    SUBSTANCE = "substance"
    PSYCHOSIS = "psychosis"
    BURNOUT = "burnout"
    CONCERN_FOR_ANOTHER = "concern-for-another"
    POSTVENTION = "postvention"


class Softened(StrEnum):
    """Why a construction counts for less than by itself, or for another category."""

    NEGATED = "negated"
    PAST = "past and over"
    JEST = "in jest"
    FIGURE_OF_SPEECH = "a figure of speech"
    PROFESSIONAL = "talk of work"
    QUOTED = "quoted"
    ANOTHER_PERSON = "about another person"


@dataclass(frozen=True, slots=True)
class Reason:
    """One construction that was found, and where.

    `start` and `end` are positions in the text as it was given, so that text[start:end] is what
    was found.
    """

    construction: str
    category: Category
    urgency: Urgency
    start: int
    end: int
    softened: tuple[Softened, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """The urgency of a message with its categories and reasons, the gravest first."""

    urgency: Urgency = Urgency.U0
    categories: tuple[Category, ...] = ()
    reasons: tuple[Reason, ...] = ()


NOTHING = Assessment()
"""What nearly every message gets."""
