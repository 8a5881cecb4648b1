"""A reader of YAML files that says in which line of which file something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import NoReturn

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.domain import plain_text
from bot.errors import CannotStart


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at one place of a file: words, a number, a list or named fields."""

    file: str
    node: Node

    def wrong(self, what: str) -> NoReturn:
        """Refuse what stands here.

        Raises:
            CannotStart: names the file, the line and `what`.
        """
        raise CannotStart(f"{self.file}, line {self.node.start_mark.line + 1}: {what}")

    def fields(
        self, needed: Iterable[str] = (), optional: Iterable[str] | None = None
    ) -> Mapping[str, Entry]:
        """Return named fields.

        Args:
            needed: names that have to be there.
            optional: names that may be there besides; None for any.

        Raises:
            CannotStart: it has no fields, lacks one, or has one twice or one that means nothing.
        """
        if not isinstance(self.node, MappingNode):
            self.wrong("here belong fields, each with a name, a colon and what it is.")
        found: dict[str, Entry] = {}
        for key, value in self.node.value:
            name = Entry(self.file, key).words(most=60)
            if name in found:
                Entry(self.file, key).wrong(f"{name} stands here for the second time.")
            if optional is not None and name not in {*needed, *optional}:
                Entry(self.file, key).wrong(f"{name} means nothing here.")
            found[name] = Entry(self.file, value)
        if missing := [name for name in needed if name not in found]:
            self.wrong(f"{missing[0]} is missing.")
        return found

    def words(self, *, most: int, several_lines: bool = False, least: int = 1) -> str:
        """Return words of `least` to `most` characters that can be shown as they stand.

        Raises:
            CannotStart: these are no such words.
        """
        text = self._scalar("str", "words (a number, a yes or a no needs quotes)").strip()
        if not least <= len(text) <= most:
            self.wrong(f"words of {least} to {most} characters are needed; these have {len(text)}.")
        shown = plain_text.lines(text) if several_lines else plain_text.one_line(text)
        if shown != text:
            self.wrong(
                "these words hold a tab, or a character that cannot be seen."
                if several_lines
                else "these words hold a line break, a tab, two spaces, or what cannot be seen."
            )
        return text

    def number(self) -> int:
        """Return a whole number.

        Raises:
            CannotStart: it is none.
        """
        text = self._scalar("int", "a whole number")
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            self.wrong("here belongs a whole number, in digits.")
        return int(text)

    def flag(self) -> bool:
        """Return a yes or no.

        Raises:
            CannotStart: it is neither true nor false.
        """
        text = self._scalar("bool", "true or false").lower()
        return text in {"true", "yes", "on"}

    def one_of(self, known: Iterable[str]) -> str:
        """Return one of the words in `known`.

        Raises:
            CannotStart: it is another; names those that are known.
        """
        known = list(known)
        text = self._scalar("str", f"one of: {', '.join(known)}")
        if text not in known:
            self.wrong(f"{text[:40]!r} is not known here, only {', '.join(known)}.")
        return text

    def items(self, *, most: int) -> Sequence[Entry]:
        """Return the entries of a list.

        Raises:
            CannotStart: it is no list, or a longer one.
        """
        if not isinstance(self.node, SequenceNode):
            self.wrong("here belongs a list.")
        if len(self.node.value) > most:
            self.wrong(f"at most {most} can stand in this list.")
        return [Entry(self.file, each) for each in self.node.value]

    def _scalar(self, kind: str, wanted: str) -> str:
        if not isinstance(self.node, ScalarNode) or self.node.tag != f"tag:yaml.org,2002:{kind}":
            self.wrong(f"here belongs {wanted}.")
        return str(self.node.value)


def read(file: Traversable, name: str) -> Entry:
    """Return what stands in a file, by the name that errors call it.

    Raises:
        CannotStart: it cannot be read; names the file and, where it is known, the line.
    """
    try:
        text = file.read_text(encoding="utf-8")
        # The safe loader: a content file holds values, never code.
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise CannotStart(_no_yaml(name, error)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise CannotStart(f"{name}, line {line}: a character that no text has.") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CannotStart(f"{name}, line {line}: this is not UTF-8.") from None
    except RecursionError:
        raise CannotStart(f"{name}, line 1: too much stands inside one another.") from None
    if node is None:
        raise CannotStart(f"{name}, line 1: the file is empty.")
    return Entry(name, node)


def _no_yaml(name: str, error: yaml.MarkedYAMLError) -> str:
    found, begun = error.problem_mark or error.context_mark, error.context_mark
    at = f", line {found.line + 1}" if found else ""
    # A quote that is never closed is found at the end, and mended where it begins.
    since = f", in what begins in line {begun.line + 1}" if begun and begun != found else ""
    return f"{name}{at}: this is no YAML: {error.problem}{since}."


def missing(name: str) -> NoReturn:
    """Refuse to go on without a file.

    Raises:
        CannotStart: names it.
    """
    raise CannotStart(f"{name} is missing.")
