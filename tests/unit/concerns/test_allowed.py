"""Allowed phrases silence idioms, and never what a person says of ending their own life."""

from __future__ import annotations

import re

import pytest

from bot.domain.concerns import Urgency, assess, detector, load
from bot.domain.concerns.phrases import Allowed
from bot.domain.concerns.reading import own_words

_PHRASES = load()
_EXAMPLES = [(each.id, text) for each in _PHRASES.allowed for text in each.silent]
_LETHAL_WORDS = frozenset(
    {"kill", "kills", "killed", "killing", "hang", "hanged", "hanging", "shoot", "shot", "shooting"}
    | {
        "drown",
        "drowned",
        "drowning",
        "stab",
        "overdose",
        "unalive",
        "end",
        "ended",
        "ending",
        "die",
    }
    | {"dead", "dying"}
)
_OF_ONE_FOOT = frozenset({"foot", "feet"})
"""Who shoots themselves in the foot is in no danger; the only idiom in which a lethal word may have
oneself for its object."""

_ACTIVE = (
    "i am going to kill myself",
    "i want to kill myself",
    "im thinking about killing myself",
    "i want to end my life",
    "i have been planning to end my life",
    "im going to hang myself",
    "i want to shoot myself",
    "i am suicidal",
    "i wrote my suicide note",
    "i took all my pills to end it",
    "i tried to kill myself last night",
    "tonight i am going to take my own life",
    "i might overdose on my pills tonight",
    "i want to die and i have a plan",
    "i bought a rope to hang myself",
    "i cant stop thinking about suicide",
    "gonna kms tonight",
    "im about to jump off a bridge and die",
)
_NEAR_AN_IDIOM = (
    "im going to kill myself in the morning",
    "i want to kill myself on the weekend",
    "i want to kill myself as soon as i get home",
    "on friday im going to off myself",
    "id kill myself if i had the nerve",
    "i am going to kill myself if they fire me",
    "i lost the will to live",
    "i want to end it with a rope",
    "i want to jump off a bridge",
    "im going to jump in front of a train",
    "i wish i was dead, tired of everything",
    "i wish i was dead, end of story",
    "i dont want to live in this world anymore",
    "i want to sleep forever and never wake up",
    "i overdosed last night",
    "i cut myself again last night",
    "my husband says he will kill me if i leave",
    "i will kill my boss tomorrow i have a gun",
)
"""What begins or ends like an idiom and is none."""

_PASSIVE = (
    "i want to die",
    "i wish i was dead",
    "i dont want to live anymore",
    "i wish i would not wake up",
    "everyone would be better off without me",
    "i dont want to be alive anymore",
    "i just want to disappear forever",
    "i have no reason to live",
    "id rather be dead",
)
_HEADS = (
    "i am going to kill myself",
    "id kill myself",
    "i will hang myself",
    "i might shoot myself",
    "im going to off myself",
    "i want to end my life",
    "i will take my own life",
)
_TAILS = (
    *("in the morning", "on friday", "at work", "at home tonight", "over the weekend", "up there"),
    *("if they fire me", "if she leaves", "if i could", "when he is gone", "because of this job"),
    *(
        "for my family",
        "with that rope",
        "from the roof",
        "in my car",
        "as soon as i can",
        "out back",
    ),
    *("off a bridge", "to end this pain", "and then it is over", "like he did", "one day"),
)
_LAUGHTER = re.compile("|".join(_PHRASES.classes["laughter"][:21]) + "|[😂🤣💀]")


@pytest.mark.parametrize(("name", "text"), _EXAMPLES)
def test_an_idiom_alarms_nobody(name: str, text: str) -> None:
    assert assess(text).urgency is Urgency.U0, (name, assess(text).reasons)


@pytest.mark.parametrize("allowed", _PHRASES.allowed, ids=lambda each: each.id)
def test_every_idiom_is_found_in_each_of_its_examples(allowed: Allowed) -> None:
    assert allowed.silent
    for text in allowed.silent:
        assert any(_stands_in(form, text) for form in allowed.forms), text


@pytest.mark.parametrize("lethal", [*_ACTIVE, *_NEAR_AN_IDIOM, *_PASSIVE])
def test_a_lethal_statement_alone_is_heard(lethal: str) -> None:
    assert assess(lethal).urgency >= Urgency.U2


@pytest.mark.parametrize(("name", "text"), _EXAMPLES)
def test_no_idiom_silences_a_lethal_statement(name: str, text: str) -> None:
    # Laughter makes less of a passive wish, by the rules and not by an idiom.
    heard = _ACTIVE if _LAUGHTER.search(text) else (*_ACTIVE, *_PASSIVE)
    missed = [
        whole
        for lethal in heard
        for whole in (f"{text}. {lethal}", f"{lethal}. {text}", f"{lethal}\n{text}")
        if assess(whole).urgency < Urgency.U2
    ]
    assert not missed, name


@pytest.mark.parametrize(("name", "text"), _EXAMPLES)
def test_no_idiom_silences_a_lethal_statement_in_the_same_breath(name: str, text: str) -> None:
    missed = [
        whole
        for lethal in _ACTIVE
        for whole in (f"{text} and {lethal}", f"{text}, {lethal}", f"{lethal}, {text}")
        if assess(whole).urgency is Urgency.U0
    ]
    assert not missed, name


@pytest.mark.parametrize("tail", _TAILS)
@pytest.mark.parametrize("head", _HEADS)
def test_nothing_that_follows_silences_a_lethal_statement(head: str, tail: str) -> None:
    assert assess(f"{head} {tail}").urgency > Urgency.U0


@pytest.mark.parametrize("allowed", _PHRASES.allowed, ids=lambda each: each.id)
def test_no_idiom_has_oneself_or_ones_life_for_its_object(allowed: Allowed) -> None:
    for form in allowed.forms:
        words = _words(form)
        if "myself" in words and not words & _OF_ONE_FOOT:
            assert not words & _LETHAL_WORDS, form
        if words & (_LETHAL_WORDS | {"take", "took", "taking"}):
            assert not {"my", "life"} <= words, form


@pytest.mark.parametrize("allowed", _PHRASES.allowed, ids=lambda each: each.id)
def test_every_place_of_an_idiom_has_words_that_are_read(allowed: Allowed) -> None:
    unread = (_PHRASES.fillers - detector()._signs.keys()) | set(_PHRASES.expansions)
    for form in allowed.forms:
        for place in _PHRASES.parsed[form]:
            if place.phrases and not place.optional:
                assert any(unread.isdisjoint(phrase) for phrase in place.phrases), form


def _words(form: str) -> set[str]:
    return {word for each in _PHRASES.parsed[form] for phrase in each.phrases for word in phrase}


def _stands_in(form: str, text: str) -> bool:
    used = detector()
    row = used._vocabulary.row(own_words(text.lower()))
    return re.search(used._pattern(_PHRASES.parsed[form]), row.signs) is not None
