"""OAuth v2: what an app asks a person for, and the code that it is given in return."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

from sandbox.clock import Clock
from sandbox.credentials import CLIENT_ID, CLIENT_SECRET
from sandbox.delivery.loopback import is_here
from sandbox.errors import SlackError

Value = TypeVar("Value")

LIFE = timedelta(minutes=10)
"""How long a code may be exchanged; by the workspace's clock."""

_REMEMBERED = 1_000
_SCOPE = re.compile(r"[a-z_.]+(:[a-z_.]+)*")


class NotAsked(Exception):
    """An app's question cannot be shown to anybody; `code` is Slack's own word for it."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True)
class Question:
    """What an app asks for.

    Attributes:
        scopes: of the bot.
        user_scopes: in the name of whoever installs it.
        redirect_uri: as it was sent, None if it was not.
        target: where the person goes in the end.
        state: what the app wants to be given back.
    """

    scopes: tuple[str, ...]
    user_scopes: tuple[str, ...]
    redirect_uri: str | None
    target: str
    state: str | None


@dataclass
class Grant:
    """That somebody said yes, and until when the code for it can be exchanged."""

    question: Question
    user: str
    expires: datetime
    used: bool = False


class Consents:
    """Questions that were put to people, and the codes of those who said yes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._questions: dict[str, Question] = {}
        self._grants: dict[str, Grant] = {}

    def ask(self, query: Mapping[str, str], configured: tuple[str, ...]) -> tuple[str, Question]:
        """Return what a link asks for, and a key with which it is answered once.

        Args:
            query: of the link to /oauth/v2/authorize.
            configured: the redirect URLs of the app.

        Raises:
            NotAsked: the link makes no sense, or leads away from this machine.
        """
        if query.get("client_id") != CLIENT_ID:
            raise NotAsked("invalid_client_id", "No app has this client id.")
        scopes, user_scopes = _scopes(query.get("scope")), _scopes(query.get("user_scope"))
        if not scopes and not user_scopes:
            raise NotAsked("no_scopes", "The app asks for nothing.")
        given = query.get("redirect_uri")
        target = given or next(iter(configured), "")
        if not is_here(target) or not any(_beneath(target, each) for each in configured):
            raise NotAsked("bad_redirect_uri", "No redirect URL of the app, or not here.")
        question = Question(scopes, user_scopes, given, target, query.get("state"))
        key = secrets.token_urlsafe(18)
        _remember(self._questions, key, question)
        return key, question

    def answer(self, key: str, user: str | None) -> str:
        """Return where the person goes: with a code, or as None with access_denied.

        Raises:
            NotAsked: nothing was asked under that key, or it was answered before.
        """
        question = self._questions.pop(key, None)
        if question is None:
            raise NotAsked("invalid_request", "This question was answered, or never asked.")
        if user is None:
            return _told(question, error="access_denied")
        code = f"{CLIENT_ID}.{secrets.token_hex(32)}"
        _remember(self._grants, code, Grant(question, user, self._clock.now() + LIFE))
        return _told(question, code=code)

    def exchange(self, code: str, redirect_uri: str | None) -> Grant:
        """Return what a code stands for; it can be exchanged once.

        Raises:
            SlackError: it is unknown, too old or used up, or was asked for at another address.
        """
        grant = self._grants.get(code)
        if grant is None or self._clock.now() >= grant.expires:
            raise SlackError("invalid_code")
        if grant.used:
            raise SlackError("code_already_used")
        if redirect_uri != grant.question.redirect_uri:
            raise SlackError("bad_redirect_uri")
        grant.used = True
        return grant


def check_client(client_id: str, client_secret: str) -> None:
    """See that whoever calls is the app.

    Raises:
        SlackError: the id is another, or the secret does not belong to it.
    """
    if client_id != CLIENT_ID:
        raise SlackError("invalid_client_id")
    if client_secret != CLIENT_SECRET:
        raise SlackError("bad_client_secret")


def _scopes(text: str | None) -> tuple[str, ...]:
    """Return the scopes of a list with commas or spaces between them.

    Raises:
        NotAsked: one of them can be none.
    """
    names = tuple(dict.fromkeys(re.split(r"[,\s]+", (text or "").strip(", "))))
    found = tuple(name for name in names if name)
    if not all(_SCOPE.fullmatch(name) for name in found):
        raise NotAsked("invalid_scope", "One of the scopes is none.")
    return found


def _beneath(url: str, configured: str) -> bool:
    """Whether an address is one that was configured, or lies beneath it and does not climb out."""
    asked, base = urlsplit(url), urlsplit(configured)
    if not {".", ".."}.isdisjoint(re.split(r"[/\\]", unquote(asked.path))):
        return False
    path = base.path.rstrip("/")
    same = (asked.scheme, asked.netloc) == (base.scheme, base.netloc)
    return same and (asked.path.rstrip("/") == path or asked.path.startswith(f"{path}/"))


def _told(question: Question, **told: str) -> str:
    """Return the address with what the app is told, and its state."""
    state = {"state": question.state} if question.state is not None else {}
    parts = urlsplit(question.target)
    query = "&".join(each for each in (parts.query, urlencode({**told, **state})) if each)
    return urlunsplit(parts._replace(query=query))


def _remember(kept: dict[str, Value], key: str, value: Value) -> None:
    kept[key] = value
    if len(kept) > _REMEMBERED:
        del kept[next(iter(kept))]
