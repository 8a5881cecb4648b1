"""The same words weigh differently by who says them, when, and in what manner."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pytest
import yaml

from bot.domain.concerns.assessment import Assessment, Category, Softened
from bot.domain.concerns.detector import Detector
from bot.domain.concerns.phrases import read


def _construction(
    name: str, category: str, urgency: int, *forms: str, **more: str
) -> dict[str, Any]:
    return {
        "id": name,
        "category": category,
        "urgency": str(urgency),
        "forms": list(forms),
        "says": "Something.",
        "why": "For some reason.",
        **more,
    }


CONSTRUCTIONS = [
    _construction("kill", "suicide-active", 3, "kill|killing|killed myself", "end|ending my life"),
    _construction("suicidal", "suicide-active", 3, "i am|was|have ... suicidal"),
    _construction("die", "suicide-passive", 2, "{want} to? {die}", person="self"),
    _construction("live", "suicide-passive", 2, "do not want to live", negation="ignored"),
    _construction("thoughts", "suicide-active", 2, "suicidal thoughts", person="mention"),
    _construction("hopeless", "low-mood", 1, "i feel hopeless", sign="hopeless"),
    _construction("worthless", "low-mood", 1, "i feel worthless", sign="worthless"),
    _construction("pills", "suicide-active", 1, "i have pills", means="yes"),
    _construction("out", "concern-for-another", 2, "say|says they want out"),
    _construction("kys", "abuse", 2, "kill yourself"),
]


@cache
def detector() -> Detector:
    """A detector with the contexts and words of Hearth and a handful of constructions."""
    folder = files("bot") / "content" / "phrases"
    found: dict[str, Any] = {
        name: yaml.load((folder / f"{name}.yml").read_bytes(), Loader=yaml.BaseLoader)  # noqa: S506
        for name in ("words", "contexts")
    }
    found["few"] = {"constructions": CONSTRUCTIONS}
    return Detector(read(found))


def assess(text: str) -> Assessment:
    return detector().assess(text)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("i would never kill myself", 1),
        ("i am not going to kill myself", 1),
        ("i have not thought about killing myself", 1),
        ("no plans to harm or kill myself", 1),
        ("i am not suicidal", 1),
        ("i have never been suicidal", 1),
        ("no i am not suicidal", 1),
        ("i no longer want to die", 1),
        ("it is not that i want to die", 1),
        ("i dont want to die. the lump is nothing but i dont want to die", 1),
        ("did i think of killing myself and i said no", 1),
    ],
)
def test_what_is_denied_is_an_offer(text: str, urgency: int) -> None:
    assert assess(text).urgency == urgency


@pytest.mark.parametrize(
    "text",
    [
        "why dont i just kill myself",
        "i dont know why i want to kill myself",
        "i cant stop thinking about killing myself",
        "no one can stop me from killing myself",
        "not a day goes by that i dont think about killing myself",
        "never been so sure that i want to kill myself",
        "no im not ok no i dont want a call i want to kill myself",
        "im not not thinking about killing myself",
        "i told them im not suicidal. i lied",
        "dont tell anybody but im going to kill myself",
        "i cant say im not suicidal",
    ],
)
def test_a_negation_that_denies_nothing_lowers_nothing(text: str) -> None:
    assert assess(text).urgency == 3


def test_a_construction_that_holds_its_negation_is_not_denied_by_it() -> None:
    assert assess("i dont want to live").urgency == 2


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("i was suicidal ten years ago", 1),
        ("i was suicidal back at uni, im fine now", 1),
        ("i used to think about killing myself", 1),
        ("i was suicidal at nineteen", 1),
        ("i used to think about killing myself and now i do again", 3),
        ("i was suicidal ten years ago and still am", 3),
        ("ten years ago i moved here. i want to kill myself", 3),
        ("i was suicidal last night", 3),
    ],
)
def test_what_is_over_is_an_offer_unless_it_came_back(text: str, urgency: int) -> None:
    assert assess(text).urgency == urgency


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("i want to kill myself lol", 2),
        ("haha anyway gonna kill myself 😂", 2),
        ("i want to die lol", 1),
        ("i want to kill myself. lol", 2),
        ("i want to kill myself. hahahaha", 2),
        ("i want to kill myself (in minecraft)", 2),
        ("i want to kill myself. in minecraft of course haha", 2),
        ("i want to kill myself. lol the printer is out of paper", 3),
        ("lol nice one. i want to kill myself", 3),
        ("i want to kill myself 😭", 3),
    ],
)
def test_laughter_lowers_by_one_what_it_stands_beside(text: str, urgency: int) -> None:
    assert assess(text).urgency == urgency


@pytest.mark.parametrize(
    "text",
    [
        "if i have to sit through one more jira grooming ill kill myself",
        "this build makes me want to die",
        "i would rather kill myself than migrate another sharepoint site",
        "i want to die because of this bug",
        "id kill myself if i had to use that expenses portal",
        "i could kill myself, the answer was in the readme",
    ],
)
def test_a_trifle_as_the_cause_leaves_an_offer_and_never_nothing(text: str) -> None:
    assert assess(text).urgency == 1
    assert Softened.FIGURE_OF_SPEECH in assess(text).reasons[0].softened


@pytest.mark.parametrize(
    "text",
    [
        "i am thinking about killing myself, even during standup",
        "if things are the same in january i am going to kill myself",
        "if he comes back i will kill myself",
        "i will kill myself if i have to go back to him",
        "if i have to live like this one more day i will kill myself",
    ],
)
def test_a_cause_that_is_none_lowers_nothing(text: str) -> None:
    assert assess(text).urgency == 3


@pytest.mark.parametrize(
    ("text", "urgency", "category"),
    [
        ("two users in my team say they want out", 2, Category.CONCERN_FOR_ANOTHER),
        ("he told me he wants to die", 2, Category.CONCERN_FOR_ANOTHER),
        ("my brother says he wants to die", 2, Category.CONCERN_FOR_ANOTHER),
        ('she said "i want to kill myself"', 2, Category.CONCERN_FOR_ANOTHER),
        ('"i want to kill myself" is what lena said to me', 2, Category.CONCERN_FOR_ANOTHER),
        ('i told her "i am going to kill myself"', 3, Category.SUICIDE_ACTIVE),
        ("i told my wife i want to die", 2, Category.SUICIDE_PASSIVE),
        ('he said "do us a favour and kill yourself"', 2, Category.ABUSE),
    ],
)
def test_what_another_person_says_is_a_concern_for_them(
    text: str, urgency: int, category: Category
) -> None:
    found = assess(text)
    assert (found.urgency, found.categories[0]) == (urgency, category)


@pytest.mark.parametrize(
    "text",
    [
        "the server is about to die",
        "this process wants to die",
        'what to do if someone says "i want to kill myself"',
        'slide four: "i want to kill myself" and a pause',
        'the sample "i want to kill myself" needs a label',
        "we rewrite the macro for users who say they want out of it",
        "my thesis chapter on suicidal thoughts came back",
        "we trained the new volunteers on suicidal thoughts",
        "> i want to kill myself",
    ],
)
def test_things_examples_quotes_and_talk_of_work_are_silent(text: str) -> None:
    assert assess(text).urgency == 0


def test_a_professional_who_speaks_of_themselves_counts_in_full() -> None:
    assert assess("i lead the prevention workshop and my suicidal thoughts are here").urgency == 2
    assert assess("after the training i want to die").urgency == 2


def test_two_different_weak_signs_weigh_more_than_one() -> None:
    assert assess("i feel hopeless. i feel hopeless").urgency == 1
    assert assess("i feel hopeless. i feel worthless").urgency == 2


def test_a_wish_to_die_with_means_to_hand_is_the_gravest() -> None:
    assert assess("i have pills").urgency == 1
    assert assess("i want to die. i have pills").urgency == 3
    assert assess("i dont want to die. i have pills").urgency == 1
