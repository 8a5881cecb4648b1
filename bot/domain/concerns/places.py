"""Which words have to stand in a text, in whatever order, before a form can match in it.

Of each form the three places whose words are the rarest are asked for. Each form has one bit for
each of them, so that for a text with any number of words a few operations on whole numbers tell
which of thousands of forms may match.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.concerns.forms import Element

Place = frozenset[str]
"""Words one of which has to be there."""

_PLACES = 3


class Needs:
    """Says which forms have a word in each of their places."""

    def __init__(
        self,
        forms: Sequence[tuple[Element, ...]],
        often: Mapping[str, int],
        signs: Mapping[str, str],
    ) -> None:
        """Take the forms.

        Args:
            forms: in the order in which their numbers are meant.
            signs: the sign of each word.
            often: in how many of 10,000 messages a word stands; 1 for those that it has not.
        """
        self._forms = len(forms)
        self._all = (1 << self._forms) - 1
        bits: dict[Place, list[int]] = {}
        lacking: list[int] = []
        for number, elements in enumerate(forms):
            places = _places(elements, often)
            for turn in range(_PLACES):
                bit = turn * self._forms + number
                if turn < len(places):
                    bits.setdefault(places[turn], []).append(bit)
                else:
                    lacking.append(bit)
        self._lacking = _number(lacking)
        self._masks: dict[str, int] = {}
        for place, there in bits.items():
            mask = _number(there)
            for sign in {signs[word] for word in place}:
                self._masks[sign] = self._masks.get(sign, 0) | mask

    def met(self, row: str) -> list[int]:
        """Return the numbers of the forms all of whose places have a sign in a row."""
        mask = 0
        for each in filter(None, map(self._masks.get, set(row))):
            mask |= each
        mask |= self._lacking
        return _set(mask & (mask >> self._forms) & (mask >> 2 * self._forms) & self._all)


def _set(bits: int) -> list[int]:
    """Return the numbers of the bits that are set, the lowest first."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def _number(bits: Iterable[int]) -> int:
    bits = list(bits)
    raw = bytearray(max(bits, default=0) // 8 + 1)
    for bit in bits:
        raw[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(raw, "little")


def _places(elements: Iterable[Element], often: Mapping[str, int]) -> list[Place]:
    """Return the places of a form, that whose words are the rarest first.

    Where the words of a place are themselves phrases, one word of each phrase stands for it.
    """
    found: set[Place] = set()
    for each in elements:
        if not each.phrases or each.optional or each.ends:
            continue
        if len(each.phrases) == 1:
            found.update(frozenset({word}) for word in each.phrases[0])
            continue
        ordered = [
            sorted(phrase, key=lambda word: (often.get(word, 1), word)) for phrase in each.phrases
        ]
        found.add(frozenset(words[0] for words in ordered))
        found.add(frozenset(words[min(1, len(words) - 1)] for words in ordered))
    return sorted(
        found, key=lambda place: (sum(often.get(word, 1) for word in place), sorted(place))
    )[:_PLACES]
