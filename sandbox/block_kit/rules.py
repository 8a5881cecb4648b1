"""Collects what is wrong in a nested value, each with the place at which it stands."""

from __future__ import annotations

from collections.abc import Collection, Set
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

_BARE = frozenset({"type", "text"})
_PLAIN, _MRKDWN = frozenset({"type", "text", "emoji"}), frozenset({"type", "text", "verbatim"})


class Check:
    """A place in a value; whatever is said there or below is collected in one list."""

    __slots__ = ("_place", "problems")

    def __init__(self, *place: str | int, problems: list[str] | None = None) -> None:
        self.problems: list[str] = [] if problems is None else problems
        self._place = place

    def at(self, *keys: str | int) -> Check:
        """Return a place further down."""
        return Check(*self._place, *keys, problems=self.problems)

    def say(self, key: str | int, problem: str) -> None:
        """Say what is wrong with `key` here; "" is this place itself."""
        place = self._place if key == "" else (*self._place, key)
        self.problems.append(f"{problem} [json-pointer:/{'/'.join(map(str, place))}]")

    def known(self, holder: Any, keys: Set[str], *, what: str = "") -> bool:
        """Whether there is an object here; it has no other keys than these, or Slack refuses it.

        `what` is the key under which it stands; "" is this place itself.
        """
        if not isinstance(holder, dict):
            self.say(what, "must provide an object")
            return False
        if not holder.keys() <= keys:
            for unknown in sorted(holder.keys() - keys):
                self.say(what, f"invalid additional property: {unknown}")
        return True

    def text(self, holder: Any, key: str | int, *, most: int, least: int = 1) -> str | None:
        """Return the text under `key`; None, with a problem, if it is none or of a wrong length."""
        value = _under(holder, key)
        if value is None:
            self.say("", f"missing required field: {key}")
        elif not isinstance(value, str):
            self.say(key, "must provide a string")
        elif len(value) < least:
            self.say(key, f"must be more than {least - 1} characters")
        elif len(value) > most:
            self.say(key, f"must be less than {most + 1} characters")
        else:
            return value
        return None

    def texts(self, holder: dict[str, Any], most: dict[str, int], *, least: int = 1) -> None:
        """Check those of these texts that are there, each with its greatest length."""
        for key, length in most.items():
            if holder.get(key) is not None:
                self.text(holder, key, most=length, least=least)

    def text_object(self, holder: Any, key: str | int, *, most: int, plain: bool = False) -> None:
        """Check the text object under `key`; a plain one must be of type plain_text."""
        value = _under(holder, key)
        if _is_sound(value, most, plain=plain):
            return
        if value is None:
            self.say("", f"missing required field: {key}")
        elif not isinstance(value, dict):
            self.say(key, "must provide an object")
        elif value.get("type") not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
            self.say(key, f"unsupported type: {value.get('type')}")
        else:
            here = self.at(key)
            here.known(value, _PLAIN if value["type"] == "plain_text" else _MRKDWN)
            here.flags(value, "emoji", "verbatim")
            here.text(value, "text", most=most)

    def text_objects(
        self, holder: dict[str, Any], most: dict[str, int], *, plain: bool = False
    ) -> None:
        """Check those of these text objects that are there."""
        for key, length in most.items():
            if holder.get(key) is not None:
                self.text_object(holder, key, most=length, plain=plain)

    def list(self, holder: Any, key: str, *, most: int, least: int = 1) -> list[Any]:
        """Return the list under `key`; empty, with a problem, if it is none."""
        value = _under(holder, key)
        if value is None:
            self.say("", f"missing required field: {key}")
            return []
        if not isinstance(value, list):
            self.say(key, "must provide an array")
            return []
        self.count(value, key, least=least, most=most)
        return value

    def count(self, items: Any, key: str, *, least: int, most: int) -> None:
        """Check how many there are."""
        if len(items) < least:
            self.say(key, f"must have at least {least} items")
        if len(items) > most:
            self.say(key, f"no more than {most} items allowed")

    def flags(self, holder: dict[str, Any], *keys: str) -> None:
        """Check that these are true or false where they are there."""
        for key in keys:
            value = holder.get(key)
            if value is not None and not isinstance(value, bool):
                self.say(key, "must provide a boolean")

    def one_of(self, holder: Any, key: str, values: Collection[str]) -> None:
        """Check that the text under `key`, if there is one, is one of these."""
        value = _under(holder, key)
        if value is not None and not (isinstance(value, str) and value in values):
            self.say(key, "must be a valid enum value")

    def whole(self, holder: Any, key: str, *, least: int, most: int) -> int | None:
        """Return the whole number under `key`; None if there is none, or with a problem."""
        value = _under(holder, key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.say(key, f"must be an integer from {least} to {most}")
            return None
        return value

    def number(self, holder: Any, key: str) -> Any:
        """Return the number under `key`; None, with a problem, if it is none."""
        value = _under(holder, key)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or (isinstance(value, float) and not isfinite(value)):
            self.say(key, "must be a number")
            return None
        return value

    def url(self, holder: Any, key: str, *, most: int = 3000, secure: bool = False) -> None:
        """Check the address under `key`, which must be there: http or https, with a host."""
        value = self.text(holder, key, most=most)
        if value is not None and not is_url(value, ("https",) if secure else ("http", "https")):
            self.say(key, "invalid url")


def is_url(value: str, schemes: Collection[str]) -> bool:
    """Whether this is an address with one of these schemes and a host."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname) and " " not in value


def _is_sound(value: Any, most: int, *, plain: bool) -> bool:
    """Whether nothing can be wrong with a text object, which is so for nearly all of them."""
    if not isinstance(value, dict):
        return False
    kind, text = value.get("type"), value.get("text")
    if kind != "plain_text" and (plain or kind != "mrkdwn"):
        return False
    return isinstance(text, str) and 0 < len(text) <= most and value.keys() == _BARE


def _under(holder: Any, key: str | int) -> Any:
    if isinstance(holder, dict):
        return holder.get(key)
    if isinstance(holder, list) and isinstance(key, int):
        return holder[key]
    return None
