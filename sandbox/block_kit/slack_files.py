"""Images in blocks that are files of the workspace (`slack_file`): which of them Slack takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from sandbox import files
from sandbox.block_kit.rules import Check
from sandbox.slack import Slack
from sandbox.workspace import File, Json

_ID = "^[F][A-Z0-9]{8,}$"
_IN_ADDRESS = re.compile(r"/(F[A-Z0-9]{8,})(?:/|$)")
_KINDS = {"gif", "jpeg", "jpg", "png"}


def problems(slack: Slack, blocks: list[Json], where: str) -> list[str]:
    """Return what Slack would say of the files in these blocks, each with its place.

    The blocks must have kept their own rules: each file is named once, and is the only source.
    """
    check = Check(*where.split("/"))
    for place, image in _images(blocks):
        _image(slack, check.at(*place), image)
    return check.problems


def _image(slack: Slack, at: Check, image: Json) -> None:
    named = image["slack_file"]
    if "id" in named and not re.fullmatch(_ID, str(named["id"])):
        at.say("slack_file/id", f"input must match regex pattern: {_ID}")
    elif not _usable(slack, slack.workspace.files.get(_id(named))):
        at.say("slack_file", "invalid slack file")


def _id(named: Json) -> str:
    if "id" in named:
        return str(named["id"])
    found = _IN_ADDRESS.search(str(named["url"]))
    return found[1] if found else ""


def _usable(slack: Slack, file: File | None) -> bool:
    if file is None or file.deleted or not files.is_ready(slack, file):
        return False
    return PurePath(file.name).suffix.removeprefix(".").lower() in _KINDS


def _images(value: Any) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    """Yield the images that name a file, wherever in the blocks they are, with their places."""
    if isinstance(value, dict) and value.get("slack_file") is not None:
        if value.get("type") == "image":
            yield (), value
        return
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in inside:
        if isinstance(inner, (dict, list)):
            for place, image in _images(inner):
                yield (key, *place), image
