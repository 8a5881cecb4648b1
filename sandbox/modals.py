"""Modals: for each person one stack of at most three views, bottom first."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox import inputs
from sandbox.block_kit import view_rules
from sandbox.errors import SlackError, invalid_arguments
from sandbox.inputs import Values
from sandbox.workspace import Json, Workspace

DEEPEST = 3
_OPTIONAL = ("title", "submit", "close")
Kind = Literal["modal", "home"]


@dataclass
class View:
    """A view that a person has open, or a published Home tab."""

    id: str
    user: str
    definition: Json
    hash: str
    root_id: str
    previous_id: str | None
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks, every one with its ids."""
        shown: list[Json] = self.definition["blocks"]
        return shown

    @property
    def callback_id(self) -> str:
        """The app's own name for this kind of view."""
        return str(self.definition["callback_id"])


class Modals:
    """The modal stacks and Home tabs of everybody."""

    def __init__(self, workspace: Workspace, app_id: str) -> None:
        self._workspace = workspace
        self._app_id = app_id
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        """Return the views that `user` has open, bottom first."""
        return self._stacks.setdefault(user, [])

    def top(self, user: str) -> View | None:
        """Return the view on top, or None."""
        stack = self.stack(user)
        return stack[-1] if stack else None

    def has_open(self, user: str, view_id: str | None) -> bool:
        """Whether `user` has that modal open, on top or below."""
        return any(view.id == view_id for view in self.stack(user))

    def home(self, user: str) -> View | None:
        """Return the Home tab that the app published for `user`."""
        return self._homes.get(user)

    def find(self, view_id: str) -> View | None:
        """Return an open view or Home tab by its id."""
        return next((view for view in self._all() if view.id == view_id), None)

    def by_external_id(self, external_id: str) -> View | None:
        """Return an open view or Home tab by the app's own id for it."""
        return next((v for v in self._all() if v.definition["external_id"] == external_id), None)

    def open(self, user: str, given: Any) -> View:
        """Open a view as the only one that `user` has open.

        Raises:
            SlackError: the view is not one (`invalid_arguments`, `duplicate_external_id`).
        """
        definition = self._define(given, "modal")
        view = self._new(user, definition, previous=None)
        self._stacks[user] = [view]
        return view

    def push(self, user: str, given: Any) -> View:
        """Put a view on top of what `user` has open.

        Raises:
            SlackError: as `open`, and `push_limit_reached` on a stack of three.
        """
        stack = self.stack(user)
        definition = self._define(given, "modal")
        if len(stack) >= DEEPEST:
            raise SlackError("push_limit_reached")
        view = self._new(user, definition, previous=stack[-1])
        stack.append(view)
        return view

    def update(self, view: View, given: Any) -> View:
        """Replace what a view shows, keeping what the person entered in the same inputs.

        Raises:
            SlackError: as `open`.
        """
        definition = self._define(given, view.definition["type"], instead_of=view)
        view.definition = definition
        view.values = inputs.initial(view.blocks, view.values)
        view.hash = _new_hash()
        view.errors, view.trouble = {}, None
        return view

    def publish(self, user: str, given: Any) -> View:
        """Set the Home tab of `user`.

        Raises:
            SlackError: as `open`.
        """
        before = self._homes.get(user)
        if before is not None:
            return self.update(before, given)
        definition = self._define(given, "home")
        view = self._homes[user] = self._new(user, definition, previous=None)
        return view

    def close(self, view: View) -> None:
        """Close a view, and with it whatever lies on it."""
        stack = self.stack(view.user)
        if view in stack:
            del stack[stack.index(view) :]

    def clear(self, user: str) -> None:
        """Close everything that `user` has open."""
        self._stacks[user] = []

    def forget(self, user: str) -> None:
        """Close everything, the Home tab too: the app is gone."""
        self.clear(user)
        self._homes.pop(user, None)

    def payload(self, view: View) -> Json:
        """Return a view as Slack describes it to the app."""
        return {
            "id": view.id,
            "team_id": self._workspace.team_id,
            **view.definition,
            "state": {"values": view.values},
            "hash": view.hash,
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": self._app_id,
            "app_installed_team_id": self._workspace.team_id,
            "bot_id": self._workspace.bot.bot_id,
        }

    def _all(self) -> list[View]:
        return [*self._homes.values(), *(v for stack in self._stacks.values() for v in stack)]

    def _new(self, user: str, definition: Json, previous: View | None) -> View:
        view_id = self._workspace.new_id("V")
        return View(
            id=view_id,
            user=user,
            definition=definition,
            hash=_new_hash(),
            root_id=previous.root_id if previous else view_id,
            previous_id=previous.id if previous else None,
            values=inputs.initial(definition["blocks"], {}),
        )

    def _define(self, given: Any, kind: Kind, instead_of: View | None = None) -> Json:
        """Return the view as the server keeps it: every key there, every id set."""
        if not isinstance(given, dict):
            raise invalid_arguments("must be an object [json-pointer:/view]")
        if given.get("type") != kind:
            raise invalid_arguments("must be a valid enum value [json-pointer:/view/type]")
        external_id = given.get("external_id") or ""
        holder = self.by_external_id(external_id) if external_id else None
        if holder is not None and holder is not instead_of:
            raise SlackError("duplicate_external_id")
        return {
            "type": kind,
            "blocks": view_rules.check(given, kind),
            "private_metadata": given.get("private_metadata") or "",
            "callback_id": given.get("callback_id") or "",
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
            "external_id": external_id,
            **{key: given.get(key) for key in _OPTIONAL},
        }


def _new_hash() -> str:
    return f"{secrets.randbelow(10**10):010d}.{secrets.token_hex(4)}"
