"""What Slack refuses in a data_visualization block."""

from __future__ import annotations

from sandbox.block_kit.rules import Check
from sandbox.workspace import Json

MOST_CHARTS = 2
"""A message shows so many; Slack drops the others without a word."""

_TITLE, _LABEL = 50, 20
_KINDS = ("pie", "bar", "area", "line")
_BLOCK = frozenset({"type", "block_id", "title", "chart"})
_PIE, _AXES = frozenset({"type", "segments"}), frozenset({"categories", "x_label", "y_label"})
_LINES = frozenset({"type", "series", "axis_config"})
_SERIES, _POINT = frozenset({"name", "data"}), frozenset({"label", "value"})


def check(at: Check, block: Json) -> None:
    """Check a chart: its title, its kind, and the numbers in it."""
    at.known(block, _BLOCK)
    at.text(block, "title", most=_TITLE)
    chart, here = block.get("chart"), at.at("chart")
    if not isinstance(chart, dict):
        at.say("", "missing required field: chart")
    elif chart.get("type") not in _KINDS:
        here.say("type", f"unsupported type: {chart.get('type')}")
    elif chart["type"] == "pie":
        _pie(here, chart)
    else:
        _series(here, chart, _axes(here, chart))


def _pie(at: Check, chart: Json) -> None:
    at.known(chart, _PIE)
    for index, segment in enumerate(at.list(chart, "segments", most=6)):
        here = at.at("segments", index)
        here.known(segment, _POINT)
        here.text(segment, "label", most=_LABEL)
        value = here.number(segment, "value")
        if value is not None and value <= 0:
            here.say("value", "must be more than 0")


def _axes(at: Check, chart: Json) -> list[str]:
    """Check the axes and return the categories."""
    config, here = chart.get("axis_config"), at.at("axis_config")
    if not isinstance(config, dict):
        at.say("", "missing required field: axis_config")
        return []
    here.known(config, _AXES)
    here.texts(config, {"x_label": _TITLE, "y_label": _TITLE})
    given = dict(enumerate(here.list(config, "categories", most=20)))
    names = [here.at("categories").text(given, index, most=_LABEL) for index in given]
    categories = [name for name in names if name is not None]
    if len(set(categories)) < len(categories):
        here.say("categories", "must be unique")
    return categories


def _series(at: Check, chart: Json, categories: list[str]) -> None:
    at.known(chart, _LINES)
    names = []
    for index, series in enumerate(at.list(chart, "series", most=6)):
        here = at.at("series", index)
        here.known(series, _SERIES)
        names.append(here.text(series, "name", most=_LABEL))
        points = here.list(series, "data", most=20)
        labels = []
        for number, point in enumerate(points):
            place = here.at("data", number)
            place.known(point, _POINT)
            labels.append(place.text(point, "label", most=_LABEL))
            place.number(point, "value")
        if sorted(filter(None, labels)) != sorted(categories):
            here.say("data", "must have exactly one point for every category")
    known = [name for name in names if name is not None]
    if len(set(known)) < len(known):
        at.say("series", "names must be unique")
