"""JSON as Slack reads it, which takes less than Python does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from math import isfinite
from typing import Any

DEEPEST = 200
"""So deep may lists and objects lie within one another; far from where Python gives up."""


def read(raw: bytes | str) -> Any:
    """Return the value that a text stands for.

    Raises:
        ValueError: it is no JSON in UTF-8; or it has a number that no JSON can carry on (NaN,
            1e999), half a surrogate pair, or lies too deep.
    """
    text = raw if isinstance(raw, str) else raw.decode()
    try:
        value = json.loads(text, parse_constant=_refused, parse_float=_finite)
    except RecursionError:
        raise ValueError("Nested too deeply.") from None
    # Either needs signs that hardly any text has, so it is cheap to look for them first.
    if text.count("[") + text.count("{") > DEEPEST and _is_deeper(value, DEEPEST):
        raise ValueError("Nested too deeply.")
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no number.")


def _finite(digits: str) -> float:
    value = float(digits)
    return value if isfinite(value) else _refused(digits)


def _is_deeper(value: Any, most: int) -> bool:
    """Whether more than so many lists and objects lie within one another."""
    layer: list[Any] = [value]
    for _ in range(most + 1):
        layer = [each for each in layer if isinstance(each, dict | list)]
        if not layer:
            return False
        layer = [inner for each in layer for inner in _inside(each)]
    return True


def _inside(holder: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return holder.values() if isinstance(holder, dict) else holder
