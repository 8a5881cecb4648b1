"""Settings from the environment and from a .env file, checked all at once."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.domain.retention import (
    CHECKINS_DAYS,
    ENDED_ROLES_DAYS,
    EXPORT_MINUTES,
    GONE_DAYS,
    Retention,
)
from bot.domain.rituals import LATE_AFTER
from bot.errors import SettingsError
from bot.ports import Address

SLACK_API_URL = "https://slack.com/api/"
KEY_BYTES = 32
SHORTEST_SECRET = 16
LATEST_MINUTES = 720
"""How late a ritual may be set to be posted; half a day later it would be another one."""

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_LOG_STYLES: tuple[Literal["json", "plain"], ...] = ("json", "plain")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that `hearth run` needs to know."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    """For Socket Mode; empty when Slack comes over HTTP."""

    signing_secret: str = field(repr=False)
    """For HTTP; empty in Socket Mode."""

    listen: Address
    """Where Slack's requests come in over HTTP."""

    health: Address | None
    """Where the operator's machines may ask; None when they may not."""

    log: Literal["json", "plain"] | None
    """How the log is written; None leaves it to where it goes."""

    api_url: str
    database_url: str = field(repr=False)  # PostgreSQL's holds a password
    keys: Mapping[str, bytes] = field(repr=False)
    """Encryption keys by id; the first writes, all of them read."""

    retention: Retention = field(default_factory=Retention)
    """How long things stay."""

    late: timedelta = LATE_AFTER
    """After so long a ritual is not posted any more."""

    @property
    def primary_key(self) -> str:
        """The id of the key that writes."""
        return next(iter(self.keys))


def load(env_file: Path = Path(".env"), environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings; what is in the environment wins over the file.

    Raises:
        SettingsError: names every setting that is missing or malformed, and where to find it.
    """
    values = {name: value for name, value in dotenv_values(env_file).items() if value}
    values |= {k: v for k, v in (os.environ if environ is None else environ).items() if v}
    problems: list[str] = []
    settings = Settings(
        bot_token=_token(values, "SLACK_BOT_TOKEN", "xoxb-", _BOT_HELP, problems),
        app_token=_app_token(values, problems),
        signing_secret=_signing_secret(values, problems),
        listen=_address(values, "HEARTH_LISTEN", "127.0.0.1:3000", problems),
        health=_health(values, problems),
        log=_log_style(values, problems),
        api_url=_api_url(values, problems),
        database_url=_database_url(values, problems),
        keys=_keys(values, problems),
        retention=Retention(
            checkins_days=_at_most(values, "HEARTH_KEEP_CHECKINS_DAYS", CHECKINS_DAYS, problems),
            ended_roles_days=_at_most(values, "HEARTH_KEEP_ROLES_DAYS", ENDED_ROLES_DAYS, problems),
            export_minutes=_at_most(
                values, "HEARTH_KEEP_EXPORTS_MINUTES", EXPORT_MINUTES, problems
            ),
            gone_days=_at_most(values, "HEARTH_KEEP_GONE_DAYS", GONE_DAYS, problems),
        ),
        late=_late(values, problems),
    )
    if "SLACK_CLIENT_ID" in values:
        # Bolt would drop the bot token in silence and wait for an OAuth installation.
        problems.append("SLACK_CLIENT_ID is set, but Hearth is installed with tokens. Unset it.")
    if problems:
        raise SettingsError(problems)
    return settings


_BOT_HELP = 'api.slack.com/apps > your app > "OAuth & Permissions" > Bot User OAuth Token'
_APP_HELP = (
    'api.slack.com/apps > your app > "Basic Information" > App-Level Tokens '
    "(with the scope connections:write)"
)
_DATABASE_HELP = (
    "DATABASE_URL should name a file, for instance sqlite:///hearth.db (four slashes for a full "
    "path: sqlite:////var/lib/hearth/hearth.db), or a database on a PostgreSQL server: "
    "postgresql://user:password@host/database (in the password, write # / ? : @ % as %23 %2F %3F "
    "%3A %40 %25)."
)

_SIGNING_HELP = 'api.slack.com/apps > your app > "Basic Information" > Signing Secret'
_KEY_HELP = "make one with `hearth key`, and keep a copy where the database is not"


def _token(
    values: Mapping[str, str], name: str, prefix: str, help_: str, problems: list[str]
) -> str:
    token = values.get(name, "").strip()
    if not token:
        problems.append(f"{name} is missing. Find it at {help_}.")
    elif not token.startswith(prefix) or token == prefix or len(token.split()) != 1:
        problems.append(f"{name} should begin with {prefix}. Find it at {help_}.")
    return token


def _app_token(values: Mapping[str, str], problems: list[str]) -> str:
    """Return the token of Socket Mode; one of the two doors has to be chosen."""
    secret = "SLACK_SIGNING_SECRET" in values
    if secret and "SLACK_APP_TOKEN" in values:
        problems.append(
            "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set. Keep the first one for Socket "
            "Mode, or the second one when Slack should come to this machine over HTTP."
        )
    if secret:
        return ""
    before = len(problems)
    token = _token(values, "SLACK_APP_TOKEN", "xapp-", _APP_HELP, problems)
    if len(problems) > before and not token:
        problems[-1] += " (When Slack should come over HTTP, set SLACK_SIGNING_SECRET instead.)"
    return token


def _signing_secret(values: Mapping[str, str], problems: list[str]) -> str:
    secret = values.get("SLACK_SIGNING_SECRET", "").strip()
    is_one = len(secret) >= SHORTEST_SECRET and len(secret.split()) == 1
    if "SLACK_SIGNING_SECRET" in values and (not is_one or secret.startswith(("xoxb-", "xapp-"))):
        problems.append(
            f"SLACK_SIGNING_SECRET should be 32 letters and digits. Find it at {_SIGNING_HELP}."
        )
    return secret


def _address(
    values: Mapping[str, str], name: str, usual: str, problems: list[str], more: str = ""
) -> Address:
    host, _, port = values.get(name, usual).strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) or int(port) > 65535:
        problems.append(f"{name} should be host:port, for instance {usual}{more}.")
        return Address("", 0)
    return Address(host, int(port))


def _health(values: Mapping[str, str], problems: list[str]) -> Address | None:
    if values.get("HEARTH_HEALTH", "").strip().lower() == "off":
        return None
    return _address(values, "HEARTH_HEALTH", "127.0.0.1:9464", problems, ', or "off"')


def _log_style(values: Mapping[str, str], problems: list[str]) -> Literal["json", "plain"] | None:
    asked = values.get("HEARTH_LOG", "").strip().lower()
    if not asked:
        return None
    for style in _LOG_STYLES:
        if asked == style:
            return style
    problems.append("HEARTH_LOG should be json or plain.")
    return None


def _at_most(values: Mapping[str, str], name: str, most: int, problems: list[str]) -> int:
    """Return how long something is kept: as long as people are told, or shorter."""
    asked = values.get(name, "").strip()
    if not asked:
        return most
    if re.fullmatch(r"[0-9]{1,6}", asked) and 1 <= int(asked) <= most:
        return int(asked)
    problems.append(
        f"{name} should be a whole number from 1 to {most}: what people give may be kept for a "
        "shorter time, never for a longer one."
    )
    return most


def _late(values: Mapping[str, str], problems: list[str]) -> timedelta:
    """Return after how long a ritual is not posted any more."""
    asked = values.get("HEARTH_LATE_MINUTES", "").strip()
    if not asked:
        return LATE_AFTER
    if re.fullmatch(r"[0-9]{1,4}", asked, re.ASCII) and 5 <= int(asked) <= LATEST_MINUTES:
        return timedelta(minutes=int(asked))
    problems.append(
        f"HEARTH_LATE_MINUTES should be a whole number from 5 to {LATEST_MINUTES}: a ritual that "
        "Hearth could not post by then is left out, and whoever runs the cohort is told."
    )
    return LATE_AFTER


def _api_url(values: Mapping[str, str], problems: list[str]) -> str:
    url = values.get("SLACK_API_URL", SLACK_API_URL).strip()
    if url == SLACK_API_URL:
        return url
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        problems.append("SLACK_API_URL should look like https://slack.com/api/.")
    # Tokens and everything people write go to this address: it must be meant.
    elif values.get("HEARTH_ALLOW_OTHER_SLACK", "").strip().lower() != "yes":
        problems.append(
            "SLACK_API_URL points to another server than Slack, and everything people write "
            "would go there. If that is meant, set HEARTH_ALLOW_OTHER_SLACK=yes as well."
        )
    return url if url.endswith("/") else url + "/"


def _database_url(values: Mapping[str, str], problems: list[str]) -> str:
    url = values.get("DATABASE_URL", "sqlite:///hearth.db").strip()
    if url.startswith("sqlite:///") and url != "sqlite:///":
        return url
    if not _names_a_server(url):
        problems.append(_DATABASE_HELP)
    elif find_spec("psycopg") is None:
        problems.append(
            "DATABASE_URL names a PostgreSQL server, and its driver is not installed. Please "
            "install it: pip install 'hearth[postgresql]'."
        )
    return url


def _names_a_server(url: str) -> bool:
    """Whether `url` is a whole address of a database on a PostgreSQL server.

    A #, ?, / or : that stands unencoded in a password ends up in another part of the address.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    named = re.fullmatch(r"/[^/@]+", parts.path)
    return parts.scheme == "postgresql" and bool(named) and not parts.fragment


def _keys(values: Mapping[str, str], problems: list[str]) -> Mapping[str, bytes]:
    listed = values.get("HEARTH_KEYS", "").strip()
    if not listed:
        problems.append(f"HEARTH_KEYS is missing: notes are never stored without it; {_KEY_HELP}.")
        return {}
    keys: dict[str, bytes] = {}
    for item in listed.split(","):
        key_id, _, encoded = item.strip().partition(":")
        key = _decoded(encoded)
        if not _KEY_ID.fullmatch(key_id) or key is None or key_id in keys:
            problems.append(
                "HEARTH_KEYS should be id:key, or several of them with commas between, each id "
                f"once and each key {KEY_BYTES} bytes in base64; {_KEY_HELP}."
            )
            return {}
        keys[key_id] = key
    return keys


def _decoded(encoded: str) -> bytes | None:
    try:
        key = base64.b64decode(encoded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def new_key(key_id: str) -> str:
    """Return a fresh value for HEARTH_KEYS, random from the operating system."""
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()}"
