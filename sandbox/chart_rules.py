"""What Slack refuses in a data_visualization block."""

from __future__ import annotations

import math
from typing import Any

from sandbox.rules import Check
from sandbox.workspace import Json

MOST_CHARTS = 2
"""A message shows so many; Slack drops the others without a word."""

_TITLE, _LABEL = 50, 20
_KINDS = ("pie", "bar", "area", "line")


def check(at: Check, block: Json) -> None:
    """Check a chart: its title, its kind, and the numbers in it."""
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
    for index, segment in enumerate(at.list(chart, "segments", most=6)):
        here = at.at("segments", index)
        here.text(segment, "label", most=_LABEL)
        value = _number(here, segment)
        if value is not None and value <= 0:
            here.say("value", "must be more than 0")


def _axes(at: Check, chart: Json) -> list[str]:
    """Check the axes and return the categories."""
    config, here = chart.get("axis_config"), at.at("axis_config")
    if not isinstance(config, dict):
        at.say("", "missing required field: axis_config")
        return []
    for key in ("x_label", "y_label"):
        if config.get(key) is not None:
            here.text(config, key, most=_TITLE)
    given = dict(enumerate(here.list(config, "categories", most=20)))
    names = [here.at("categories").text(given, index, most=_LABEL) for index in given]
    categories = [name for name in names if name is not None]
    if len(set(categories)) < len(categories):
        here.say("categories", "must be unique")
    return categories


def _series(at: Check, chart: Json, categories: list[str]) -> None:
    names = []
    for index, series in enumerate(at.list(chart, "series", most=6)):
        here = at.at("series", index)
        names.append(here.text(series, "name", most=_LABEL))
        points = here.list(series, "data", most=20)
        labels = []
        for number, point in enumerate(points):
            place = here.at("data", number)
            labels.append(place.text(point, "label", most=_LABEL))
            _number(place, point)
        if sorted(filter(None, labels)) != sorted(categories):
            here.say("data", "must have exactly one point for every category")
    known = [name for name in names if name is not None]
    if len(set(known)) < len(known):
        at.say("series", "names must be unique")


def _number(at: Check, holder: Any) -> float | None:
    value = holder.get("value") if isinstance(holder, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        at.say("value", "must be a number")
        return None
    return value
