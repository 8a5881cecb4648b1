"""Reads what a script sent to the control API, and says in a sentence what is wrong with it."""

from __future__ import annotations

import json
from typing import Any

from sandbox.errors import ActError
from sandbox.workspace import Json

LONGEST_TEXT = 200_000


class Fields:
    """The fields of a JSON object, each with the kind that is expected of it.

    Every reader raises ActError with one sentence when the field is missing or of another
    kind.
    """

    def __init__(self, raw: bytes | str) -> None:
        try:
            value = json.loads(raw)
        except (ValueError, RecursionError):
            raise ActError("The body must be JSON.") from None
        if not isinstance(value, dict):
            raise ActError("The body must be a JSON object.")
        _refuse_broken_text(value)
        self._values: Json = value

    def all(self) -> Json:
        """Return every field with its value."""
        return dict(self._values)

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._values.get(name) is not None

    def is_null(self, name: str) -> bool:
        """Whether the field is there and says null."""
        return name in self._values and self._values[name] is None

    def any(self, name: str) -> Any:
        """Return the field whatever it is; None if it is missing."""
        return self._values.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a field that must be text."""
        value = self._values.get(name)
        value = default if value is None else value
        if value is None:
            raise ActError(f"The field {name!r} is missing.")
        if not isinstance(value, str):
            raise ActError(f"The field {name!r} must be text.")
        if len(value) > LONGEST_TEXT:
            raise ActError(f"The field {name!r} is longer than {LONGEST_TEXT} characters.")
        return value

    def flag(self, name: str) -> bool:
        """Return a field that must be true or false; a missing one is false."""
        value = self._values.get(name, False)
        if not isinstance(value, bool):
            raise ActError(f"The field {name!r} must be true or false.")
        return value

    def whole(self, name: str, *, default: int, least: int, most: int) -> int:
        """Return a field that must be a whole number within limits."""
        value = self._values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ActError(f"The field {name!r} must be a whole number from {least} to {most}.")
        return value

    def number(self, name: str, *, most: float) -> float:
        """Return a field that must be a number from 0 to `most`; a missing one is 0."""
        value = self._values.get(name, 0.0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ActError(f"The field {name!r} must be a number.")
        if not 0 <= value <= most:
            raise ActError(f"The field {name!r} must be a number from 0 to {most:g}.")
        return float(value)


def _refuse_broken_text(value: Any) -> None:
    """Refuse half a surrogate pair: no client can type it, and no socket can carry it."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise ActError("The body holds text that is not valid Unicode.") from None
