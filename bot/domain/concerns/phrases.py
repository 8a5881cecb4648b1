"""The phrases: what a clinician can read and change, and what is wrong with it if something is.

They lie as data beside the other content, in bot/content/phrases; docs/phrases.md and the docstring
of `forms` tell how they are written. Files are touched here and in `language` only, and read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import yaml

from bot.domain.concerns.assessment import Category, Urgency
from bot.domain.concerns.forms import Element, FormError, parse

# Words only: to every other reader of YAML "no", "on" and "off" are not words.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
CONTEXTS = (
    "own",
    "another",
    "you",
    "thing",
    "not",
    "light",
    "no_negation",
    "past",
    "recent",
    "jest",
    "figure_before",
    "figure_after",
    "work",
    "tells",
    "denied",
    "took_back",
    "example",
    "of_oneself",
    "in_general",
)
PERSONS = ("said", "self", "mention")
_KEPT = {
    "version",
    "expansions",
    "fillers",
    "often",
    "often together",
    "watched",
    "guarded",
    "misspellings",
    "classes",
    "contexts",
    "constructions",
    "allowed",
}
_ACTIONS = ("softens", "silences", "ignored")


class PhrasesError(ValueError):
    """The phrases contradict themselves; the message names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Construction:
    """One way of saying something that concerns us.

    Attributes:
        forms: the ways of writing it, in the language of `forms`.
        sign: what a weak construction is a sign of, or a hint, which is one of urgency 0; what
            several of different kinds amount to is told in `judging`.
        person: "said" where the forms say who acts; "self" where the words before have to tell, and
            silence means oneself; "mention" where it is a thing, as in "suicidal thoughts".
        negation: what a negation before it does: softens to U1, silences, or is ignored.
        past: what it does if it is past and over.
        jest: what laughter beside it does: softens by one, or is ignored.
        means: whether it names means, a time or a goodbye: with a wish to be dead that is U3.
    """

    id: str
    category: Category
    urgency: Urgency
    forms: tuple[str, ...]
    says: str
    why: str
    sign: str = ""
    person: str = "said"
    negation: str = "softens"
    past: str = "softens"
    jest: str = "softens"
    means: bool = False
    source: str = ""
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Allowed:
    """A whole construction of everyday or technical speech: its words concern nobody."""

    id: str
    forms: tuple[str, ...]
    why: str
    source: str = ""
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything that the detector knows."""

    version: str
    expansions: Mapping[str, str]
    fillers: frozenset[str]
    often: Mapping[str, int]
    watched: frozenset[str]
    guarded: frozenset[str]
    meant: Mapping[str, str]
    classes: Mapping[str, tuple[str, ...]]
    contexts: Mapping[str, tuple[str, ...]]
    constructions: tuple[Construction, ...]
    allowed: tuple[Allowed, ...]
    parsed: Mapping[str, tuple[Element, ...]] = field(default_factory=dict)


class _Parsed(dict[str, tuple[Element, ...]]):
    """The places of each form; many forms share the same ones."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Element] = {}


def load() -> Phrases:
    """Return the phrases as they lie in the files.

    Raises:
        PhrasesError: something in them means nothing or stands there twice.
    """
    found: dict[str, Any] = {}
    for each in sorted((files("bot") / "content" / "phrases").iterdir(), key=lambda e: e.name):
        if each.name.endswith(".yml"):
            name = each.name.removesuffix(".yml")
            try:
                found[name] = yaml.load(each.read_bytes(), Loader=_LOADER)  # noqa: S506
            except yaml.YAMLError as wrong:
                raise PhrasesError(f"{name}: {wrong}") from wrong
    return read(found)


def read(found: Mapping[str, Any]) -> Phrases:
    """Return the phrases in files that were parsed, by their names without ending.

    Raises:
        PhrasesError: something in them means nothing or stands there twice.
    """
    _check(found)
    classes = _classes(found)
    parsed = _Parsed()
    owners: dict[str, str] = {}
    constructions: list[Construction] = []
    allowed: list[Allowed] = []
    for file, content in found.items():
        for entry in content.get("constructions", ()):
            constructions.append(_construction(file, entry))
            _take(file, constructions[-1], owners, parsed, classes)
        for entry in content.get("allowed", ()):
            allowed.append(Allowed(**_fields(file, entry, Allowed)))
            _take(file, allowed[-1], owners, parsed, classes)
    return Phrases(
        version=found["words"]["version"],
        expansions=_named(found, "expansions"),
        fillers=frozenset(_listed(found, "fillers")),
        often=_often(found),
        watched=frozenset(_listed(found, "watched")),
        guarded=frozenset(_listed(found, "guarded")),
        meant=_named(found, "misspellings"),
        classes=classes,
        contexts=_contexts(found, parsed, classes),
        constructions=tuple(constructions),
        allowed=tuple(allowed),
        parsed=dict(parsed),
    )


def _check(found: Mapping[str, Any]) -> None:
    for file, content in found.items():
        if not isinstance(content, Mapping):
            raise PhrasesError(f"{file}: it is no list of names with what belongs to each.")
        if strange := set(content) - _KEPT:
            raise PhrasesError(f"{file}: {sorted(strange)[0]} means nothing.")
    if not found.get("words", {}).get("version"):
        raise PhrasesError("words: the version is missing.")


def _often(found: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    return {
        word: int(times)
        for content in found.values()
        for what in ("often", "often together")
        for times, words in content.get(what, {}).items()
        for word in words
    }


def _listed(found: Mapping[str, Mapping[str, Any]], what: str) -> list[str]:
    return [word for content in found.values() for word in content.get(what, ())]


def _named(found: Mapping[str, Mapping[str, Any]], what: str) -> dict[str, str]:
    named: dict[str, str] = {}
    for file, content in found.items():
        for name, meant in content.get(what, {}).items():
            if named.setdefault(name, meant) != meant:
                raise PhrasesError(
                    f"{file}: {name} in {what} stands elsewhere with another meaning."
                )
    return named


def _classes(found: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    classes: dict[str, tuple[str, ...]] = {}
    for file, content in found.items():
        for name, words in content.get("classes", {}).items():
            if name in classes:
                raise PhrasesError(f"{file}: the class {name} stands there for the second time.")
            if not words or not all(isinstance(each, str) for each in words):
                raise PhrasesError(f"{file}: the class {name} is no list of words.")
            classes[name] = tuple(words)
    return classes


def _construction(file: str, entry: Mapping[str, Any]) -> Construction:
    fields = _fields(file, entry, Construction)
    try:
        made = Construction(
            **fields | {"category": Category(entry["category"])},
            urgency=Urgency(int(entry["urgency"])),
            means=entry.get("means") == "yes",
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise PhrasesError(f"{file}, {entry['id']}: {wrong}") from wrong
    if made.person not in PERSONS or {made.negation, made.past, made.jest} - {*_ACTIONS}:
        raise PhrasesError(f"{file}, {made.id}: person, negation, past or jest is unknown.")
    if made.urgency > Urgency.U1 if made.sign else not made.urgency:
        raise PhrasesError(f"{file}, {made.id}: a sign has the urgency 1, a hint 0 and a sign.")
    return made


def _take(
    file: str,
    entry: Construction | Allowed,
    owners: dict[str, str],
    parsed: _Parsed,
    classes: Mapping[str, tuple[str, ...]],
) -> None:
    """Keep the forms of an entry in `parsed`, and its file in `owners`."""
    if entry.id in owners:
        raise PhrasesError(f"{file}, {entry.id}: this id stands in {owners[entry.id]} already.")
    owners[entry.id] = file
    _parse(f"{file}, {entry.id}", entry.forms, parsed, classes)


def _parse(
    owner: str,
    forms: Iterable[str],
    parsed: _Parsed,
    classes: Mapping[str, tuple[str, ...]],
) -> None:
    for form in forms:
        try:
            parsed[form] = parse(form, classes, parsed.places)
        except FormError as wrong:
            raise PhrasesError(f"{owner}: {wrong}") from wrong


def _contexts(
    found: Mapping[str, Any],
    parsed: _Parsed,
    classes: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[str, ...]]:
    contexts: dict[str, tuple[str, ...]] = {}
    for file, content in found.items():
        for name, forms in content.get("contexts", {}).items():
            if name not in CONTEXTS:
                raise PhrasesError(f"{file}: the context {name} means nothing.")
            contexts[name] = (*contexts.get(name, ()), *forms)
            _parse(f"{file}, {name}", forms, parsed, classes)
    if missing := set(CONTEXTS) - set(contexts):
        raise PhrasesError(f"The context {sorted(missing)[0]} is missing.")
    return contexts


def _fields(file: str, entry: Mapping[str, Any], of: type[Any]) -> dict[str, Any]:
    known = set(of.__slots__)
    if not isinstance(entry, Mapping) or not entry.get("id"):
        raise PhrasesError(f"{file}: an entry has no id.")
    if strange := set(entry) - known:
        raise PhrasesError(f"{file}, {entry['id']}: {sorted(strange)[0]} means nothing.")
    if not entry.get("forms") or not entry.get("why"):
        raise PhrasesError(f"{file}, {entry['id']}: it needs forms and a why.")
    lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
    return {
        name: value for name, value in entry.items() if name not in ("urgency", "means")
    } | lists
