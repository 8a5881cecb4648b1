"""What the doctor asks of Slack: are we let in, may we do what we do, do our clocks agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from time import monotonic
from typing import Any

import yaml
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.delivery.codes import is_own_trouble
from bot.operations.doctor.findings import Finding, bad, look, ok
from bot.ports import Clock

SLACK_SECONDS = 3
CHANNELS_SECONDS = 4.0
SKEW_TO_LOOK_AT = timedelta(seconds=5)
SKEW_THAT_BREAKS = timedelta(seconds=60)


def client(api_url: str, token: str) -> WebClient:
    """Return a client that gives up within seconds and never asks twice."""
    return WebClient(token=token, base_url=api_url, timeout=SLACK_SECONDS, retry_handlers=[])


def bot_token(slack: WebClient, manifest: Path, clock: Clock) -> Iterator[Finding]:
    """Look at the bot token with one call: is it taken, its scopes, and Slack's time."""
    before = clock.now()
    try:
        answer = slack.auth_test()
    except _NO_ANSWER as error:
        yield _refused("SLACK_BOT_TOKEN", error)
        return
    now = before + (clock.now() - before) / 2
    yield ok("Slack can be reached and takes SLACK_BOT_TOKEN")
    yield from _scopes(_header(answer, "x-oauth-scopes"), manifest)
    yield _time(_header(answer, "date"), now)


def app_token(slack: WebClient) -> Iterator[Finding]:
    """Look whether the app token opens the way to the socket; no socket is opened."""
    if not slack.token:
        yield ok("Slack's requests are checked with SLACK_SIGNING_SECRET")
        return
    try:
        slack.apps_connections_open(app_token=slack.token)
    except _NO_ANSWER as error:
        yield _refused("SLACK_APP_TOKEN", error)
        return
    yield ok("Slack takes SLACK_APP_TOKEN")


def channels(slack: WebClient, cohorts: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Look whether Hearth may write to the channel of each cohort, given as (name, channel id)."""
    deadline, good = monotonic() + CHANNELS_SECONDS, 0
    for number, (name, channel) in enumerate(cohorts):
        if monotonic() > deadline:
            asked = f"only {number} of {len(cohorts)} channels of cohorts were asked for"
            yield look(asked, "Slack answers slowly; run the doctor again")
            break
        try:
            trouble = _channel(slack, name, channel)
        except _MayNotLook:
            yield look("the channels of cohorts may not be looked at (missing_scope)", _REINSTALL)
            break
        if trouble is None:
            good += 1
        else:
            yield trouble
    if good:
        yield ok(f"Hearth is in the channels of {good} cohort{'s' if good > 1 else ''}")


class _MayNotLook(Exception):
    """No channel may be looked at, whichever it is."""


def _channel(slack: WebClient, name: str, channel: str) -> Finding | None:
    whose = f"the channel of the cohort {name}"
    try:
        answer = slack.conversations_info(channel=channel)
    except _NO_ANSWER as error:
        reason = _reason(error)
        if reason == "channel_not_found":
            return bad(f"{whose} is gone, or private and without Hearth", _INVITE)
        if reason == "missing_scope":
            raise _MayNotLook from None
        return look(f"{whose} was not told ({reason or 'no answer'})", "run the doctor again later")
    told: dict[str, Any] = answer["channel"]
    if told.get("is_archived"):
        return bad(f"{whose} is archived", "unarchive it, or give the cohort another channel")
    if not told.get("is_member"):
        return bad(f"Hearth is not in {whose}", _INVITE)
    return None


def _scopes(granted: str | None, manifest: Path) -> Iterator[Finding]:
    if granted is None:
        yield look("Slack did not say which scopes are granted", "look for a proxy in between")
        return
    try:
        document = yaml.safe_load(manifest.read_text(encoding="utf-8"))
        needed = set(document["oauth_config"]["scopes"]["bot"])
    except (OSError, ValueError, yaml.YAMLError, LookupError, TypeError):
        yield bad(f"{manifest.name} cannot be read", "put the file of this version back")
        return
    held = {scope.strip() for scope in granted.split(",") if scope.strip()}
    for scope in sorted(needed - held):
        yield bad(f"the scope {scope} is missing", _REINSTALL)
    for scope in sorted(held - needed):
        yield look(f"the scope {scope} is granted and not needed", _LESS)
    if held == needed:
        yield ok(f"Slack granted the scopes of {manifest.name}, and no others")


def _time(header: str | None, now: datetime) -> Finding:
    try:
        # Slack's header leaves the parts of its second away.
        theirs = parsedate_to_datetime(header or "") + timedelta(seconds=0.5)
        skew = now - theirs
    except (TypeError, ValueError):  # TypeError: a date without a zone
        return look("Slack did not say what time it is", "look for a proxy in between")
    if abs(skew) <= SKEW_TO_LOOK_AT:
        return ok("this machine's clock agrees with Slack's")
    side = "ahead of" if skew > timedelta() else "behind"
    told = f"this machine's clock is {abs(skew).total_seconds():.0f} seconds {side} Slack's"
    if abs(skew) <= SKEW_THAT_BREAKS:
        return look(told, _SET_CLOCK)
    return bad(told, _SET_CLOCK)


def _refused(setting: str, error: Exception) -> Finding:
    reason = _reason(error)
    if reason is None:
        return bad(
            "Slack cannot be reached",
            "look at the network, at a proxy in between, and at SLACK_API_URL if it is set",
        )
    if reason == "ratelimited":
        return look(f"Slack asks for patience before {setting} is looked at", _LATER)
    if is_own_trouble(reason):
        return bad("Slack has trouble of its own", _LATER)
    return bad(f"Slack answers {reason} to {setting}", _TOKEN_WORDS[setting])


def _reason(error: Exception) -> str | None:
    """Return Slack's word for why it refused, or None when nothing of Slack's arrived."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error", ""))
    return None


def _header(answer: SlackResponse, name: str) -> str | None:
    # A proxy may write names of headers as it likes.
    found = (value for each, value in answer.headers.items() if each.lower() == name)
    return next(found, None)


_NO_ANSWER = (SlackClientError, HTTPException, OSError, ValueError)
"""ValueError: an answer that is no UTF-8 or no JSON, as some proxies give."""

_TOKEN_WORDS = {
    "SLACK_BOT_TOKEN": 'take it anew from "OAuth & Permissions"; it changes with a reinstallation',
    "SLACK_APP_TOKEN": (
        'take it anew from "Basic Information"; it needs the scope connections:write, and Socket '
        "Mode switched on"
    ),
}
_LATER = "run the doctor again in a few minutes"
_INVITE = "type /invite @hearth there, or give the cohort another channel"
_REINSTALL = (
    'paste manifest.yml into "App Manifest", reinstall the app ("Install App"), and take over '
    "SLACK_BOT_TOKEN"
)
_LESS = 'take it out on "OAuth & Permissions" and reinstall the app'
_SET_CLOCK = "let the machine set its clock (NTP): signatures and deadlines depend on it"
