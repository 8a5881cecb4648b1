"""How the detector does on somebody's own texts: counts that a person can read, never the texts."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from bot.domain.concerns import Assessment, Category, Urgency, assess
from bot.domain.concerns.language import understood
from bot.errors import CannotStart

Say = Callable[[str], None]

STANDARD_INPUT = "-"
PER = 10_000
_LABELS = {name: each for each in Urgency for name in (str(int(each)), each.name)}
_LABEL_COLUMNS = ("urgency", "label")
_CATEGORIES = {*Category, "-"}
_LONGEST_SHOWN = 500
_LONGEST_HEAD = 10_000


@dataclass(frozen=True, slots=True)
class Given:
    """A text of a file; how urgent its reader holds it to be, and about what, if they said so."""

    text: str
    label: Urgency | None = None
    category: Category | None = None


@dataclass(slots=True)
class Tally:
    """What the detector said of many texts; of the texts themselves only those to be shown."""

    most_shown: int = 0
    got: Counter[Urgency] = field(default_factory=Counter)
    by_label: dict[Urgency, Counter[Urgency]] = field(default_factory=dict)
    by_category: dict[Category, Counter[Urgency]] = field(default_factory=dict)
    categories: Counter[Category] = field(default_factory=Counter)
    not_understood: int = 0
    shown: list[tuple[Assessment, str]] = field(default_factory=list)

    def add(self, given: Given) -> None:
        """Assess one text more."""
        assessed = assess(given.text)
        self.got[assessed.urgency] += 1
        self.categories.update(assessed.categories)
        self.not_understood += not understood(given.text)
        if given.label is not None:
            self.by_label.setdefault(given.label, Counter())[assessed.urgency] += 1
        if given.category is not None:
            self.by_category.setdefault(given.category, Counter())[assessed.urgency] += 1
        if assessed.urgency >= Urgency.U2 and len(self.shown) < self.most_shown:
            self.shown.append((assessed, given.text))


def evaluate(file: str, say: Say, *, show: int = 0) -> int:
    """Say how many texts of a file get which urgency, by their labels if they have any.

    The file is read as a stream. No text is said, unless `show` asks for it.

    Args:
        file: its path, or "-" for standard input; see `texts` for what it may hold.
        say: takes one line.
        show: so many texts at U2 and above are said as well.

    Raises:
        CannotStart: it cannot be read, holds no text, or a label in it is none.
    """
    tally = Tally(most_shown=show)
    name = "Standard input" if file == STANDARD_INPUT else file
    try:
        with _opened(file) as opened:
            for each in texts(io.TextIOWrapper(opened, "utf-8-sig", "replace", newline="")):
                tally.add(each)
    except OSError as error:
        raise CannotStart(f"{name} cannot be read: {error.strerror or error}.") from None
    if not tally.got:
        raise CannotStart(f"{name} holds no text.")
    for line in table(tally):
        say(line)
    return 0


def _opened(file: str) -> nullcontext[BinaryIO] | BinaryIO:
    return nullcontext(sys.stdin.buffer) if file == STANDARD_INPUT else Path(file).open("rb")


def texts(lines: Iterable[str]) -> Iterator[Given]:
    """Yield the texts of a file; what it holds is told by its first line.

    A line is a JSON object with "text"; or, under a header that names a column "text", a row of a
    table with commas or tabs; or urgency, anything else and text with tabs in between (and lines
    that begin with "# " are passed over); or else a text. A label is 0 to 3, or U0 to U3. Of
    several categories, joined with "+", the first counts; one that is none of ours is passed over.

    Raises:
        CannotStart: a line is not like the first, or a label is none.
    """
    lines = iter(lines)
    before = []
    for line in lines:
        before.append(line)
        if not _passed_over(line):
            break
    first = before[-1] if before else ""
    if "\0" in first:
        raise CannotStart("This is no text in UTF-8.")
    found = _reader(first)(chain(before, lines))
    yield from (each for each in found if each.text.strip())


def _passed_over(line: str) -> bool:
    return not line.strip() or line.startswith("# ")


def _reader(first: str) -> Callable[[Iterable[str]], Iterator[Given]]:
    fields = first.rstrip("\r\n").split("\t")
    if first.lstrip().startswith("{"):
        return _of_json
    if len(fields) > 1 and (_label(fields[0]) is not None or fields[1] in _CATEGORIES):
        return _of_fields
    if _marks(first):
        return _of_table
    return lambda lines: (Given(line.rstrip("\r\n")) for line in lines)


def _of_json(lines: Iterable[str]) -> Iterator[Given]:
    for number, line in _numbered(lines):
        try:
            entry = json.loads(line)
            text = entry["text"]
        except (ValueError, TypeError, KeyError, RecursionError):
            text = None
        if not isinstance(text, str):
            raise CannotStart(f'Line {number} is no JSON object with a "text".')
        yield Given(text, _labelled(number, _first_of(entry)), _category(entry.get("category")))


def _of_fields(lines: Iterable[str]) -> Iterator[Given]:
    for number, line in _numbered(lines):
        label, _, rest = line.rstrip("\r\n").partition("\t")
        about, _, text = rest.rpartition("\t")
        category = _category(about.partition("\t")[0])
        yield Given(text.replace("\\n", "\n"), _labelled(number, label), category)


def _of_table(lines: Iterable[str]) -> Iterator[Given]:
    lines = iter(lines)
    above, head = next(_numbered(lines))
    mark = _marks(head)[0]
    rows = csv.DictReader(lines, _columns(head, mark), delimiter=mark, restval="")
    try:
        for row in rows:
            label = _labelled(above + rows.line_num, _first_of(row))
            yield Given(row["text"], label, _category(row.get("category")))
    except csv.Error:
        line = above + rows.line_num
        raise CannotStart(f"The row that ends near line {line} is no row of a table.") from None


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    return (each for each in enumerate(lines, 1) if not _passed_over(each[1]))


def _marks(head: str) -> Sequence[str]:
    """Return what may part the columns of a table with this header; nothing if it is none."""
    return [mark for mark in ",\t;" if "text" in _columns(head, mark)]


def _columns(line: str, mark: str) -> Sequence[str]:
    if len(line) > _LONGEST_HEAD:
        return []
    return [each.lower() for each in next(csv.reader([line], delimiter=mark), [])]


def _first_of(entry: dict[str, object]) -> str | None:
    return next((str(entry[name]) for name in _LABEL_COLUMNS if name in entry), None)


def _labelled(line: int, written: str | None) -> Urgency | None:
    if written is None:
        return None
    label = _label(written)
    if label is None:
        # What stands there is not said: it may be what somebody wrote.
        raise CannotStart(f"Line {line} has a label that is none; labels are 0 to 3, or U0 to U3.")
    return label


def _category(written: object) -> Category | None:
    first = str(written).partition("+")[0].strip().lower()
    return Category(first) if first in _CATEGORIES - {"-"} else None


def _label(written: str) -> Urgency | None:
    return _LABELS.get(written.strip().upper())


def table(tally: Tally) -> Iterator[str]:
    """Yield the lines of the table."""
    number = tally.got.total()
    unread = f"{tally.not_understood:,} in a language that the phrases cannot read"
    yield f"{number:,} texts, of which {unread}."
    yield ""
    yield f"{'alarms':<24}{'texts':>10}{f'per {PER:,}':>14}"
    for least in (Urgency.U1, Urgency.U2, Urgency.U3):
        alarms = _at_least(tally.got, least)
        yield f"{_named(least):<24}{alarms:>10,}{alarms / number * PER:>14.2f}"
    yield from _seen(
        "label", {each.name: tally.by_label[each] for each in sorted(tally.by_label, reverse=True)}
    )
    yield from _seen(
        "category", {each.value: tally.by_category[each] for each in sorted(tally.by_category)}
    )
    if tally.categories:
        yield ""
        yield f"{'heard as':<24}{'texts':>10}"
        for category, times in sorted(tally.categories.items(), key=lambda each: -each[1]):
            yield f"{category.value:<24}{times:>10,}"
    yield ""
    yield "An alarm is about a message, never about a person. That there is none means nothing."
    for assessed, text in tally.shown:
        categories = ", ".join(each.value for each in assessed.categories)
        yield f"\n{assessed.urgency.name} {categories}\n  {_printable(text)}"


def _seen(head: str, rows: Mapping[str, Counter[Urgency]]) -> Iterator[str]:
    """Yield how many of the texts that their reader called so were heard, and how loudly."""
    if rows:
        yield ""
        yield f"{head:<24}{'texts':>10}{'seen (>= U1)':>18}{'>= U2':>18}{'U3':>18}"
    for name, got in rows.items():
        shares = "".join(_share(got, least) for least in (Urgency.U1, Urgency.U2, Urgency.U3))
        yield f"{name:<24}{got.total():>10,}{shares}"


def _named(least: Urgency) -> str:
    return least.name if least is max(Urgency) else f"{least.name} or above"


def _at_least(got: Counter[Urgency], least: Urgency) -> int:
    return sum(times for urgency, times in got.items() if urgency >= least)


def _share(got: Counter[Urgency], least: Urgency) -> str:
    times = _at_least(got, least)
    return f"{f'{times:,}  {times / got.total():.3f}':>18}"


def _printable(text: str) -> str:
    """Return a text in one line, without what could steer a terminal."""
    line = " ".join(text.split())
    return "".join(each if each.isprintable() else "?" for each in line[:_LONGEST_SHOWN])
