"""A person of the workspace, driven by a script over the control API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from sandbox.block_kit.blocks import elements
from sandbox.control_client import ControlClient
from sandbox.workspace import Json

_WENT_WELL = frozenset(
    {"acked", "closed", "delayed", "deleted", "dismissed", "edited", "opened", "pinned", "posted"}
    | {"reacted", "read", "unpinned", "unreacted"}
)


@dataclass(frozen=True)
class Outcome:
    """What became of something a person did.

    `errors` holds sentences by block_id for the outcomes "errors" and "invalid"; `second`
    is the outcome of the second delivery, if one was asked for.
    """

    outcome: str
    errors: dict[str, str] = field(default_factory=dict)
    second: str | None = None

    @property
    def ok(self) -> bool:
        """Whether it did what the person wanted."""
        return self.outcome in _WENT_WELL


class Person:
    """Acts as one person and sees what that person sees.

    It speaks HTTP, so it works from another process as well. Safe to use from threads.
    """

    def __init__(self, url: str, name: str, client: ControlClient | None = None) -> None:
        """Become the person of that name or id in the workspace at `url`.

        Args:
            url: where the sandbox is.
            name: who.
            client: connections to share with others; some of their own if None.

        Raises:
            LookupError: there is nobody of that name.
        """
        self._http = client or ControlClient(url)
        people = self._http.get("/control/workspace")["people"]
        wanted = [p for p in people if name in (p["id"], p["name"]) and not p["is_bot"]]
        if not wanted:
            self._http.close()
            raise LookupError(f"There is no person {name!r} in the workspace.")
        self.id: str = wanted[0]["id"]
        self.name: str = wanted[0]["name"]
        self._names = {person["name"]: person["id"] for person in people}

    def close(self) -> None:
        """Close the connections to the sandbox; the next act opens a new one."""
        self._http.close()

    # What they do

    def says(self, text: str, channel: str = "general", *, thread_ts: str | None = None) -> str:
        """Write a message and return its ts, once the app has heard of it."""
        said = self._act("message", channel=self._channel(channel), text=text, thread_ts=thread_ts)
        return str(said["ts"])

    def edits(self, text: str, channel: str, ts: str) -> Outcome:
        """Change a message of their own to these words."""
        return _outcome(self._act("edit", channel=self._channel(channel), ts=ts, text=text))

    def deletes(self, channel: str, ts: str) -> Outcome:
        """Delete a message of their own."""
        return _outcome(self._act("delete", channel=self._channel(channel), ts=ts))

    def types(
        self,
        text: str,
        channel: str = "general",
        *,
        twice: bool = False,
        thread_ts: str | None = None,
    ) -> Outcome:
        """Type a slash command; below a message it is "not_in_threads"."""
        where = {"channel": self._channel(channel), "thread_ts": thread_ts}
        return _outcome(self._act("command", **where, text=text, twice=twice))

    def uses_shortcut(self, callback_id: str) -> Outcome:
        """Choose a global shortcut."""
        return _outcome(self._act("shortcut", callback_id=callback_id))

    def uses_message_shortcut(self, callback_id: str, channel: str, ts: str) -> Outcome:
        """Choose a shortcut from the menu of a message."""
        where = {"channel": self._channel(channel), "ts": ts}
        return _outcome(self._act("message_shortcut", **where, callback_id=callback_id))

    def submits(
        self,
        values: dict[str, dict[str, Any]] | None = None,
        *,
        twice: bool = False,
        unchecked: bool = False,
    ) -> Outcome:
        """Fill in the modal on top and submit it.

        Args:
            values: by block_id and action_id; what is left out stays as it is shown.
            twice: let the same submission reach the app a second time.
            unchecked: skip the checks of Slack's own client.

        Raises:
            LookupError: no modal is open.
        """
        view = self._top()["id"]
        done = self._act("submit", view_id=view, values=values, twice=twice, unchecked=unchecked)
        return _outcome(done)

    def clicks(
        self,
        action_id: str,
        value: Any = None,
        values: dict[str, dict[str, Any]] | None = None,
        *,
        message: tuple[str, str] | None = None,
        home: bool = False,
        block_id: str | None = None,
        twice: bool = False,
    ) -> Outcome:
        """Press a button or choose a value: in a message, the modal on top or the Home tab.

        Args:
            action_id: which element; `block_id` tells two of the same action_id apart.
            value: what is chosen, for anything but a button.
            values: what else stands in the modal's inputs by now.
            message: channel and ts, if it stands in a message.
            home: whether it stands in the app's Home tab, even if a modal is open; without a
                modal it does anyway.
            block_id: see `action_id`.
            twice: let the same click reach the app a second time.

        Raises:
            LookupError: there is no such element, message or modal.
        """
        where: Json
        if message is None:
            view = self._view(home=home)
            where, blocks = {"view_id": view["id"], "values": values}, view["blocks"]
        else:
            shown, ts = self.sees(), message[1]
            channel = self._named(message[0], shown)
            where = {"channel": channel, "ts": ts}
            blocks = self._message(channel, ts, shown)["blocks"]
        block_id = block_id or _block_of(action_id, blocks)
        what = {"block_id": block_id, "action_id": action_id, "value": value, "twice": twice}
        return _outcome(self._act("block_action", **where, **what))

    def closes(self, *, all: bool = False) -> Outcome:  # noqa: A002
        """Close the modal on top, or all of them.

        Raises:
            LookupError: no modal is open.
        """
        return _outcome(self._act("close", view_id=self._top()["id"], all=all))

    def reacts(self, name: str, channel: str, ts: str) -> Outcome:
        """Add a reaction to a message."""
        return _outcome(self._act("react", channel=self._channel(channel), ts=ts, name=name))

    def unreacts(self, name: str, channel: str, ts: str) -> Outcome:
        """Take a reaction away."""
        return _outcome(self._act("unreact", channel=self._channel(channel), ts=ts, name=name))

    def pins(self, channel: str, ts: str) -> Outcome:
        """Pin a message to its channel."""
        return _outcome(self._act("pin", channel=self._channel(channel), ts=ts))

    def unpins(self, channel: str, ts: str) -> Outcome:
        """Take a pin off, whoever put it there."""
        return _outcome(self._act("unpin", channel=self._channel(channel), ts=ts))

    def opens_dm(self, user: str) -> str:
        """Open the direct message with someone (the app too) and return its channel id."""
        return str(self._act("open_dm", user=user)["channel"])

    def opens_home(self, tab: str = "home") -> Outcome:
        """Open the app's Home tab (or its "messages") and wait for what the app does then.

        The outcome is "opened" when the app does not hear of it, and "not_enabled" when it has no
        such tab; else it is that of the event.
        """
        return _outcome(self._act("open_home", tab=tab))

    def dismisses(self, notice: int | str) -> Outcome:
        """Dismiss a notice by its id, or an ephemeral message by its ts."""
        return _outcome(self._act("dismiss", notice=notice))

    # What they see

    def sees(self) -> Json:
        """Return everything that this person sees."""
        seen: Json = self._http.get(f"/control/see?as={quote(self.id)}")
        return seen

    @property
    def views(self) -> list[Json]:
        """The open modals, bottom first."""
        views: list[Json] = self._glances()["views"]
        return views

    @property
    def view(self) -> Json | None:
        """The modal on top, or None."""
        views = self.views
        return views[-1] if views else None

    @property
    def home(self) -> Json | None:
        """The app's Home tab as published for this person, or None."""
        home: Json | None = self._glances()["home"]
        return home

    @property
    def notices(self) -> list[Json]:
        """What Slack's own client told this person."""
        notices: list[Json] = self._glances()["notices"]
        return notices

    def messages(self, channel: str) -> list[Json]:
        """Return the messages of a channel (or of the DM with someone), oldest first."""
        return [message for message in self._shown(channel) if not message["ephemeral"]]

    def ephemerals(self, channel: str) -> list[Json]:
        """Return the messages there that only this person sees."""
        return [message for message in self._shown(channel) if message["ephemeral"]]

    def is_shown(self, text: str) -> bool:
        """Whether this text stands anywhere in what the person sees."""
        seen = self.sees()
        shown = [seen["messages"], seen["views"], seen["notices"], seen["home"]]
        return any(text in each for each in _texts(shown))

    def _glances(self) -> Json:
        """Return what this person sees, without messages: there may be thousands."""
        seen: Json = self._http.get(f"/control/see?as={quote(self.id)}&in=")
        return seen

    def _shown(self, channel: str) -> list[Json]:
        seen = self.sees()
        return _messages(self._named(channel, seen), seen)

    def _message(self, channel: str, ts: str, seen: Json) -> Json:
        for message in _messages(channel, seen):
            if message["ts"] == ts:
                return message
        raise LookupError(f"{self.name} sees no message {ts} in {channel}.")

    def _top(self) -> Json:
        view = self.view
        if view is None:
            raise LookupError(f"{self.name} has no modal open.")
        return view

    def _view(self, *, home: bool) -> Json:
        """Return the Home tab, or if that is not asked for the modal on top, if there is one."""
        seen = self._glances()
        views = [] if home else seen["views"]
        view: Json | None = views[-1] if views else seen["home"]
        if view is None and home:
            raise LookupError(f"The app has published no Home tab for {self.name}.")
        if view is None:
            raise LookupError(f"{self.name} has no modal open.")
        return view

    def _channel(self, name: str) -> str:
        """Return the id of a channel by its name or id, or of the DM with the one so named."""
        return self._named(name, self._glances())

    def _named(self, name: str, seen: Json) -> str:
        channels = seen["channels"]
        for channel in channels:
            if name in (channel["id"], channel["name"]):
                return str(channel["id"])
        other = self._names.get(name.removeprefix("@"), name)
        for channel in channels:
            if channel.get("with") == other:
                return str(channel["id"])
        return name

    def _act(self, do: str, **what: Any) -> Json:
        return self._http.post("/control/act", {"as": self.id, "do": do, **what})


def _outcome(answer: Json) -> Outcome:
    return Outcome(answer["outcome"], answer.get("errors", {}), answer.get("second"))


def _messages(channel: str, seen: Json) -> list[Json]:
    shown: list[Json] = seen["messages"].get(channel, [])
    return shown


def _block_of(action_id: str, blocks: list[Json]) -> str:
    for placed in elements(blocks):
        if placed.action_id == action_id:
            return placed.block_id
    raise LookupError(f"Nothing here has the action_id {action_id!r}.")


def _texts(value: Any) -> list[str]:
    """Return every text inside, keys left out."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []
