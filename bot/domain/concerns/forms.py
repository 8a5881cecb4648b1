"""The small language in which constructions are written, and what it becomes.

    i {want} to {die}         words, and classes of words in braces
    i|we {cannot} go on       one of several words; `_` joins words that belong together: no_longer
    i {am} so? {tired}        what a question mark follows may be missing
    i {want} ... to stop      up to three words of any kind in between; `...6` up to six
    ^ goodbye everyone $      at the beginning of a sentence, at its end
    give up on|$              a word, or the end of a sentence

Fillers ("really", "just") and commas may stand anywhere; nothing reaches over the end of a
sentence. `#` is any number in digits. A question mark after alternatives is about all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.concerns.words import END, PAUSE

_GAP = re.compile(r"\.\.\.(\d{0,2})")
_CLASS = re.compile(r"\{([a-z][a-z0-9 _|-]*)\}")
_WORD = re.compile(r"[a-z0-9']+|[:;][^\s|{}]+|#|[^\x00-\x7f]+")
_WORDS_OF_GAP = 3
_MOST_WORDS_OF_GAP = 12

Phrase = tuple[str, ...]
"""Words that stand next to each other."""


class FormError(ValueError):
    """A form that cannot be read; the message is a sentence for who wrote it."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a form: the phrases that may stand there, or a gap of so many words."""

    phrases: tuple[Phrase, ...] = ()
    optional: bool = False
    gap: int = 0
    edge: str = ""
    ends: bool = False
    """Whether the end of a sentence may stand here instead."""


def parse(
    form: str, classes: Mapping[str, Iterable[str]], known: dict[str, Element] | None = None
) -> tuple[Element, ...]:
    """Return the places of a form.

    Args:
        form: as it stands in a file.
        classes: the words of each class.
        known: places that were read already, by how they are written; new ones are added.

    Raises:
        FormError: it is empty, names no class that there is, or is a mere gap.
    """
    known = {} if known is None else known
    for part in _parts(form):
        if part not in known:
            known[part] = _element(part, form, classes)
    elements = tuple(known[part] for part in _parts(form))
    if not any(each.phrases and not each.optional for each in elements):
        raise FormError(f"The form “{form}” asks for no word.")
    return elements


def _parts(form: str) -> list[str]:
    return re.findall(r"\{[^}]*\}\??|\S+", form)


def _element(part: str, form: str, classes: Mapping[str, Iterable[str]]) -> Element:
    if part in ("^", "$"):
        return Element(edge=part)
    if gap := _GAP.fullmatch(part):
        words = int(gap[1] or _WORDS_OF_GAP)
        if words > _MOST_WORDS_OF_GAP:
            raise FormError(f"The gap in “{form}” is longer than {_MOST_WORDS_OF_GAP} words.")
        return Element(gap=words)
    bare = part.removesuffix("?")
    optional = bare != part
    if named := _CLASS.fullmatch(bare):
        return Element(_of_classes(named[1], form, classes), optional)
    choices = bare.split("|")
    phrases = tuple(_phrase(each, form) for each in choices if each != "$")
    return Element(phrases, optional, ends="$" in choices)


def _phrase(written: str, form: str) -> Phrase:
    pictured = written.startswith((":", ";"))
    words = (written,) if pictured else tuple(re.split(r"[ _-]", written))
    if not all(map(_WORD.fullmatch, words)):
        raise FormError(f"“{written}” in the form “{form}” means nothing.")
    return words


def _of_classes(names: str, form: str, classes: Mapping[str, Iterable[str]]) -> tuple[Phrase, ...]:
    phrases: list[Phrase] = []
    for name in names.split("|"):
        if name not in classes:
            raise FormError(f"The form “{form}” names the class {name}, which there is not.")
        phrases += [_phrase(each, form) for each in classes[name]]
    return tuple(phrases)


def pattern(
    elements: Iterable[Element],
    sign: Callable[[str], str],
    *,
    skipped: str = PAUSE,
    guarded: str = "",
) -> str:
    """Return the regular expression over signs for a form.

    Args:
        elements: what `parse` returned.
        sign: gives each word its sign.
        skipped: signs that may stand anywhere between the words of the form.
        guarded: signs that no gap reaches over.
    """
    between = f"[{skipped}]*" if skipped else ""
    made = ""
    for each in elements:
        if each.edge == "^":
            made += f"(?:^|(?<=[{END}{PAUSE}{skipped}]))"
        elif each.edge == "$":
            made += f"(?=[{END}{PAUSE}{skipped}]|$)"
        elif each.gap:
            made += f"(?:[^{END}{guarded}]{{0,{each.gap}}}?)"
        else:
            choice = _choice(each, sign, between)
            made += f"(?:{choice}|(?=[{END}{PAUSE}{skipped}]|$))" if each.ends else choice
    return made


def _choice(element: Element, sign: Callable[[str], str], between: str) -> str:
    single = "".join(sorted({sign(each[0]) for each in element.phrases if len(each) == 1}))
    longer = sorted({between.join(map(sign, each)) for each in element.phrases if len(each) > 1})
    choices = [f"[{single}]"] if single else []
    choices += longer[::-1]
    return f"(?:(?:{'|'.join(choices)}){between}){'?' if element.optional else ''}"
