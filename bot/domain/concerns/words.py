"""A text as a row of words, each with its place, and as a row of signs that patterns can read.

Every word that a construction knows has a sign, a character of its own; all others share one. So
a construction is a short regular expression over signs, whatever stands between the words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.concerns.spelling import Spelling

END = "."
"""The sign for the end of a sentence."""

PAUSE = ","
QUOTE = '"'
NUMBER = "#"
"""The word by which a form names any number in digits."""

UNKNOWN = "x"
FIRST_SIGN = 0x4E00
"""Signs are taken from here on: letters to `re`, so that nothing needs escaping."""

_WORD = re.compile(
    r":[a-z][a-z0-9_+-]{1,40}:|[:;]-?[()pd/](?!\w)"
    r"|[^\W_]+(?:['*@$!|+#_]+[^\W_]+)*(?:'(?=\W|$))?"
    r"|[.!?;:\n]+|[,()\[\]{}/]|\"|[^\w\s]"
)
_LETTERS = re.compile(r"(?<![^\W_])[a-z](?:[ .\-_*]{1,3}[a-z]){2,}(?![^\W_])")
_LEAST_APART = 4
FIRST = frozenset({"i", "im", "iam", "ive", "ima", "imma"})
GLUED = FIRST.union(
    {"my", "me", "myself", "am", "is", "be", "was", "been", "to", "so", "and", "of", "out", "not"},
    {"dont", "cant", "want", "wanna", "gonna", "feel", "feeling", "just", "if", "when", "that"},
    {"wish"},
)
"""What people write together with the next word: "todie", "amso", "killmyself"."""
_PUNCTUATED = re.compile(r"[!|+#]+")
_BETWEEN = re.compile(r"[ -]+")
_ENDS = ".!?;:\n"
_PAUSES = ",()[]{}/"


@dataclass(slots=True)
class Row:
    """A text as signs; `starts` and `ends` say where each stands in the folded text."""

    signs: str = ""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


class Vocabulary:
    """The words that mean something, and how a text is turned into signs."""

    def __init__(
        self,
        signs: Mapping[str, str],
        *,
        spelling: Spelling,
        expansions: Mapping[str, str],
        fillers: frozenset[str],
    ) -> None:
        """Take what is known.

        Args:
            signs: each word and its sign.
            spelling: finds words that are written oddly.
            expansions: what is short for several words: "im" for "i am".
            fillers: words that change nothing and are passed over: "really". Those that have a
                sign are kept in the row, for forms to name or to skip.
        """
        self._signs = signs
        self._spelling = spelling
        self._fillers = fillers = fillers - signs.keys()
        self._read: dict[str, str] = {}
        for short, words in expansions.items():
            self._read[short] = "".join(
                signs.get(word, UNKNOWN) for word in words.split() if word not in fillers
            )
        self._expanded = frozenset(expansions)
        self._parts = self._expanded | fillers
        self._pairs = _pairs(spelling.meant)
        for word in (*signs, *fillers, *spelling.meant):
            if word.isalpha():
                self._read.setdefault(word, self.word(word))

    def row(self, text: str) -> Row:
        """Return the row of signs of a folded text."""
        written_to: dict[int, int] = {}
        if _LETTERS.search(text):
            text = _LETTERS.sub(lambda found: self._together(found, written_to), text)
        text = self._pairs.sub(lambda found: self._paired(found, written_to), text)
        signs: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        read: dict[str, str] = {}
        for found in _WORD.finditer(text):
            written = found.group()
            known = read.get(written)
            if known is None:
                known = read[written] = self._sign(written)
            for sign in known:
                signs.append(sign)
                starts.append(found.start())
                ends.append(written_to.get(found.start(), found.end()))
        return Row("".join(signs), starts, ends)

    def _sign(self, written: str) -> str:
        known = self._read.get(written)
        if known is not None:
            return known
        first = written[0]
        if first in _ENDS and written[-1] in _ENDS:
            return PAUSE if written.startswith("..") or written == ":" else END
        if len(written) > 1 and first in ":;":
            return self._signs.get(written, "")
        if len(written) == 1 and not first.isalnum():
            if first in _PAUSES:
                return PAUSE
            if first == '"':
                return QUOTE
            return self._signs.get(first, "")
        return self.word(written)

    def word(self, written: str) -> str:
        """Return the signs of one written word: of several, if it is short for them."""
        bare = written.replace("'", "") if "'" in written else written
        for each in (written, bare, *self._spelling.shorter(bare)):
            if each in self._fillers:
                return ""
            if each in self._expanded:
                return self._read[each]
        meant = self._spelling.word(bare)
        if meant is None:
            return self._odd(bare)
        if meant in self._fillers:
            return ""
        return self._read[meant] if meant in self._expanded else self._signs.get(meant, UNKNOWN)

    def _odd(self, written: str) -> str:
        """Return the signs of what is no word: words without a space between them, or unknown."""
        if written.isdigit():
            return self._signs.get(NUMBER, UNKNOWN)
        if not written.isascii():
            return UNKNOWN
        if not written.isalpha():
            parts = _PUNCTUATED.split(written)
            return END.join(map(self.word, parts)) if len(parts) > 1 else UNKNOWN
        if len(written) < _LEAST_APART or not any(each in written for each in GLUED):
            return UNKNOWN
        words = self._spelling.apart(written, self._parts)
        return "".join(map(self.word, words)) if words and self._is_glued(words) else UNKNOWN

    def _is_glued(self, words: list[str]) -> bool:
        """Return whether somebody left out spaces, other than in "deadline" or "killall"."""
        glued = [each for each in words if each in GLUED]
        return (
            words[0] in FIRST
            or (bool(glued) and self._spelling.is_watched(words))
            or (bool(glued) and all(each in GLUED or each in self._fillers for each in words))
        )

    def _together(self, found: re.Match[str], written_to: dict[int, int]) -> str:
        """Return letters that stand apart as the words that they make, if they make any.

        Each word begins where its first letter stood; where its last one stood is noted.
        """
        written = found.group()
        at = [place for place, letter in enumerate(written) if "a" <= letter <= "z"]
        words = self._spelling.apart("".join(written[each] for each in at), self._parts)
        if words is None:
            return written
        together, letter = "", 0
        for word in words:
            together = together.ljust(at[letter]) + word
            written_to[found.start() + at[letter]] = found.start() + at[letter + len(word) - 1] + 1
            letter += len(word)
        return together.ljust(len(written))

    def _paired(self, found: re.Match[str], written_to: dict[int, int]) -> str:
        written = found.group()
        written_to[found.start()] = found.end()
        return self._spelling.meant[" ".join(_BETWEEN.split(written))].ljust(len(written))


def _pairs(meant: Mapping[str, str]) -> re.Pattern[str]:
    """Return what finds words that were written as two: "my self", "un-alive"."""
    two = sorted(each for each in meant if " " in each and len(meant[each]) <= len(each))
    either = "|".join(each.replace(" ", "[ -]{1,2}") for each in two) or "(?!)"
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])")
