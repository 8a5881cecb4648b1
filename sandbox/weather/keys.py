"""What a call or a delivery is called when lots are drawn for it: the same in every run.

Ids that are counted up as things happen differ from run to run, so a direct message goes by its
person, and a view or a trigger by whoever sees it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.delivery.answers import Kind
from sandbox.modals import Modals
from sandbox.triggers import Triggers
from sandbox.workspace import Json, Workspace


class Keys:
    """Names calls by method and conversation or person, deliveries by kind, person and place."""

    def __init__(self, workspace: Workspace, triggers: Triggers, modals: Modals) -> None:
        self._workspace = workspace
        self._triggers = triggers
        self._modals = modals

    def of_call(self, method: str, place: str | None, arguments: Mapping[str, Any]) -> str:
        """Return the key of a Web API call; `place` is the conversation that it is about."""
        return _joined(method, place or self._person(arguments))

    def of_delivery(self, kind: Kind, payload: Json) -> str:
        """Return the key of what the app is sent."""
        if kind == "slash_commands":
            place = self._place(payload.get("channel_id"))
            return _joined(payload.get("command"), payload.get("user_id"), place)
        if kind == "interactive":
            what = payload.get("callback_id") or _what(payload)
            return _joined(payload.get("type"), _id(payload.get("user")), what)
        event = payload.get("event") or payload
        place = self._place(_id(event.get("channel")))
        return _joined(event.get("type"), event.get("subtype"), _id(event.get("user")), place)

    def _place(self, channel: Any) -> str | None:
        return self._workspace.place(channel) if isinstance(channel, str) else None

    def _person(self, arguments: Mapping[str, Any]) -> str | None:
        """Return who a call is about that is about no conversation."""
        if "trigger_id" in arguments:
            return self._triggers.user_of(str(arguments["trigger_id"]))
        if "view_id" in arguments:
            view = self._modals.find(str(arguments["view_id"]))
            return view.user if view else None
        named = (arguments.get(name) for name in ("user_id", "user", "users"))
        return next((str(each) for each in named if each), None)


def _what(payload: Json) -> str | None:
    """Return the app's own name for the view or the element that a person used."""
    actions = payload.get("actions") or [{}]
    named = (payload.get("view") or {}).get("callback_id"), actions[0].get("action_id")
    return _joined(*named)


def _id(named: Any) -> Any:
    return named.get("id") if isinstance(named, dict) else named


def _joined(*parts: Any) -> str:
    return " ".join(str(part) for part in parts if part)
