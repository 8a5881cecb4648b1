"""The phrases keep what their examples promise; broken ones are refused, with file and entry.

docs/phrases.md shows them; `UPDATE_GOLDEN=1 make test` writes it.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.concerns import Category, Urgency, assess, detector, load
from bot.domain.concerns.phrases import CONTEXTS, Construction, PhrasesError, read
from bot.domain.concerns.reading import own_words
from tests.unit.concerns.phrases_page import ABOUT_CONTEXTS, CATEGORIES, page

PAGE = Path(__file__).parents[3] / "docs" / "phrases.md"
DETECTOR = detector()
PHRASES = load()
CONSTRUCTIONS = [pytest.param(each, id=each.id) for each in PHRASES.constructions]

VALID: dict[str, Any] = {
    "words": {"version": "1", "contexts": {name: ["word"] for name in CONTEXTS}},
    "some": {
        "classes": {"ending": ["end", "stop"]},
        "constructions": [
            {
                "id": "one",
                "category": "self-harm",
                "urgency": "2",
                "forms": ["{ending} it"],
                "says": "Somebody speaks of an end.",
                "why": "An example.",
                "fires": ["end it"],
                "silent": ["it ends"],
            }
        ],
    },
}


@pytest.mark.parametrize("each", CONSTRUCTIONS)
def test_examples_fire_and_near_misses_do_not(each: Construction) -> None:
    for text in each.fires:
        assert (each.id, each.urgency) in _found(each, text), text
    for text in each.silent:
        assert each.id not in {name for name, _ in _found(each, text)}, text


def _found(each: Construction, text: str) -> set[tuple[str, Urgency]]:
    """Return what is found in a text; a hint is no reason by itself, so it is sought before."""
    if each.urgency:
        return {(one.construction, one.urgency) for one in assess(text).reasons}
    signs = DETECTOR._without_allowed(DETECTOR._vocabulary.row(own_words(text.lower())).signs)
    numbers = {one.construction for one in DETECTOR._find(signs)}
    return {(PHRASES.constructions[number].id, Urgency.U0) for number in numbers}


@pytest.mark.parametrize("each", CONSTRUCTIONS)
def test_hints_alone_alarm_nobody(each: Construction) -> None:
    if not each.urgency:
        for text in each.fires:
            assert each.id not in {one.construction for one in assess(text).reasons}, text


@pytest.mark.parametrize("each", CONSTRUCTIONS)
def test_each_tells_what_it_says_and_why_with_examples(each: Construction) -> None:
    assert each.says
    assert each.why
    assert len(each.fires) >= 3
    assert len(each.silent) >= 2


def test_every_category_has_constructions() -> None:
    assert {each.category for each in PHRASES.constructions} == set(Category)
    assert set(CATEGORIES) == set(Category)
    assert set(ABOUT_CONTEXTS) == set(CONTEXTS)


def test_the_page_shows_the_phrases() -> None:
    made = page(PHRASES)
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made


def test_what_is_whole_is_read() -> None:
    assert read(copy.deepcopy(VALID)).constructions[0].forms == ("{ending} it",)


def _entry(found: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = found["some"]["constructions"][0]
    return entry


def _without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda found: _entry(found).pop(name)


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    **{
        f"without {name}": (_without(name), "some")
        for name in ("id", "category", "urgency", "forms", "says", "why")
    },
    "an unknown class": (lambda found: _entry(found).update(forms=["{no}"]), "some, one"),
    "a mere gap": (lambda found: _entry(found).update(forms=["..."]), "some, one"),
    "a mere choice": (lambda found: _entry(found).update(forms=["end?"]), "some, one"),
    "too long a gap": (lambda found: _entry(found).update(forms=["end ...99 it"]), "some, one"),
    "an unknown category": (lambda found: _entry(found).update(category="joy"), "some, one"),
    "an unknown urgency": (lambda found: _entry(found).update(urgency="7"), "some, one"),
    "a strange field": (lambda found: _entry(found).update(colour="red"), "some, one"),
    "a strange list": (lambda found: found["some"].update(colours=["red"]), "some"),
    "an unknown person": (lambda found: _entry(found).update(person="it"), "some, one"),
    "an unknown effect": (lambda found: _entry(found).update(negation="doubles"), "some, one"),
    "a grave sign": (lambda found: _entry(found).update(sign="burden"), "some, one"),
    "forms as a text": (lambda found: _entry(found).update(forms="end it"), "some, one"),
    "an id that stands there twice": (
        lambda found: found["some"]["constructions"].append(dict(_entry(found))),
        "some, one",
    ),
    "a class that stands there twice": (
        lambda found: found.update(more={"classes": {"ending": ["halt"]}}),
        "more: the class ending",
    ),
    "a class of nothing": (lambda found: found["some"]["classes"].update(ending=[]), "some"),
    "a short form with two meanings": (
        lambda found: (
            found["some"].update(expansions={"im": "i am"}),
            found["words"].update(expansions={"im": "instant message"}),
        ),
        "im",
    ),
    "an unknown context": (lambda found: found["words"]["contexts"].update(mood=["x"]), "words"),
    "a missing context": (lambda found: found["words"]["contexts"].pop("not"), "not"),
    "no version": (lambda found: found["words"].pop("version"), "words"),
    "no entry": (lambda found: found["some"].update(constructions=["one"]), "some"),
    "no mapping": (lambda found: found.update(some=["one"]), "some"),
    "an empty file": (lambda found: found.update(some=None), "some"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_refused_by_file_and_entry(what: str) -> None:
    breaks, named = BROKEN[what]
    found = copy.deepcopy(VALID)
    breaks(found)
    with pytest.raises(PhrasesError) as refused:
        read(found)
    assert named in str(refused.value)


def test_yaml_that_is_none_is_refused_by_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise yaml.YAMLError("no such thing")

    monkeypatch.setattr(yaml, "load", broken)
    with pytest.raises(PhrasesError, match=r"^[a-z_]+: no such thing"):
        load()
