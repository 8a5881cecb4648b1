"""What a message asks for, by its words: the detector of concerns.

    assessment = assess("i cant do this anymore")
    assessment.urgency, assessment.categories, assessment.reasons

It reads English. Whether a text is in a language that it can read at all is told by
`bot.domain.concerns.language`. It decides nothing about a person; see docs/safeguarding.md.
"""

from __future__ import annotations

from functools import cache

from bot.domain.concerns.assessment import NOTHING, Assessment, Category, Reason, Softened, Urgency
from bot.domain.concerns.detector import Detector
from bot.domain.concerns.phrases import Phrases, load

__all__ = [
    "NOTHING",
    "Assessment",
    "Category",
    "Detector",
    "Phrases",
    "Reason",
    "Softened",
    "Urgency",
    "assess",
    "detector",
    "load",
]


def assess(text: str) -> Assessment:
    """Return how urgently a message asks for an answer, about what, and why.

    The same text always gets the same answer. The time is bounded: of a text of more than 40,000
    characters the first 40,000 are read. Nothing is kept of any text.

    Args:
        text: as its writer wrote it, or as Slack delivers it.
    """
    return detector().assess(text)


@cache
def detector() -> Detector:
    """Return the detector with the phrases that come with Hearth; built once, when first needed.

    Raises:
        PhrasesError: the phrases contradict themselves.
    """
    return Detector(load())
