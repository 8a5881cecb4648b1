"""The small language of forms, and that every form in the files can be met by some text."""

from __future__ import annotations

import re

import pytest

from bot.domain.concerns import detector, load
from bot.domain.concerns.forms import Element, FormError, parse

CLASSES = {"want": ["want", "would love"], "die": ["die", "be dead"]}
DETECTOR = detector()
PHRASES = load()
UNMET: dict[str, str] = {}
"""Forms that nothing can meet, each with the reason why it stands in the files all the same."""


def example(elements: tuple[Element, ...]) -> str:
    """Return a text that has a form: words of each place that can be read, nothing in its gaps."""
    places = [each for each in elements if (each.phrases and not each.optional) or each.edge == "$"]
    return " ".join("," if each.edge else _readable(each) for each in places).rstrip(" ,")


def _readable(place: Element) -> str:
    texts = [" ".join(each) for each in place.phrases]
    for text, phrase in zip(texts, place.phrases, strict=True):
        signs = "".join(DETECTOR._signs[word] for word in phrase)
        if DETECTOR._vocabulary.row(text).signs == signs:
            return text
    return texts[0]


def test_words_classes_choices_gaps_and_edges_are_read() -> None:
    elements = parse("^ i {want} to|no_longer ...6 so? {want|die} $", CLASSES)
    assert [each.edge for each in elements] == ["^", "", "", "", "", "", "", "$"]
    assert elements[2].phrases == (("want",), ("would", "love"))
    assert elements[3].phrases == (("to",), ("no", "longer"))
    assert elements[4].gap == 6
    assert elements[5].optional
    assert ("be", "dead") in elements[6].phrases


@pytest.mark.parametrize(
    "form", ["", "...", "so?", "i {hope} so", "i ...99 so", "^ $", "i want}", "{want}?"]
)
def test_what_means_nothing_is_refused(form: str) -> None:
    with pytest.raises(FormError):
        parse(form, CLASSES)


def unmet() -> list[str]:
    """Return the forms that their own words do not meet."""
    found = []
    for construction in PHRASES.constructions:
        for form in construction.forms:
            row = DETECTOR._vocabulary.row(example(PHRASES.parsed[form]))
            if not re.search(DETECTOR._pattern(PHRASES.parsed[form]), row.signs):
                found.append(f"{construction.id}: {form}")
    return found


def test_every_form_can_be_met() -> None:
    assert set(unmet()) == set(UNMET)
