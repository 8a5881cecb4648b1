"""What a script or the page may order to happen to the app's connections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sandbox.control.fields import Fields
from sandbox.delivery.socket_mode import CLOSING_SECONDS, Hub
from sandbox.errors import ActError
from sandbox.workspace import Json

_MOST_SECONDS = 3600.0


def state(hub: Hub) -> Json:
    """Return how it stands with the connections."""
    return {"ok": True, "refusing": hub.refusing, **hub.counts()}


async def order(hub: Hub, fields: Fields) -> Json:
    """Do what `do` says, and return how it stands then.

    Raises:
        ActError: there is no such order, or a field of it makes no sense.
    """
    doing = _ORDERS.get(fields.text("do"))
    if doing is None:
        raise ActError(f'Say what to "do": {", ".join(_ORDERS)}.')
    await doing(hub, fields)
    return state(hub)


async def _drop(hub: Hub, _fields: Fields) -> None:
    hub.drop()


async def _freeze(hub: Hub, _fields: Fields) -> None:
    hub.freeze()


async def _thaw(hub: Hub, _fields: Fields) -> None:
    hub.thaw()


async def _warn(hub: Hub, _fields: Fields) -> None:
    await hub.warn()


async def _refresh(hub: Hub, fields: Fields) -> None:
    given = fields.has("closing_seconds")
    seconds = fields.number("closing_seconds", most=_MOST_SECONDS) if given else CLOSING_SECONDS
    await hub.refresh(seconds)


async def _refuse(hub: Hub, fields: Fields) -> None:
    at = fields.text("at", "open")
    if at not in ("open", "handshake"):
        raise ActError('Connections are refused "at" open or handshake.')
    hub.refusing = "handshake" if at == "handshake" else "open"


async def _accept(hub: Hub, _fields: Fields) -> None:
    hub.refusing = None


async def _disable(hub: Hub, _fields: Fields) -> None:
    await hub.switch_off()


_ORDERS: dict[str, Callable[[Hub, Fields], Awaitable[None]]] = {
    "drop": _drop,
    "freeze": _freeze,
    "thaw": _thaw,
    "warn": _warn,
    "refresh": _refresh,
    "refuse": _refuse,
    "accept": _accept,
    "disable": _disable,
}
