"""Collects what is wrong in a nested value, each with the place at which it stands."""

from __future__ import annotations

from typing import Any


class Check:
    """A place in a value; whatever is said there or below is collected in one list."""

    def __init__(self, pointer: str, problems: list[str] | None = None) -> None:
        self.problems: list[str] = [] if problems is None else problems
        self._pointer = pointer

    def at(self, *keys: str | int) -> Check:
        """Return a place further down."""
        return Check("/".join([self._pointer, *map(str, keys)]), self.problems)

    def say(self, key: str | int, problem: str) -> None:
        """Say what is wrong with `key` here; "" is this place itself."""
        pointer = self._pointer if key == "" else f"{self._pointer}/{key}"
        self.problems.append(f"{problem} [json-pointer:{pointer}]")

    def text(self, holder: Any, key: str | int, *, most: int, least: int = 1) -> str | None:
        """Return the text under `key`; None, with a problem, if it is none or of a wrong length."""
        value = _under(holder, key)
        if value is None:
            self.say("", f"missing required field: {key}")
        elif not isinstance(value, str):
            self.say(key, "must be a string")
        elif len(value) < least:
            self.say(key, f"must be more than {least - 1} characters")
        elif len(value) > most:
            self.say(key, f"must be less than {most + 1} characters")
        else:
            return value
        return None

    def text_object(self, holder: Any, key: str | int, *, most: int, plain: bool = False) -> None:
        """Check the text object under `key`; a plain one must be of type plain_text."""
        value = _under(holder, key)
        if value is None:
            self.say("", f"missing required field: {key}")
        elif not isinstance(value, dict):
            self.say(key, "must be an object")
        elif value.get("type") not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
            self.say(key, f"unsupported type: {value.get('type')}")
        else:
            self.at(key).text(value, "text", most=most)

    def list(self, holder: Any, key: str, *, most: int, least: int = 1) -> list[Any]:
        """Return the list under `key`; empty, with a problem, if it is none."""
        value = _under(holder, key)
        if not isinstance(value, list):
            self.say("", f"missing required field: {key}")
            return []
        self.count(value, key, least=least, most=most)
        return value

    def count(self, items: Any, key: str, *, least: int, most: int) -> None:
        """Check how many there are."""
        if len(items) < least:
            self.say(key, f"must have at least {least} items")
        if len(items) > most:
            self.say(key, f"no more than {most} items allowed")


def _under(holder: Any, key: str | int) -> Any:
    if isinstance(holder, dict):
        return holder.get(key)
    if isinstance(holder, list) and isinstance(key, int):
        return holder[key]
    return None
