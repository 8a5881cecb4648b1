"""What somebody typed, without what cannot be seen or sent, and what would turn its neighbours."""

from __future__ import annotations

from unicodedata import category

_TURNS = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""They turn the direction of all that follows, also of a number that stands beside it."""


def one_line(text: str) -> str:
    """Return a text as one line that can be shown beside other words; empty if none can be seen."""
    return " ".join(_kept(text).split()) if _can_be_seen(text) else ""


def lines(text: str) -> str:
    """Return a text of any number of lines that can be shown; empty if none can be seen."""
    kept = "\n".join(_kept(line) for line in text.splitlines())
    return kept.strip() if _can_be_seen(text) else ""


def _kept(text: str) -> str:
    # Half a character breaks whatever it is sent in; a control character is at best a space.
    spaced = "".join(" " if category(each) == "Cc" else each for each in text)
    return "".join(each for each in spaced if each not in _TURNS and category(each) != "Cs")


def _can_be_seen(text: str) -> bool:
    return any(category(each)[0] in "LNPS" for each in text)
