"""docs/phrases.md, made from the phrase files: what a clinician reads before signing them off."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.concerns.assessment import Category
from bot.domain.concerns.forms import Element
from bot.domain.concerns.phrases import CONTEXTS, Construction, Phrases

_SHOWN = 5
"""So many words of a place are written out; the files have them all."""

CATEGORIES = {
    Category.SUICIDE_ACTIVE: "Somebody speaks of ending their own life",
    Category.SUICIDE_PASSIVE: "Somebody wishes to be dead or not to be here",
    Category.SELF_HARM: "Somebody hurts themselves, or wants to",
    Category.MEDICAL_EMERGENCY: "Somebody may need a doctor now",
    Category.VIOLENCE: "Somebody threatens others",
    Category.ABUSE: "Somebody is hurt, threatened, harassed or bullied",
    Category.IMPAIRMENT: "Somebody can no longer do what everyday life asks for",
    Category.LOW_MOOD: "Somebody has been low for long, or sees no hope",
    Category.SUBSTANCE: "Somebody drinks or uses drugs in a way that worries",
    Category.PSYCHOSIS: "Somebody may have lost touch with what is real",
    Category.BURNOUT: "Somebody is worn out by work",
    Category.CONCERN_FOR_ANOTHER: "Somebody is worried for another person",
    Category.POSTVENTION: "Somebody has lost a person by suicide",
}
URGENCIES = ("nothing is done", "an offer of help", "help now, and a question", "help at once")
ABOUT_CONTEXTS = {
    "own": "Somebody speaks of themselves.",
    "another": "Another person is meant: at most U2, as a concern for another.",
    "you": "The person who is spoken to is meant.",
    "thing": "A thing is meant: nobody is concerned.",
    "not": "A negation: what follows counts as an offer at most, unless it says otherwise.",
    "light": "What may stand between a negation and what it negates.",
    "no_negation": "Looks like a negation and is none.",
    "past": "It is past and over.",
    "recent": "It is not over: this outweighs words for the past.",
    "jest": "Laughter: lowers the urgency by one, never to nothing.",
    "figure_before": "What stands before a figure of speech.",
    "figure_after": "What stands after a figure of speech.",
    "work": "Talk of work, such as training or research.",
    "tells": "Somebody tells what another person said.",
    "denied": "Somebody denies what was said.",
    "took_back": "Somebody takes back what was said.",
    "example": "An example is given.",
    "in_general": "Something is said of people in general.",
    "of_oneself": "Somebody tells of their own work or life all the same.",
}
EFFECTS = {
    "negation": {"silences": "Silent if negated.", "ignored": "A negation changes nothing."},
    "past": {"silences": "Silent if it is past and over.", "ignored": "Counts also if past."},
    "jest": {"silences": "Silent in jest.", "ignored": "Laughter changes nothing."},
}
HEAD = """# Phrases: what Hearth listens for

Version {version}. {constructions} constructions with {forms} forms, {allowed} everyday phrases.

This page is made from the files in [bot/content/phrases](../bot/content/phrases); change those, and
run `UPDATE_GOLDEN=1 make test ARGS="-k phrases"`. Everything on it is a question of words: it says
nothing about a person.

## How to read it

A construction is one way of saying something. It has an urgency: **U1** {u1}, **U2** {u2},
**U3** {u3}. Two different weak signs in one message make U2. A wish to be dead beside words for
means, a time or a goodbye makes U3.

In a form, `[a / b / …]` is a place for one of several words, of which only the first few are shown;
`(a)` may be missing; `…3…` is a gap of up to three words of any kind; `⟨` is the beginning of a
sentence and `⟩` its end. Small and capital letters, apostrophes, commas and words that only add
weight ("really", "just") change nothing. Of {shown} or more words in a place the rest is in the
files, where each place has a name.
"""


def page(phrases: Phrases) -> str:
    """Return the whole page."""
    head = HEAD.format(
        version=phrases.version,
        constructions=len(phrases.constructions),
        forms=sum(len(each.forms) for each in phrases.constructions),
        allowed=len(phrases.allowed),
        u1=URGENCIES[1],
        u2=URGENCIES[2],
        u3=URGENCIES[3],
        shown=_SHOWN + 1,
    )
    return "\n".join([head, *_categories(phrases), *_around(phrases), *_allowed(phrases)]) + "\n"


def _categories(phrases: Phrases) -> Iterator[str]:
    for category in Category:
        entries = [each for each in phrases.constructions if each.category is category]
        entries.sort(key=lambda each: (-each.urgency, each.id))
        tiers = sorted({int(each.urgency) for each in entries}, reverse=True)
        yield f"## {category.value}: {CATEGORIES[category]}\n"
        yield f"Urgency: {', '.join(f'U{tier}, {URGENCIES[tier]}' for tier in tiers)}.\n"
        for each in entries:
            yield from _construction(each, phrases)


def _construction(each: Construction, phrases: Phrases) -> Iterator[str]:
    yield f"### {each.id} (U{int(each.urgency)})\n"
    yield f"{each.says} {each.why}" + (f" Source: {each.source}." if each.source else "")
    notes = [EFFECTS[name].get(getattr(each, name), "") for name in EFFECTS]
    notes += [f"A weak sign: {each.sign}."] if each.sign else []
    notes += ["Names means, a time or a goodbye."] if each.means else []
    if any(notes):
        yield "\n" + " ".join(filter(None, notes))
    yield "\nForms:\n"
    yield from (f"- {written(phrases.parsed[form])}" for form in each.forms)
    yield "\nFires: " + _quoted(each.fires)
    yield "\nDoes not: " + _quoted(each.silent) + "\n"


def _around(phrases: Phrases) -> Iterator[str]:
    yield "## What stands around it\n"
    for name in CONTEXTS:
        forms = ", ".join(written(phrases.parsed[form]) for form in phrases.contexts[name])
        yield f"**{name}**: {ABOUT_CONTEXTS[name]} {forms}\n"


def _allowed(phrases: Phrases) -> Iterator[str]:
    yield "## Everyday phrases\n"
    yield "Whole phrases of office and technical speech. They are taken out before all else.\n"
    for each in sorted(phrases.allowed, key=lambda one: one.id):
        source = f" Source: {each.source}." if each.source else ""
        yield f"### {each.id}\n\n{each.why}{source}\n"
        yield from (f"- {written(phrases.parsed[form])}" for form in each.forms)
        yield "\nSilent: " + _quoted(each.silent) + "\n" if each.silent else ""


def _quoted(examples: tuple[str, ...]) -> str:
    return "; ".join(f"“{_safe(each)}”" for each in examples)


def _safe(text: str) -> str:
    """Return a text in one line in which nothing is taken for Markdown."""
    one_line = " / ".join(text.split("\n"))
    return "".join(f"\\{each}" if each in "\\`*_<>[]|#" else each for each in one_line)


def written(elements: tuple[Element, ...]) -> str:
    """Return a form as a person can read it."""
    return " ".join(map(_place, elements))


def _place(element: Element) -> str:
    if element.edge:
        return "⟨" if element.edge == "^" else "⟩"
    if element.gap:
        return f"…{element.gap}…"
    words = list(dict.fromkeys(" ".join(map(_safe, phrase)) for phrase in element.phrases))
    more = [*words[:_SHOWN], "…"] if len(words) > _SHOWN else words
    shown = " / ".join(more)
    if element.optional:
        return f"({shown})"
    return f"\\[{shown}\\]" if len(more) > 1 else shown
