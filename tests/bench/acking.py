"""An app that acknowledges at once whatever comes over Socket Mode; a process of its own.

It is as cheap as can be, because it shares the machine with what it measures: an envelope is not
read beyond its id.
"""

from __future__ import annotations

import asyncio
import json
import os
from threading import Thread
from urllib.request import Request, urlopen

from aiohttp import ClientSession, WSMsgType

from tests.bench.workers import answer

_BEGINNING = '{"envelope_id": "'
_ID = 36


async def acknowledge(api_url: str, token: str) -> None:
    """Connect, and acknowledge until the connection ends."""
    async with ClientSession() as session, session.ws_connect(_address(api_url, token)) as socket:
        async for message in socket:
            if message.type is WSMsgType.TEXT and message.data.startswith(_BEGINNING):
                await socket.send_str(message.data[: len(_BEGINNING) + _ID] + '"}')


def _address(api_url: str, token: str) -> str:
    asked = Request(f"{api_url}apps.connections.open", b"", {"Authorization": f"Bearer {token}"})
    with urlopen(asked) as response:
        return str(json.load(response)["url"])


if __name__ == "__main__":
    told = os.environ["SLACK_API_URL"], os.environ["SLACK_APP_TOKEN"]
    Thread(target=answer, args=("ready", {}), daemon=True).start()
    asyncio.run(acknowledge(*told))
