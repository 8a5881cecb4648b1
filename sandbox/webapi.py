"""The Web API: how methods are declared, and how a call reaches one.

A method is a function with a decorator that says what it needs:

    @method("reactions.get", tier=3, scopes=("reactions:read",), required=("channel", "timestamp"))
    def get(call: Call) -> Json:
        ...

It returns the answer without `ok`, or raises SlackError with one of the codes it declared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sandbox import json_text
from sandbox.errors import SlackError, invalid_arguments
from sandbox.slack import Slack
from sandbox.weather.limits import Tier
from sandbox.workspace import Channel, Json

Token = Literal["bot", "app", "none"]
Function = Callable[["Call"], Json]

# What any method may answer, besides its own errors.
COMMON_ERRORS = frozenset({"invalid_arguments", "invalid_blocks", "missing_scope"})
# Arguments whose value is JSON; in a form they arrive as text.
_STRUCTURED = frozenset({"attachments", "blocks", "files", "metadata", "view"})
# Bolt adds team_id to every call of a listener's client, whatever the method.
_ANYWHERE = frozenset({"team_id"})
_TRUE, _FALSE = ("1", "true", "True"), ("0", "false", "False", "")


@dataclass(frozen=True)
class Method:
    """One Web API method: its declaration and the function that answers."""

    name: str
    function: Function
    tier: Tier | None
    token: Token
    scopes: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    errors: frozenset[str]


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    tier: Tier | None,
    token: Token = "bot",  # noqa: S107
    scopes: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
    errors: tuple[str, ...] = (),
) -> Callable[[Function], Function]:
    """Declare the function below as the Web API method `name`.

    Args:
        name: as the app calls it, such as "views.open".
        tier: how often it may be called (docs.slack.dev/apis/web-api/rate-limits); None where
            Slack has a rule of its own.
        token: which kind of token it takes.
        scopes: the app needs at least one of them; none means that no scope is needed.
        required: arguments without which the call is refused.
        optional: arguments it knows; any other is refused.
        errors: the codes with which it may refuse, besides `COMMON_ERRORS`.
    """

    def declare(function: Function) -> Function:
        METHODS[name] = Method(
            name, function, tier, token, scopes, required, optional, COMMON_ERRORS | set(errors)
        )
        return function

    return declare


class Call:
    """One call of a method: the workspace and the arguments, with their types checked."""

    def __init__(self, slack: Slack, arguments: Json) -> None:
        self.slack = slack
        self.arguments = arguments

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text.

        Raises:
            SlackError: `invalid_arguments` when it is a list or an object.
        """
        value = self.arguments.get(name, default)
        if isinstance(value, (dict, list)):
            raise invalid_arguments(f"must be a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return an argument as yes or no; 1, 0, "true" and "false" are understood.

        Raises:
            SlackError: `invalid_arguments` when it is neither.
        """
        value = self.arguments.get(name, default)
        if isinstance(value, bool):
            return value
        if str(value) not in _TRUE + _FALSE:
            raise invalid_arguments(f"must be a boolean [json-pointer:/{name}]")
        return str(value) in _TRUE

    def number(self, name: str, *, default: int, most: int) -> int:
        """Return an argument as a whole number from 1 to `most` (more is cut, as by Slack).

        Raises:
            SlackError: `invalid_arguments` when it is no such number.
        """
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdecimal() and len(text) < 13) or int(text) < 1:
            raise invalid_arguments(f"must be an integer of 1 or more [json-pointer:/{name}]")
        return min(int(text), most)

    def need(self, *scopes: str) -> None:
        """Go on only if the app holds one of `scopes`.

        Raises:
            SlackError: `missing_scope` with what is needed and what was granted.
        """
        held = self.slack.app.scopes
        if not any(scope in held for scope in scopes):
            raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(held))

    def channel(self, name: str = "channel") -> Channel:
        """Return the channel that an argument names by its id, if the app may know of it.

        Raises:
            SlackError: `channel_not_found`, also for what is private and without the app.
        """
        channel = self.slack.workspace.channels.get(self.text(name))
        if channel is None:
            raise SlackError("channel_not_found")
        if channel.kind != "channel" and not self.slack.workspace.bot_is_in(channel):
            raise SlackError("channel_not_found")
        return channel


def answer(slack: Slack, name: str, token: str, arguments: Json) -> Json:
    """Return the body of the answer to a call: `ok` and the rest, also for a refusal.

    Raises:
        RateLimited: the app calls too often.
    """
    try:
        result = _run(slack, name, token, arguments)
    except SlackError as refusal:
        return {"ok": False, "error": refusal.code, **refusal.extra}
    return {"ok": True, **result}


def _run(slack: Slack, name: str, token: str, arguments: Json) -> Json:
    called = METHODS.get(name)
    if called is None:
        raise SlackError("unknown_method", req_method=name)
    _authenticate(slack, called, token)
    if slack.limits.by_tier:
        slack.limits.take_call(name, called.tier, slack.clock.elapsed())
    call = Call(slack, _checked(called, arguments))
    if called.scopes:
        call.need(*called.scopes)
    try:
        return called.function(call)
    except SlackError as refusal:
        if refusal.code not in called.errors:
            raise LookupError(f"{name} does not declare the error {refusal.code}.") from refusal
        raise


def _authenticate(slack: Slack, called: Method, token: str) -> None:
    if called.token == "none":  # noqa: S105
        return
    if not token:
        raise SlackError("not_authed")
    kinds: dict[str, Token] = {slack.bot_token: "bot", slack.app_token: "app"}
    if token not in kinds:
        raise SlackError("invalid_auth")
    if kinds[token] != called.token:
        raise SlackError("not_allowed_token_type")
    if called.token == "bot" and slack.token_error:  # noqa: S105
        raise SlackError(slack.token_error)


def _checked(called: Method, given: Json) -> Json:
    """Return the arguments, decoded; refuse those that are unknown and miss those required."""
    arguments = {name: value for name, value in given.items() if value is not None}
    known = {*called.required, *called.optional, *_ANYWHERE}
    problems = [f"missing required field: {n}" for n in called.required if n not in arguments]
    problems += [f"unexpected argument: {n}" for n in arguments if n not in known]
    if problems:
        raise invalid_arguments(*problems)
    return {name: _decoded(called, name, value) for name, value in arguments.items()}


def _decoded(called: Method, name: str, value: Any) -> Any:
    if name not in _STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json_text.read(value)
    except ValueError:
        if f"invalid_{name}_format" in called.errors:
            raise SlackError(f"invalid_{name}_format") from None
        raise invalid_arguments(f"must be valid JSON [json-pointer:/{name}]") from None
