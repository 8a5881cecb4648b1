"""Texts and lists that a clinician or a lead can read and change: data files, and their reader.

A file is read once, when it is first needed. A file that is broken names itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from bot.domain.checkins import HIGHEST, Capacity, NextStep, Scale
from bot.domain.people import ELSEWHERE, Safety
from bot.domain.programme import Item, Proof
from bot.domain.roles import GRANTED, Role
from bot.errors import CannotStart

HOME = (
    "intro",
    "before_you_begin",
    "asked_again",
    "no_trend",
    "nobody_leads",
    "left",
)
"""The texts of the Home tab."""


@cache
def scale_name(scale: Scale) -> str:
    """Return the scale's name, for instance "Mood"."""
    return _text("checkins", "scales", scale, "name")


def scale_label(scale: Scale) -> str:
    """Return the question that the scale asks."""
    return _text("checkins", "scales", scale, "label")


@cache
def level_word(scale: Scale, level: int) -> str:
    """Return the word of a level, 1 to 5."""
    words = _at("checkins", "scales", scale, "words")
    return str(words[level - 1])


def capacity_label() -> str:
    """Return the question about capacity."""
    return _text("checkins", "capacity", "label")


def capacity_name() -> str:
    """Return what capacity is called in a sentence."""
    return _text("checkins", "capacity", "name")


def capacity_word(capacity: Capacity) -> str:
    """Return what a capacity means."""
    return _text("checkins", "capacity", "words", capacity)


@cache
def next_step(step: NextStep) -> str:
    """Return the words of a next step."""
    return _text("checkins", "next_steps", step)


@cache
def consent_version() -> str:
    """Return the version of the consent text that holds today."""
    return _text("consent", "version")


def consent(part: str) -> str:
    """Return one part of the consent text that is a sentence, by its name in the file."""
    return _text("consent", part)


def consent_points(*, short: bool) -> list[tuple[str, str]]:
    """Return the titled points of the consent text, in their order; all words, or the short ones.

    What the form asks about itself has no short words.
    """
    which = "short" if short else "text"
    return [(each["title"], each[which]) for each in _at("consent", "points") if which in each]


def safety_level(level: Safety) -> str:
    """Return what a level of safety reading means, as a choice."""
    return _text("consent", "safety_levels", level)


def countries() -> Mapping[str, str]:
    """Return the countries that can be chosen, code to name, in the order to show them."""
    return read_file("countries")


def home(part: str) -> str:
    """Return one text of the Home tab."""
    return _text("home", part)


def help_now() -> str:
    """Return where to turn when things are hard right now."""
    return _text("help", "now")


def role(role: Role, part: str) -> str:
    """Return a role's words: name, is, lets or not."""
    return _text("roles", role, part)


def step(item: Item, part: str) -> str:
    """Return the words of one step of the set-up: title or why."""
    return _text("setup", "steps", item, part)


def proof(proof: Proof) -> str:
    """Return what has still to be shown before the programme goes live."""
    return _text("setup", "proofs", proof)


def check() -> None:
    """Read every text once, so that a broken file is found at start-up and not by a person.

    Raises:
        CannotStart: names the file and what is missing in it.
    """
    for scale in Scale:
        for part in ("name", "label"):
            _at("checkins", "scales", scale, part)
        if len(_at("checkins", "scales", scale, "words")) != HIGHEST:
            raise CannotStart(f"bot/content/checkins.yml needs {HIGHEST} words for {scale}.")
    for capacity in Capacity:
        capacity_word(capacity)
    for step in NextStep:
        next_step(step)
    _check_consent()
    if ELSEWHERE not in countries():
        raise CannotStart(f"bot/content/countries.yml needs {ELSEWHERE} for somewhere else.")
    for part in ("label", "name"):
        _at("checkins", "capacity", part)
    help_now()
    for part in HOME:
        home(part)
    _check_roles()
    _check_setup()
    from bot.content import guidelines, lines, rituals  # they read their files with what is here

    guidelines.check()
    lines.check()
    rituals.check()


def _check_roles() -> None:
    for given in GRANTED:
        for part in ("name", "is", "lets", "not"):
            role(given, part)


def _check_setup() -> None:
    for item in Item:
        for part in ("title", "why"):
            step(item, part)
    for each in Proof:
        proof(each)


def _check_consent() -> None:
    for part in ("version", "intro", "again", "points", "nobody_yet", "agree"):
        _at("consent", part)
    for part in ("country", "country_hint", "safety", "safety_hint"):
        _at("consent", part)
    for level in Safety:
        safety_level(level)


def _text(file: str, *path: str) -> str:
    return str(_at(file, *path))


def _at(file: str, *path: str) -> Any:
    found: Any = read_file(file)
    for step in path:
        try:
            found = found[step]
        except (KeyError, TypeError):
            place = ".".join(path)
            raise CannotStart(f"bot/content/{file}.yml has nothing at {place}.") from None
    return found


@cache
def read_file(name: str) -> Mapping[str, Any]:
    """Return what stands in one file, by its name without the ending.

    Raises:
        CannotStart: it cannot be read.
    """
    text = files(__name__).joinpath(f"{name}.yml").read_text(encoding="utf-8")
    try:
        # The safe loader: a content file holds values, never code.
        return dict(yaml.safe_load(text))
    except (yaml.YAMLError, TypeError, ValueError) as error:
        raise CannotStart(f"bot/content/{name}.yml cannot be read: {error}") from None
