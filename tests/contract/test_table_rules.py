"""What Slack refuses in tables and charts."""

from __future__ import annotations

from typing import Any

from tests.contract.blocks import (
    COHORT,
    REFERENCE,
    REFUSED,
    cell,
    chart,
    container,
    data_table,
    each,
    line,
    pie,
    points,
    post,
    publish,
    reasons,
    refused,
    rich,
    series,
    table,
    taken,
    word,
)
from tests.contract.facts import Sure, pins
from tests.contract.rig import Rig, said

BLOCKS = f"{REFERENCE}/blocks"


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
