"""What the contract is made of: sentences about Slack, each with where it is from and how sure.

A test pins a sentence down:

    @pins(
        "A message into a channel that the app is not in is refused.",
        "docs.slack.dev/reference/methods/chat.postMessage",
        refuses=["chat.postMessage: not_in_channel"],
    )
    def test_...

What it says it refuses must be refused while it runs, or it fails (conftest.py). The sentences
together are docs/sandbox-facts.md.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Any, TypeVar

import tests.contract

Test = TypeVar("Test", bound=Callable[..., Any])


class Sure(StrEnum):
    """How sure we are of a sentence; nothing was compared with a real workspace."""

    DOCUMENTED = "documented"
    READ = "read in Slack's libraries"
    REPORTED = "reported by developers"
    GUESSED = "our best reading"
    OURS = "ours"


MEANING = {
    Sure.DOCUMENTED: "Slack's documentation says so.",
    Sure.READ: "slack_bolt or slack_sdk relies on it, and was seen to.",
    Sure.REPORTED: "Developers met it and wrote of it.",
    Sure.GUESSED: "Nobody says; try it on a real workspace.",
    Sure.OURS: "No fact about Slack: what the sandbox offers to tests and to the demo.",
}


@dataclass(frozen=True)
class Fact:
    """One sentence about Slack.

    Attributes:
        sentence: what Slack does.
        source: where that is written: a page without its https://, a library and its version.
        sure: how sure we are.
        refusals: what is refused in the test, each as "method: code".
    """

    sentence: str
    source: str
    sure: Sure
    refusals: tuple[str, ...]


def pins(
    sentence: str,
    source: str,
    sure: Sure = Sure.DOCUMENTED,
    *,
    refuses: Sequence[str] = (),
) -> Callable[[Test], Test]:
    """Say which sentence a test pins down; a test may have several.

    Raises:
        ValueError: the sentence is none, or it comes from nowhere.
    """
    if not sentence.endswith(".") or not (source or sure in (Sure.GUESSED, Sure.OURS)):
        raise ValueError(f"Say it in a sentence, and where it is from: {sentence!r}")
    fact = Fact(sentence, source, sure, tuple(refuses))

    def pinned(test: Test) -> Test:
        test.__dict__["facts"] = (fact, *facts_of(test))
        return test

    return pinned


def facts_of(test: Any) -> tuple[Fact, ...]:
    """Return what a test pins down, in the order in which it stands above it."""
    found: tuple[Fact, ...] = getattr(test, "__dict__", {}).get("facts", ())
    return found


def modules() -> Iterator[ModuleType]:
    """Yield every file of the contract."""
    for found in sorted(pkgutil.iter_modules(tests.contract.__path__), key=lambda m: m.name):
        if found.name.startswith("test_"):
            yield importlib.import_module(f"tests.contract.{found.name}")


def pinned_in(module: ModuleType) -> list[tuple[str, Fact]]:
    """Return each fact of a file with the name of its test."""
    tests_ = [(name, each) for name, each in vars(module).items() if name.startswith("test_")]
    return [(name, fact) for name, each in tests_ for fact in facts_of(each)]


def as_markdown() -> str:
    """Return docs/sandbox-facts.md."""
    lines = [_HEAD]
    lines += [f"- **{sure}**: {MEANING[sure]}" for sure in Sure]
    for module in modules():
        facts = pinned_in(module)
        if not facts:
            continue
        title = (module.__doc__ or "").strip().splitlines()[0].rstrip(".")
        lines += [
            "",
            f"## {title}",
            "",
            f"`tests/contract/{module.__name__.rpartition('.')[2]}.py`",
        ]
        lines += [
            "",
            "| sentence | refused with | where it is from | how sure |",
            "|---|---|---|---|",
        ]
        lines += [_row(fact) for _, fact in facts]
    return "\n".join(lines) + "\n"


_HEAD = """# What the sandbox knows of Slack

Every sentence is pinned by a test that talks to the sandbox through slack_sdk and Bolt. This page
is made from those tests: `UPDATE_GOLDEN=1 pytest tests/contract/test_documentation.py`. How to use
the sandbox stands in [sandbox.md](sandbox.md). How sure we are:
"""


def _row(fact: Fact) -> str:
    refused = ", ".join(f"`{each}`" for each in fact.refusals)
    cells = (fact.sentence, refused, fact.source, str(fact.sure))
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"
