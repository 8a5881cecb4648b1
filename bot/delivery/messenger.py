"""What the sender asks of Slack, and what each answer says about the message.

Slack's Web API is not idempotent, so the one question is: does Slack have it? Every failure is
told as one of `bot.errors.NotDelivered`: surely not, not now, never, or nobody knows.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import Request, urlopen
from uuid import UUID

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.delivery.codes import is_own_trouble
from bot.domain.delivery import Post
from bot.errors import NobodyKnows, NotDelivered, NotReached, RateLimited, Refused
from bot.views.letters import Attachment, Letter

EVENT_TYPE = "hearth_delivery"
PAGE, PAGES = 200, 20
"""As many messages are looked through for a delivery; a channel would have to be very busy."""


class SlackMessenger:
    """Posts, changes, takes away and looks for messages; one call, one attempt."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def post(self, channel: str, letter: Letter, delivery: UUID) -> Post:
        """Post a letter and return where it stands; of one with files, which files they are.

        Raises:
            NotDelivered: which kind says whether Slack may have it.
        """
        if letter.files:
            return self._upload(channel, letter, delivery)
        with _asking():
            answer = self._client.chat_postMessage(
                channel=channel,
                text=letter.text,
                blocks=list(letter.blocks),
                thread_ts=letter.thread.ts if letter.thread else None,
                metadata=_metadata(delivery),
                unfurl_links=False,
                unfurl_media=False,
            )
            return Post(str(answer["channel"]), str(answer["ts"]))

    def change(self, post: Post, letter: Letter, delivery: UUID) -> None:
        """Put a letter in the place of what stands there; files stay as they are.

        Raises:
            NotDelivered: as for `post`; Refused("message_not_found") when nothing stands there.
        """
        if post.files:
            return
        with _asking():
            self._client.chat_update(
                channel=post.channel,
                ts=post.ts,
                text=letter.text,
                blocks=list(letter.blocks),
                metadata=_metadata(delivery),
            )

    def pin(self, post: Post) -> None:
        """Keep a message in sight in its channel; harmless when it is.

        Raises:
            NotDelivered: it is not pinned, or nobody knows; the message itself stands.
        """
        try:
            with _asking():
                self._client.pins_add(channel=post.channel, timestamp=post.ts)
        except Refused as error:
            if error.code != "already_pinned":
                raise

    def unpin(self, post: Post) -> None:
        """Let a message go out of sight with time; harmless when it is not pinned.

        Raises:
            NotDelivered: it may still be pinned.
        """
        try:
            with _asking():
                self._client.pins_remove(channel=post.channel, timestamp=post.ts)
        except Refused as error:
            if error.code not in {"no_pin", "not_pinned"}:
                raise

    def take_away(self, post: Post) -> None:
        """Delete a message, or files with the message that shows them.

        Files that are gone already do no harm.

        Raises:
            NotDelivered: as for `change`.
        """
        if post.files:
            self._take_away_around(post.files)
            for file in post.files:
                self._delete(file)
            return
        with _asking():
            self._client.chat_delete(channel=post.channel, ts=post.ts)

    def open_dm(self, person: str) -> str:
        """Return the id of the direct message with a person.

        Raises:
            NotDelivered: it could not be opened.
        """
        with _asking():
            return str(self._client.conversations_open(users=person)["channel"]["id"])

    def is_known(self) -> bool:
        """Whether Slack takes the token."""
        try:
            with _asking():
                self._client.auth_test()
        except NotDelivered:
            return False
        return True

    def find(
        self,
        channel: str,
        deliveries: Iterable[UUID],
        *,
        since: datetime,
        thread: Post | None = None,
    ) -> Sequence[Post]:
        """Look for the messages of deliveries in a channel; usually there is one or none.

        Args:
            channel: where they would stand.
            deliveries: whose messages are meant.
            since: nothing older is looked at.
            thread: look among the replies to this message, which stand nowhere else.

        Returns:
            Where it stands, the oldest first.

        Raises:
            Refused: the channel cannot be read, or holds too much to look through.
            NotDelivered: Slack did not say.
        """
        ids, found = {str(each) for each in deliveries}, list[Post]()
        window = {"oldest": f"{since.timestamp():.6f}", "limit": PAGE}
        window |= {"include_all_metadata": True, "cursor": None}
        for _ in range(PAGES):
            with _asking():
                answer = self._page(channel, thread, window)
                for message in answer["messages"]:
                    if _carries(message, ids):
                        found.append(Post(channel, str(message["ts"])))
                if not answer.get("has_more"):
                    break
                window["cursor"] = answer["response_metadata"]["next_cursor"]
        else:
            if not found:
                raise Refused("too_many_messages")
        return sorted(found, key=lambda post: post.ts)

    def _page(self, channel: str, thread: Post | None, window: dict[str, Any]) -> SlackResponse:
        if thread is None:
            return self._client.conversations_history(channel=channel, **window)
        return self._client.conversations_replies(channel=channel, ts=thread.ts, **window)

    def find_files(self, deliveries: Iterable[UUID], *, since: datetime) -> Found:
        """Look for the files of deliveries by their names.

        Returns:
            Those that somebody is shown, the oldest first, and those that never came so far.

        Raises:
            NotDelivered: Slack did not say.
        """
        ids = {str(each) for each in deliveries}
        groups: dict[str, list[dict[str, Any]]] = {}
        for page in range(1, PAGES + 1):
            with _asking():
                answer = self._client.files_list(
                    ts_from=str(int(since.timestamp())), count=PAGE, page=page
                )
                for file in answer["files"]:
                    number = _NUMBER.search(str(file.get("name", "")))
                    if number is not None and number[1] in ids:
                        groups.setdefault(number[1], []).append(file)
                if page >= int(answer["paging"]["pages"]):
                    break
        found = Found([], [])
        for group in sorted(groups.values(), key=lambda files: min(f["created"] for f in files)):
            shown = all(f.get("ims") or f.get("channels") or f.get("groups") for f in group)
            post = Post.of_files(sorted(str(file["id"]) for file in group))
            (found.shown if shown else found.left).append(post)
        return found

    def _upload(self, channel: str, letter: Letter, delivery: UUID) -> Post:
        """Send files and show them in a channel, all in one message."""
        ids = []
        try:
            for file in letter.files:
                ids.append(self._send(file, delivery))
        except NobodyKnows as error:
            raise NotReached(error.code) from None  # what is not completed, nobody is shown
        titles = [file.title for file in letter.files]
        with _asking():
            self._client.files_completeUploadExternal(
                files=[
                    {"id": each, "title": title} for each, title in zip(ids, titles, strict=True)
                ],
                channel_id=channel,
                initial_comment=letter.text,
            )
        return Post.of_files(ids)

    def _send(self, file: Attachment, delivery: UUID) -> str:
        """Send the content of one file and return its id."""
        with _asking():
            answer = self._client.files_getUploadURLExternal(
                filename=f"{file.name}-{delivery}.{file.kind}", length=len(file.content)
            )
            url = str(answer["upload_url"])
            if not url.startswith(("https://", "http://")):
                raise Refused("no_upload_address")
            request = Request(url, data=file.content, method="POST")  # noqa: S310  # looked at above
            request.add_header("Content-Type", "application/octet-stream")
            until, tls = self._client.timeout, self._client.ssl
            with urlopen(request, timeout=until, context=tls) as done:  # noqa: S310
                done.read()
            return str(answer["file_id"])

    def _take_away_around(self, files: Sequence[str]) -> None:
        """Delete the messages that show files, while Slack still says which they are.

        A message that Slack does not want deleted stays; the files have to go all the same.
        """
        try:
            for place in self._shown_in(files):
                self.take_away(place)
        except Refused:
            return  # deleted already, or not ours to delete
        except NotReached as error:
            if error.code == "unreachable":
                raise

    def _shown_in(self, files: Sequence[str]) -> Sequence[Post]:
        """Return the messages that show the first of the files that Slack still has."""
        for file in files:
            try:
                with _asking():
                    shares = self._client.files_info(file=file)["file"].get("shares") or {}
                    places = [each for kind in shares.values() for each in kind.items()]
                    return [Post(where, str(s["ts"])) for where, all_ in places for s in all_]
            except Refused:
                continue
        return []

    def _delete(self, file: str) -> None:
        try:
            with _asking():
                self._client.files_delete(file=file)
        except Refused as error:
            if error.code not in {"file_not_found", "file_deleted"}:
                raise


class Found(NamedTuple):
    """Files of ours that Slack has."""

    shown: list[Post]
    left: list[Post]


_NUMBER = re.compile(r"-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[a-z]+$")


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # whatever it is, the request may have arrived
        raise _meaning(error) from None


def _metadata(delivery: UUID) -> dict[str, Any]:
    # Everybody in the workspace can read this, so it is a random number and nothing else.
    return {"event_type": EVENT_TYPE, "event_payload": {"id": str(delivery)}}


def _carries(message: dict[str, Any], ids: Container[str]) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == EVENT_TYPE and str(payload.get("id")) in ids


def _meaning(error: Exception) -> NotDelivered:
    """Return what a failed call says about the message."""
    if isinstance(error, NotDelivered):
        return error
    if isinstance(error, SlackApiError):
        return _answered(error)
    reason = error.reason if isinstance(error, URLError) else None
    if isinstance(reason, ConnectionRefusedError | socket.gaierror | ssl.SSLError):
        return NotReached("unreachable")
    # No answer, half an answer, or one that is none: the request itself may well have arrived.
    return NobodyKnows("no_answer")


def _answered(error: SlackApiError) -> NotDelivered:
    status = getattr(error.response, "status_code", 200)
    headers = getattr(error.response, "headers", {})
    code = str(error.response.get("error", ""))
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return RateLimited(_seconds(headers))
    if status >= 500 or is_own_trouble(code):
        return NobodyKnows("no_answer")
    if code in _NOT_NOW:
        return NotReached(code)
    return Refused(code)


def _seconds(headers: Any) -> float:
    try:
        return max(1.0, float({k.lower(): v for k, v in headers.items()}["retry-after"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        return 30.0


# The operator has to mend something, or the workspace is moving house: the message is not at fault.
_NOT_NOW = {
    "account_inactive",
    "accesslimited",
    "ekm_access_denied",
    "invalid_auth",
    "missing_scope",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "team_added_to_org",
    "token_expired",
    "token_revoked",
}
