"""Files of the app: how their content arrives, where they are shown, how they go."""

from __future__ import annotations

import mimetypes
import secrets
from datetime import timedelta
from pathlib import PurePath
from urllib.parse import quote

from aiohttp import web

from sandbox.slack import Slack
from sandbox.workspace import Channel, File, Json

_KINDS = {"channel": "channels", "private": "groups", "im": "ims", "mpim": "groups"}


def announce(slack: Slack, name: str, length: int) -> File:
    """Make room for a file of that name and length, whose content is still to come."""
    workspace = slack.workspace
    file = File(
        id=workspace.new_id("F"),
        upload_key=secrets.token_urlsafe(24),
        name=name,
        length=length,
        user=workspace.bot.id,
        created=int(slack.clock.now().timestamp()),
    )
    workspace.files[file.id] = file
    return file


def upload_url(slack: Slack, file: File) -> str:
    """Return the address to which the content of a file is sent; whoever has it may."""
    return f"{slack.url}/upload/v1/{file.upload_key}"


def receive(slack: Slack, key: str, content: bytes) -> str | None:
    """Take the content of a file that waits for it; return a sentence if it cannot be taken."""
    for file in slack.workspace.files.values():
        if secrets.compare_digest(file.upload_key.encode(), key.encode()) and not file.complete:
            if len(content) != file.length:
                return f"{file.length} bytes were announced, and {len(content)} came."
            file.content = content
            return None
    return "Nothing is waited for here."


def complete(slack: Slack, file: File, title: str) -> None:
    """Finish an upload; Slack looks at the file a little later, by the workspace's clock."""
    file.complete, file.title = True, title or file.name
    file.ready_at = slack.clock.now() + timedelta(seconds=slack.files_ready_after_seconds)


def is_ready(slack: Slack, file: File) -> bool:
    """Whether Slack has looked at a file: before that it has no kind, and no block shows it."""
    return file.ready_at is not None and slack.clock.now() >= file.ready_at


def forget(slack: Slack, file: File) -> list[tuple[Channel, str]]:
    """Delete a file and its content; return the messages that showed it."""
    shown = [(slack.workspace.channels[place], ts) for place, ts in file.shares.items()]
    file.deleted, file.content = True, None
    file.shares.clear()
    return shown


def describe(slack: Slack, file: File) -> Json:
    """Return a file as Slack describes it to the app; of a deleted one only its place is left."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    address = f"{slack.url}/files-pri/{file.id}/{quote(file.name, safe='')}"
    ready = is_ready(slack, file)
    kind = (PurePath(file.name).suffix.removeprefix(".").lower() or "text") if ready else ""
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetype(file) if ready else "",
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": file.user,
        "user_team": slack.workspace.team_id,
        "size": file.length,
        "mode": "hosted",
        "editable": False,
        "is_external": False,
        "external_type": "",
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "url_private_download": address,
        "permalink": f"https://{slack.workspace.domain}.slack.com/files/{file.user}/{file.id}/",
        "comments_count": 0,
        **_places(slack, file if ready else None),
    }


def mimetype(file: File) -> str:
    """Return the kind of content that a file's name promises."""
    return mimetypes.guess_type(file.name)[0] or "text/plain"


def shared(slack: Slack, place: str | None) -> list[Json]:
    """Return the files that stand in a conversation (None: in any), with their content."""
    wanted = slack.workspace.at(place) if place is not None else None
    found = []
    for file in slack.workspace.files.values():
        for channel_id, ts in file.shares.items():
            if place is not None and (wanted is None or channel_id != wanted.id):
                continue
            message = slack.workspace.channels[channel_id].messages[ts]
            found.append(
                {
                    "id": file.id,
                    "name": file.name,
                    "title": file.title,
                    "content": file.content,
                    "channel": channel_id,
                    "ts": ts,
                    "text": message.text,
                }
            )
    return found


def served(file: File) -> web.Response:
    """Return the content of a file as something to save, which no browser runs."""
    return web.Response(
        body=file.content or b"",
        content_type=mimetype(file),
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _places(slack: Slack, file: File | None) -> Json:
    """Return where a file is shared, by the kinds of conversation; None is not looked at yet."""
    places: Json = {"channels": [], "groups": [], "ims": [], "shares": {}}
    for channel_id, ts in file.shares.items() if file else ():
        channel = slack.workspace.channels[channel_id]
        places[_KINDS[channel.kind]].append(channel_id)
        how = places["shares"].setdefault("public" if channel.kind == "channel" else "private", {})
        how[channel_id] = [
            {"ts": ts, "channel_name": channel.name, "team_id": slack.workspace.team_id}
        ]
    return places | {"is_public": bool(places["channels"])}
