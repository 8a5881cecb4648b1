"""What Slack refuses in rich text, markdown and tasks."""

from __future__ import annotations

from tests.contract.blocks import (
    REFERENCE,
    REFUSED,
    line,
    listed,
    post,
    publish,
    refused,
    rich,
    taken,
    word,
)
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, said

BLOCKS = f"{REFERENCE}/blocks"
VALIDATOR = "github.com/TightknitAI/slack-block-kit-validator"


# Rich text


@pins(
    "Rich text is made of paragraphs, lists, quotes and code, with known words in them.",
    f"{BLOCKS}/rich-text-block",
    refuses=REFUSED,
)
def test_rich_text_is_made_of_known_parts(offline: Rig) -> None:
    words = [
        word("x", style={"bold": True}),
        {"type": "link", "url": "https://example.com", "text": "x"},
        {"type": "user", "user_id": "U1"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "emoji", "name": "wave"},
        {"type": "broadcast", "range": "here"},
        {"type": "color", "value": "#c0ffee"},
        {"type": "date", "timestamp": 1_795_000_000, "format": "{date}"},
    ]
    quote = {"type": "rich_text_quote", "elements": words, "border": 1}
    code = {"type": "rich_text_preformatted", "elements": [word()]}
    assert taken(offline, rich(line(*words), quote, code, listed(line(), indent=1))) == []
    wrong = [
        {"type": "rich_text"},
        rich(word()),
        rich({"type": "rich_text_poem", "elements": []}),
        rich({"type": "rich_text_quote"}),
        *(rich(line(each)) for each in ({"type": "hologram"}, {"type": "user"}, {"type": "text"})),
        rich(line(word(""))),
        rich(line(word(style={"loud": True}))),
        rich(line(word(style={"bold": "very"}))),
        rich(line({"type": "broadcast", "range": "world"})),
        rich(line({"type": "date", "format": "{date}"})),
    ]
    assert refused(offline, *wrong) == []


@pins(
    "A list of rich text has a style, bullet or ordered, and paragraphs as its items.",
    f"{BLOCKS}/rich-text-block",
    refuses=REFUSED,
)
def test_a_list_has_paragraphs(offline: Rig) -> None:
    assert taken(offline, rich(listed(line(word()), style="ordered", offset=2))) == []
    wrong = [listed(), listed(word()), listed(line(), style="stars"), listed(line(), indent=-1)]
    assert refused(offline, *map(rich, wrong), rich(listed(line(), style=None))) == []


# Markdown, tasks


@pins(
    "The markdown blocks of a message have up to 12,000 characters together; a view has none.",
    f"{BLOCKS}/markdown-block",
    refuses=REFUSED,
)
def test_markdown_has_an_end(offline: Rig) -> None:
    half, whole = ({"type": "markdown", "text": "x" * length} for length in (6000, 12_000))
    assert taken(offline, whole, home=False) == []
    assert post(offline, half, half) is None
    assert post(offline, half, half, {"type": "markdown", "text": "x"}) == "invalid_blocks"
    assert publish(offline, half) == "invalid_arguments"


@pins(
    "A task card has an id, a title and a known status; a message has one plan of them.",
    VALIDATOR,
    Sure.REPORTED,
    refuses=["chat.postMessage: invalid_blocks"],
)
def test_tasks_are_named(offline: Rig) -> None:
    source = {"type": "url", "url": "https://example.com", "text": "x"}
    task = {"type": "task_card", "task_id": "1", "title": "x", "status": "pending"}
    plan = {"type": "plan", "title": "x", "tasks": [task]}
    full = {**task, "sources": [source], "details": rich(line(word()))}
    assert taken(offline, full, plan, home=False) == []
    wrong: list[Json] = [
        {**task, "task_id": None},
        {**task, "title": ""},
        {**task, "status": "late"},
        {**task, "output": said("x")},
        {**task, "sources": [{**source, "url": "x"}]},
        {**plan, "title": None},
        {**plan, "tasks": [{**task, "title": None}]},
    ]
    assert refused(offline, *wrong, home=False) == []
    assert post(offline, plan, plan) == "invalid_blocks"
