"""files.*: announced, uploaded, shared, listed and deleted."""

from __future__ import annotations

import re

from sandbox import files, posting, writing
from sandbox.errors import SlackError, invalid_arguments
from sandbox.webapi import Call, method
from sandbox.workspace import Channel, File, Json

LARGEST = 1_000_000_000
LARGEST_SNIPPET = 1_000_000
LONGEST_DESCRIPTION = 1_000
MOST_PLACES = 100
_LAST_PAGE = 999_999_999
_MOST = 1000
_CANNOT_SHARE = (
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "messages_tab_disabled",
    "thread_not_found",
)
_TYPES = {
    "all": "",
    "images": "image/",
    "pdfs": "application/pdf",
    "zips": "application/zip",
    **dict.fromkeys(("gdocs", "snippets", "spaces"), "made in Slack, where the app makes none"),
}
"""How the content types of files begin, by what files.list calls them."""
_INSTANT = re.compile(r"[0-9]{1,12}(\.[0-9]*)?")
_STYLE = ("username", "icon_emoji", "icon_url", "blocks")


@method(
    "files.getUploadURLExternal",
    tier=4,
    scopes=("files:write",),
    required=("filename", "length"),
    optional=("alt_txt", "snippet_type"),
    errors=(
        *("alt_txt_too_large", "file_upload_size_restricted", "missing_argument"),
        "snippet_too_large",
    ),
)
def get_upload_url(call: Call) -> Json:
    """Announce a file, and say where its content is to be sent; empty ones are none."""
    if call.text("length") == "0":
        raise SlackError("missing_argument")
    length = call.number("length", default=1, most=LARGEST + 1)
    if length > LARGEST:
        raise SlackError("file_upload_size_restricted")
    if call.text("snippet_type") and length > LARGEST_SNIPPET:
        raise SlackError("snippet_too_large")
    if len(call.text("alt_txt")) > LONGEST_DESCRIPTION:
        raise SlackError("alt_txt_too_large")
    if not call.text("filename"):
        raise invalid_arguments("must provide a name [json-pointer:/filename]")
    file = files.announce(call.slack, call.text("filename"), length)
    return {"upload_url": files.upload_url(call.slack, file), "file_id": file.id}


@method(
    "files.completeUploadExternal",
    tier=4,
    scopes=("files:write",),
    required=("files",),
    optional=("channel_id", "channels", "initial_comment", "thread_ts", *_STYLE),
    errors=("file_not_found", *_CANNOT_SHARE, "channels_limit_exceeded"),
)
def complete_upload(call: Call) -> Json:
    """Finish uploads, and share the files in a conversation; in none they stay private.

    All files of a call come in one message. What Slack tells of them here does not yet have
    their kind nor where they are shared: files.info does.
    """
    given = _given(call)
    places = _places(call)
    thread_ts = call.text("thread_ts")
    if thread_ts and any(thread_ts not in place.messages for place in places):
        raise SlackError("thread_not_found")
    comment = call.text("initial_comment")
    content = {"text": comment} if comment else {"blocks": call.arguments.get("blocks")}
    content["thread_ts"] = thread_ts
    attached = [file for file, _title in given]
    for place in places:
        try:
            message = writing.post(call.slack, place, content, attached=attached)
        except SlackError as error:
            raise SlackError("invalid_blocks", **error.extra) from None
        for file in attached:
            file.shares[place.id] = message.ts
    for file, title in given:
        files.complete(call.slack, file, title)
    early = {"mimetype": "", "filetype": "", "shares": {}, "channels": [], "groups": [], "ims": []}
    return {"files": [files.describe(call.slack, file) | early for file in attached]}


@method(
    "files.info",
    tier=4,
    scopes=("files:read",),
    required=("file",),
    optional=("count", "cursor", "limit", "page"),
    errors=("file_not_found", "file_deleted"),
)
def info(call: Call) -> Json:
    """Describe one file."""
    described = files.describe(call.slack, _file(call))
    return {"file": described, "comments": [], "response_metadata": {"next_cursor": ""}}


@method(
    "files.list",
    tier=3,
    scopes=("files:read",),
    optional=(
        *("channel", "count", "page", "ts_from", "ts_to", "types", "user"),
        "show_files_hidden_by_limit",
    ),
    errors=("channel_not_found", "unknown_type", "user_not_found"),
)
def list_files(call: Call) -> Json:
    """List the files that the app may see, newest first; in numbered pages, as Slack does here."""
    found = [f for f in call.slack.workspace.files.values() if f.complete and not f.deleted]
    if call.text("channel"):
        channel = call.channel()
        found = [file for file in found if channel.id in file.shares]
    if call.text("user"):
        if call.text("user") not in call.slack.workspace.users:
            raise SlackError("user_not_found")
        found = [file for file in found if file.user == call.text("user")]
    types = call.text("types", "all").split(",")
    if not set(types) <= _TYPES.keys():
        raise SlackError("unknown_type")
    kinds = tuple(_TYPES[each] for each in types)
    found = [file for file in found if files.mimetype(file).startswith(kinds)]
    first, last = _second(call, "ts_from", "0"), _second(call, "ts_to", "9999999999")
    found = [file for file in found if first <= file.created <= last]
    found.reverse()
    count = call.number("count", default=100, most=_MOST)
    page = call.number("page", default=1, most=_LAST_PAGE)
    shown = found[(page - 1) * count : page * count]
    pages = -(-len(found) // count)
    return {
        "files": [files.describe(call.slack, file) for file in shown],
        "paging": {"count": count, "total": len(found), "page": page, "pages": pages},
    }


@method(
    "files.delete",
    tier=3,
    scopes=("files:write",),
    required=("file",),
    errors=("file_not_found", "file_deleted"),
)
def delete(call: Call) -> Json:
    """Delete a file; a message that showed nothing else goes with it."""
    for channel, ts in files.forget(call.slack, _file(call)):
        message = channel.messages[ts]
        if not message.text and all(file.deleted for file in message.files):
            writing.delete(call.slack, channel, message)
        else:
            posting.changed(call.slack, channel)
    return {}


def _second(call: Call, name: str, default: str) -> float:
    given = call.text(name, default)
    if not _INSTANT.fullmatch(given):
        raise invalid_arguments(f"must be a timestamp [json-pointer:/{name}]")
    return float(given)


def _file(call: Call) -> File:
    file = call.slack.workspace.files.get(call.text("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    return file


def _given(call: Call) -> list[tuple[File, str]]:
    """Return the files that a call completes, with their titles."""
    given = call.arguments["files"]
    if not isinstance(given, list) or not given:
        raise invalid_arguments("must be an array [json-pointer:/files]")
    found = []
    for index, each in enumerate(given):
        if not isinstance(each, dict) or not isinstance(each.get("id"), str):
            raise invalid_arguments(f"missing required field: id [json-pointer:/files/{index}]")
        file = call.slack.workspace.files.get(each["id"])
        if file is None or file.complete or file.content is None:
            raise SlackError("file_not_found")
        found.append((file, str(each.get("title") or "")))
    return found


def _places(call: Call) -> list[Channel]:
    """Return where the files are to be shown, or refuse.

    Only `channels` takes the id of a person; `channel_id` wants that of a conversation.
    """
    workspace, places = call.slack.workspace, []
    if len(call.text("channels").split(",")) > MOST_PLACES:
        raise SlackError("channels_limit_exceeded")
    if call.text("channel_id"):
        places.append(call.channel("channel_id"))
    for name in filter(None, call.text("channels").split(",")):
        person = workspace.users.get(name)
        channel = workspace.channels.get(name)
        if person is not None and not person.is_bot and workspace.knows(person):
            channel = workspace.dm(workspace.bot.id, person.id)
        if channel is None:
            raise SlackError("channel_not_found")
        places.append(channel)
    for place in places:
        if place.kind == "im" and call.slack.app.messages_tab == "off":
            raise SlackError("messages_tab_disabled")
        if not workspace.bot_is_in(place):
            raise SlackError("not_in_channel" if place.kind == "channel" else "channel_not_found")
        if place.archived:
            raise SlackError("is_archived")
    return places
