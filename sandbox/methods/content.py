"""What may be in a message that the app writes by a chat.* method: text, metadata, thread."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox import posting
from sandbox.errors import SlackError
from sandbox.webapi import Call
from sandbox.workspace import Channel, Json

SHOWN = ("text", "blocks", "attachments", "markdown_text")
"""The arguments of which a message needs one at least."""

UNSHOWABLE = (
    "invalid_attachments",
    "invalid_blocks_format",
    "markdown_text_conflict",
    "no_text",
    "too_many_attachments",
)
"""How any of these methods may refuse them."""

LONGEST_MARKDOWN = 12_000
LARGEST_METADATA = 16_000
_HOLDERS = (dict, list)
_EVENT_TYPE = re.compile(r"[A-Za-z0-9_-]+")


def shown(call: Call, *, too_long: str) -> Json:
    """Return the arguments of which the message is made.

    Raises:
        SlackError: `markdown_text_conflict`, or `too_long` for the markdown.
    """
    markdown = call.text("markdown_text")
    if markdown and (call.arguments.get("text") or call.arguments.get("blocks")):
        raise SlackError("markdown_text_conflict")
    if len(markdown) > LONGEST_MARKDOWN:
        raise SlackError(too_long)
    texts = {name: call.text(name) for name in ("text", "markdown_text") if name in call.arguments}
    return {name: call.arguments[name] for name in SHOWN if name in call.arguments} | texts


def length(blocks: Any) -> int:
    """Return how many characters of text there are in blocks, however deep."""
    if isinstance(blocks, list):
        return sum(map(length, blocks))
    if not isinstance(blocks, dict):
        return 0
    text = blocks.get("text")
    inside = sum(length(each) for each in blocks.values() if isinstance(each, _HOLDERS))
    return inside + (len(text) if isinstance(text, str) else 0)


def metadata(call: Call) -> Json:
    """Return the metadata to be stored, under its name; nothing if Slack drops it.

    With another sign than letters, digits, _ and - in its event_type it is dropped without a
    word, and the message is posted all the same.

    Raises:
        SlackError: `invalid_metadata_format` without an event_type and an event_payload, unless
            it is empty; `metadata_too_large`.
    """
    given: Any = call.arguments.get("metadata")
    if "metadata" not in call.arguments or given == {}:
        return {} if given is None else {"metadata": given}
    if not isinstance(given, dict) or not isinstance(given.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    event_type = given.get("event_type")
    if not isinstance(event_type, str) or not event_type:
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(given, ensure_ascii=False).encode()) > LARGEST_METADATA:
        raise SlackError("metadata_too_large")
    return {"metadata": given} if _EVENT_TYPE.fullmatch(event_type) else {}


def thread(call: Call, channel: Channel) -> Json:
    """Return the thread that a message is a reply in, under its name.

    Raises:
        SlackError: as `posting.thread`.
    """
    ts = posting.thread(channel, call.text("thread_ts"))
    return {"thread_ts": ts, "broadcast": call.flag("reply_broadcast")} if ts else {}
