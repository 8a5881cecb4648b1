"""What Slack refuses in rich text, tables, charts, cards and the other new blocks."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import blocks as kept
from sandbox.errors import SlackError
from tests.contract.blocks import (
    COHORT,
    REFERENCE,
    REFUSED,
    actions,
    beside,
    button,
    cell,
    data_table,
    each,
    error,
    form,
    image,
    line,
    post,
    publish,
    reasons,
    refused,
    rich,
    select,
    table,
    taken,
    word,
)
from tests.contract.facts import Sure, pins
from tests.contract.rig import Json, Rig, field, modal, options, plain, recording, said

BLOCKS = f"{REFERENCE}/blocks"
VALIDATOR = "github.com/TightknitAI/slack-block-kit-validator"


def chart(kind: str = "line", **more: Any) -> Json:
    categories = ["Mon", "Tue"]
    data = [{"label": label, "value": 3} for label in categories]
    inner = {
        "type": kind,
        "series": [{"name": "Mood", "data": data}],
        "axis_config": {"categories": categories},
    }
    return {"type": "data_visualization", "title": "Two days", "chart": {**inner, **more}}


def pie(count: int = 2, **more: Any) -> Json:
    segments = [{"label": f"part {n}", "value": 1, **more} for n in range(count)]
    inner = {"type": "pie", "segments": segments}
    return {"type": "data_visualization", "title": "Parts", "chart": inner}


def points(*labels: str) -> list[Json]:
    return [{"label": label, "value": 1.5} for label in labels]


def series(count: int, length: int = 2) -> Json:
    labels = [str(number) for number in range(length)]
    lines = [{"name": f"s{number}", "data": points(*labels)} for number in range(count)]
    return chart(series=lines, axis_config={"categories": labels})


def card(**more: Any) -> Json:
    return {"type": "card", "title": plain("x"), **more}


def container(*children: Json, **more: Any) -> Json:
    return {"type": "container", "title": plain("x"), "child_blocks": list(children), **more}


def feedback(**more: Any) -> Json:
    good, bad = ({"text": plain(word), "value": word} for word in ("good", "bad"))
    element = {"type": "feedback_buttons", "action_id": "rate", "positive_button": good}
    return {**element, "negative_button": bad, **more}


def trash(**more: Any) -> Json:
    return {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("x"), **more}


def below(*elements: Json) -> Json:
    return {"type": "context_actions", "block_id": "below", "elements": list(elements)}


def listed(*items: Json, **more: Any) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items), **more}


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


# Tables


@pins(
    "A table has 1 to 100 rows of up to 20 cells.",
    f"{BLOCKS}/table-block",
    refuses=REFUSED,
)
def test_a_table_has_a_hundred_rows(offline: Rig) -> None:
    assert taken(offline, table(100), table(1, 20)) == []
    assert refused(offline, table(101), table(0), table(1, 21), table(rows=1, cells=0)) == []
    assert refused(offline, {"type": "table"}, {"type": "table", "rows": ["x"]}) == []


@pins(
    "A cell holds text, a number or rich text; none of its texts is empty.",
    "slack_sdk 3.47, models/blocks/basic_components.py",
    Sure.READ,
    refuses=REFUSED,
)
def test_a_cell_holds_something(offline: Rig) -> None:
    number = {"type": "raw_number", "value": 3.5, "text": "3.5"}
    assert taken(offline, {"type": "table", "rows": [[cell(), number, rich(line(word()))]]}) == []
    wrong = [cell(""), {"type": "raw_text"}, {"type": "raw_number"}, said("x"), rich(word()), "x"]
    assert refused(offline, *({"type": "table", "rows": [[each]]} for each in wrong)) == []


@pins(
    "The columns of a table are aligned left, center or right, and up to 20 are described.",
    f"{BLOCKS}/table-block",
    refuses=REFUSED,
)
def test_columns_are_aligned(offline: Rig) -> None:
    aligned = [None, {"align": "center", "is_wrapped": True}]
    assert taken(offline, table(column_settings=aligned)) == []
    wrong: list[Any] = [[{"align": "up"}], [{"is_wrapped": "yes"}], [{}] * 21, [{"width": 3}], [3]]
    assert refused(offline, *each(table(), "column_settings", wrong)) == []


@pins(
    "The cells of a message's table have up to 10,000 characters together.",
    f"{BLOCKS}/data-table-block",
    refuses=["chat.postMessage: invalid_blocks"],
)
def test_the_cells_of_a_table_have_ten_thousand_characters(offline: Rig) -> None:
    assert post(offline, {"type": "table", "rows": [[cell("x" * 5000)] * 2]}) is None
    rows = [[cell("x" * 5000)] * 2, [rich(line(word("x")))]]
    assert post(offline, {"type": "table", "rows": rows}) == "invalid_blocks"


@pins(
    "A message has one table, of whichever kind, also within a container.",
    f"{BLOCKS}/table-block",
    refuses=["chat.postMessage: invalid_attachments"],
)
def test_a_message_has_one_table(offline: Rig) -> None:
    for second in (table(), data_table(), container(table())):
        assert post(offline, table(), second) == "invalid_attachments"
    say, two = offline.client.chat_postMessage, [table(), table()]
    (reason,) = reasons(say, channel=offline.channel(COHORT), text="t", blocks=two)
    assert "only_one_table_allowed" in reason
    assert publish(offline, table(), table()) is None


@pins(
    "A data table has a caption, a header, up to 100 more rows of as many cells, and 1 to 100 of"
    " them on a page.",
    f"{BLOCKS}/data-table-block",
    refuses=REFUSED,
)
def test_a_data_table_is_regular(offline: Rig) -> None:
    assert taken(offline, data_table(101, page_size=100, row_header_column_index=1)) == []
    wrong = [
        data_table(caption=None),
        data_table(1),
        data_table(102),
        *each(data_table(), "page_size", [0, 101, "5"]),
        data_table(row_header_column_index=2),
        data_table(rows=2) | {"rows": [[cell()], [cell(), cell()]]},
        data_table(rows=2) | {"rows": [[rich(line(word()))], [cell()]]},
    ]
    assert refused(offline, *wrong) == []


# Charts


@pins(
    "A chart is a line, bar or area chart with 1 to 6 series of up to 20 points, or a pie with"
    " 1 to 6 parts.",
    f"{BLOCKS}/data-visualization-block",
    refuses=REFUSED,
)
def test_a_chart_has_six_series(offline: Rig) -> None:
    kinds = [chart(kind) for kind in ("line", "bar", "area")]
    assert taken(offline, *kinds, pie(6), pie(1), series(6, 20), series(1, 1)) == []
    wrong = [chart("donut"), pie(7), pie(0), pie(1, value=0), series(7), series(0), series(1, 21)]
    untitled = [{**chart(), "title": title} for title in ("x" * 51, None)]
    assert refused(offline, *wrong, *untitled, {**chart(), "chart": None}) == []


@pins(
    "Every series of a chart has another name, and one point for every category.",
    f"{BLOCKS}/data-visualization-block",
    refuses=REFUSED,
)
def test_every_series_has_every_point(offline: Rig) -> None:
    both = points("Mon", "Tue")
    wrong = [points("Mon"), points("Mon", "Wed"), points("Mon", "Mon"), [*both, *points("Wed")]]
    wrong += [[*points("Mon"), {"label": "Tue", "value": value}] for value in ("3", True)]
    assert refused(offline, *(chart(series=[{"name": "a", "data": data}]) for data in wrong)) == []
    assert refused(offline, chart(series=[{"name": "a", "data": both}] * 2)) == []


@pins(
    "The labels and categories of a chart have up to 20 characters, the titles of its axes 50.",
    f"{BLOCKS}/data-visualization-block",
    refuses=REFUSED,
)
def test_the_words_of_a_chart_are_short(offline: Rig) -> None:
    days = {"categories": ["Mon", "Tue"]}
    assert taken(offline, chart(axis_config={**days, "x_label": "x" * 50, "y_label": "y"})) == []
    wrong = [
        pie(1, label="x" * 21),
        chart(series=[{"name": "x" * 21, "data": points("Mon", "Tue")}]),
        chart(axis_config={"categories": ["x" * 21, "Tue"]}),
        chart(axis_config={**days, "x_label": "x" * 51}),
        chart(axis_config=None),
    ]
    assert refused(offline, *wrong) == []


@pins(
    "Of three charts in a message the third is dropped without a word.",
    f"{BLOCKS}/data-visualization-block",
)
def test_a_third_chart_is_dropped_without_a_word(offline: Rig) -> None:
    assert post(offline, chart("line"), said("between"), chart("bar"), pie()) is None
    (message,) = offline.box.posted()
    kinds = [block["type"] for block in message["blocks"]]
    assert kinds == ["data_visualization", "section", "data_visualization"]


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


# Cards, containers, small buttons


@pins(
    "A card has a title and subtitle of up to 150 characters, a body of 200 and 3 buttons, and"
    " at least a picture, a title, a body or a button.",
    "slackapi/java-slack-sdk, model/block/CardBlock.java",
    Sure.READ,
    refuses=REFUSED,
)
def test_a_card_is_short(offline: Rig) -> None:
    full = card(title=plain("x" * 150), subtitle=plain("x" * 150), body=plain("x" * 200))
    presses = [button(action_id=name) for name in "abc"]
    assert (
        taken(offline, {**full, "actions": presses, "hero_image": image(), "icon": image()}) == []
    )
    wrong = [
        card(title=plain("x" * 151)),
        card(subtitle=plain("x" * 151)),
        card(body=plain("x" * 201)),
        card(title=None, subtitle=plain("x")),
        card(actions=[*presses, button(action_id="d")]),
        card(actions=[select()]),
        card(hero_image=button()),
        card(icon=image(), slack_icon="star"),
    ]
    assert refused(offline, *wrong) == []


@pins(
    "A carousel has 1 to 10 cards.",
    f"{BLOCKS}/carousel-block",
    refuses=REFUSED,
)
def test_a_carousel_has_ten_cards(offline: Rig) -> None:
    assert taken(offline, {"type": "carousel", "elements": [card()] * 10}) == []
    wrong: list[Any] = [[], [card()] * 11, [said("x")], [card(title=plain("x" * 151))], None]
    assert refused(offline, *each({"type": "carousel"}, "elements", wrong)) == []


@pins(
    "A container has a title of up to 150 characters and 1 to 10 blocks of the older kinds.",
    f"{BLOCKS}/container-block",
    refuses=REFUSED,
)
def test_a_container_has_ten_blocks(offline: Rig) -> None:
    folded = container(said("x"), is_collapsible=True, default_collapsed=True, width="wide")
    assert taken(offline, container(*[said("x")] * 10), folded) == []
    wrong = [
        container(),
        container(*[said("x")] * 11),
        container(container(said("x"))),
        container(card()),
        container(said("x" * 3001)),
        container(said("x"), title=plain("x" * 151)),
        container(said("x"), title=None),
        container(said("x"), width="endless"),
        container(said("x"), default_collapsed=True),
        container(said("x"), is_collapsible=True, has_header_divider=True),
    ]
    assert refused(offline, *wrong) == []


@pins(
    "Below a message stand up to 5 small buttons: a pair for feedback, or icons.",
    f"{BLOCKS}/context-actions-block",
    refuses=REFUSED,
)
def test_small_buttons_stand_below_messages(offline: Rig) -> None:
    bins = [trash(action_id=str(number)) for number in range(6)]
    assert taken(offline, below(feedback(), *bins[:4]), home=False) == []
    wrong = [
        below(),
        below(*bins),
        below(button()),
        below(trash(icon="bomb")),
        below(trash(text=plain("x" * 76))),
        below(feedback(negative_button=None)),
        below(feedback(positive_button={"text": plain("x" * 76), "value": "x"})),
        actions(trash()),
    ]
    assert refused(offline, *wrong, home=False) == []
    assert publish(offline, below(feedback())) == "invalid_arguments"


@pins(
    "Charts, tables, containers, data tables, cards and markdown do not stand in modals.",
    f"{BLOCKS}, {VALIDATOR}",
    Sure.REPORTED,
    refuses=["views.update: invalid_arguments"],
)
def test_a_modal_shows_the_older_blocks(rig: Rig) -> None:
    view_id, update = form(rig), rig.client.views_update
    carousel = {"type": "carousel", "elements": [card()]}
    for block in (chart(), table(), container(said("x")), data_table(), card(), carousel):
        assert error(update, view_id=view_id, view=modal(block)) == "invalid_arguments"
    assert error(update, view_id=view_id, view=modal(rich(line(word())))) is None


# What stands in a block works


@pins(
    "What stands in a card or container can be used, under the id of the block it stands in.",
    "",
    Sure.GUESSED,
)
@pytest.mark.parametrize(
    "block",
    [
        card(block_id="inner", actions=[button()]),
        {"type": "carousel", "elements": [card(), card(block_id="inner", actions=[button()])]},
        container({**actions(button()), "block_id": "inner"}),
        container({**beside(button()), "block_id": "inner"}),
    ],
)
def test_a_button_within_works(rig: Rig, block: Json) -> None:
    listener, bodies = recording()
    rig.app.action("go")(listener)
    assert post(rig, block) is None
    (message,) = rig.box.posted()
    assert rig.maya.clicks("go", message=(COHORT, message["ts"])).ok
    assert bodies[0]["actions"][0]["block_id"] == "inner"


@pins(
    "No two blocks have the same block_id, also within others.", "", Sure.GUESSED, refuses=REFUSED
)
def test_blocks_within_have_ids_of_their_own(offline: Rig) -> None:
    twin = {**said("x"), "block_id": "twin"}
    assert refused(offline, container(twin, twin), container(twin, block_id="twin")) == []


@pins(
    "A pair of feedback buttons brings the value of the one that was pressed.",
    f"{REFERENCE}/block-elements/feedback-buttons-element",
)
def test_feedback_brings_its_value(rig: Rig) -> None:
    listener, bodies = recording()
    rig.app.action("rate")(listener)
    rig.app.action("bin")(listener)
    assert post(rig, below(feedback(), trash(value="7"))) is None
    (message,) = rig.box.posted()
    assert rig.maya.clicks("rate", "bad", message=(COHORT, message["ts"])).ok
    assert rig.maya.clicks("bin", message=(COHORT, message["ts"])).ok
    assert [body["actions"][0]["value"] for body in bodies] == ["bad", "7"]
    assert bodies[0]["actions"][0]["type"] == "feedback_buttons"


# Whatever comes


SAMPLES = [
    beside(select(2, placeholder=plain("x"))),
    field("a", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}),
    field("b", "checkboxes", options=options("a"), initial_options=options("a")),
    actions(button(confirm={}), {"type": "overflow", "options": options("a")}),
    {"type": "context", "elements": [plain("x"), image(slack_file={"id": "F1"})]},
    rich(line(word(style={"bold": True})), listed(line(word()))),
    table(column_settings=[{"align": "left"}]),
    data_table(rows=2),
    chart(),
    pie(),
    container(card(actions=[button()]), actions(button())),
    {"type": "carousel", "elements": [card(icon=image())]},
    below(feedback(), trash()),
    {"type": "plan", "title": "x", "tasks": [{"task_id": "1", "title": "x", "sources": [{}]}]},
]
NONSENSE: list[Any] = [None, True, 7, 1e400, 10**400, "x", "", [], {}, [[]], [7], {"type": []}]


def places(value: Any) -> Iterator[list[Any]]:
    """Yield the way to everything in a value."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield [key]
            yield from ([key, *rest] for rest in places(value[key]))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["type"])
@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_nonsense_in_any_place_is_taken_or_refused(sample: Json, surface: Any) -> None:
    for place in places(sample):
        for nonsense in NONSENSE:
            spoilt = copy.deepcopy(sample)
            holder = spoilt
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = nonsense
            try:
                kept.complete([spoilt], "blocks", surface)
            except SlackError:
                continue
