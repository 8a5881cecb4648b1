"""What Slack refuses in the options of a menu, and in the dialog that asks for a confirmation."""

from __future__ import annotations

from typing import Any

from sandbox.block_kit.rules import Check
from sandbox.workspace import Json

_MOST = {"checkboxes": 10, "radio_buttons": 10, "overflow": 5}
_MARKED_UP = ("checkboxes", "radio_buttons")
_GROUPED = ("static_select", "multi_static_select")
_OPTION = frozenset({"text", "value", "description"})
_LINKED = _OPTION | {"url"}
_GROUP = frozenset({"label", "options"})
_CONFIRM = frozenset({"title", "text", "confirm", "deny", "style"})


def menu(at: Check, element: Json) -> None:
    """Check the options of a menu, and that those chosen at first are among them."""
    kind = element["type"]
    if kind in _GROUPED and (element.get("options") is None) == (
        element.get("option_groups") is None
    ):
        at.say("", "must define either options or option_groups")
        return
    options = _grouped(at, element) if element.get("option_groups") is not None else None
    chosen_among = each(at, element, kind) if options is None else options
    for key, first in _first(at, element):
        if not any(_same(first) == _same(option) for option in chosen_among):
            at.say(key, "must be one of the options")


def loaded(at: Check, element: Json) -> None:
    """Check a menu whose options the app supplies later: only those chosen at first are here."""
    for key, first in _first(at, element):
        _option(at.at(key), first, "external_select")
    at.whole(element, "min_query_length", least=0, most=1000)


def each(at: Check, holder: Json, kind: str) -> list[Any]:
    """Check the options under `options` and return them."""
    options = at.list(holder, "options", most=_MOST.get(kind, 100))
    for index, option in enumerate(options):
        _option(at.at("options", index), option, kind)
    return options


def confirm(at: Check, dialog: Any) -> None:
    """Check the dialog that asks once more."""
    if not at.known(dialog, _CONFIRM):
        return
    at.text_object(dialog, "title", most=100, plain=True)
    at.text_object(dialog, "text", most=300)
    at.text_object(dialog, "confirm", most=30, plain=True)
    at.text_object(dialog, "deny", most=30, plain=True)
    at.one_of(dialog, "style", ("primary", "danger"))


def _grouped(at: Check, element: Json) -> list[Any]:
    options = []
    for index, group in enumerate(at.list(element, "option_groups", most=100)):
        here = at.at("option_groups", index)
        if here.known(group, _GROUP):
            here.text_object(group, "label", most=75, plain=True)
            options += each(here, group, element["type"])
    return options


def _option(at: Check, option: Any, kind: str) -> None:
    if not at.known(option, _LINKED if kind == "overflow" else _OPTION):
        return
    plain = kind not in _MARKED_UP
    at.text_object(option, "text", most=75, plain=plain)
    at.text(option, "value", most=150)
    at.text_objects(option, {"description": 75}, plain=plain)
    if option.get("url") is not None:
        at.url(option, "url")


def _first(at: Check, element: Json) -> list[tuple[str, Any]]:
    found = []
    if element.get("initial_option") is not None:
        found.append(("initial_option", element["initial_option"]))
    if element.get("initial_options") is not None:
        options = at.list(element, "initial_options", most=100)
        found += [("initial_options", option) for option in options]
    return found


def _same(option: Any) -> Any:
    """Return what makes two options the same: the value and the words."""
    if not isinstance(option, dict):
        return None
    text = option.get("text")
    return option.get("value"), text.get("text") if isinstance(text, dict) else text
