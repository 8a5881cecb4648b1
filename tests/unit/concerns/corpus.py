"""The regression corpus: sentences of our own, each with what it is to be taken for.

One a line: urgency, category, text, with tabs in between. "\\n" in a text is a line break. A line
that begins with "# " names the group of those below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "corpus" / "concerns"
FALLS_SHORT = FOLDER / "falls_short.tsv"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence, how urgent it is, and what it is about; the gravest category first."""

    urgency: int
    categories: tuple[str, ...]
    text: str
    group: str = ""


def files() -> list[Path]:
    return [each for each in sorted(FOLDER.glob("*.tsv")) if each != FALLS_SHORT]


def read(file: Path) -> Iterator[Labelled]:
    group = ""
    for line in file.read_text(encoding="utf-8").split("\n"):
        if line.startswith("# ") or not line.strip():
            group = line.removeprefix("# ") or group
            continue
        urgency, category, text = line.split("\t")
        categories = () if category == "-" else tuple(category.split("+"))
        yield Labelled(int(urgency), categories, text.replace("\\n", "\n"), group)
