"""The smallest Bolt app there can be: it acknowledges a form and does nothing.

Everything that is not Hearth's own work is as in Hearth: the app's switches, the handler with its
concurrency and buffer, the level of logging. What is between the two is what Hearth does.
"""

from __future__ import annotations

import logging
import os
import threading

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient


def bolt(api_url: str, token: str) -> App:
    """Return an app that listens to nothing yet."""
    return App(
        client=WebClient(token=token, base_url=api_url),
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
    )


def listen(app: App) -> None:
    """Let it acknowledge the form of the check-in."""
    app.view("checkin")(_acknowledge)


def _acknowledge(ack: Ack) -> None:
    ack()


def main() -> None:
    """Run it until it is killed."""
    logging.basicConfig(level=logging.INFO)
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.WARNING)
    app = bolt(os.environ["SLACK_API_URL"], os.environ["SLACK_BOT_TOKEN"])
    listen(app)
    token = os.environ["SLACK_APP_TOKEN"]
    handler = SocketModeHandler(app, token, concurrency=32, receive_buffer_size=64 * 1024)
    handler.connect()  # type: ignore[no-untyped-call]
    threading.Event().wait()


if __name__ == "__main__":
    main()
