"""Settings with certain keys, for what opens a database and never speaks to Slack."""

from __future__ import annotations

from bot.settings import Settings, load, new_key
from storage.encryption import Keyring
from tests.conftest import NO_FILE

FIRST, SECOND = new_key("first"), new_key("second")
_TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def environ_with(url: str, listed: str = FIRST) -> dict[str, str]:
    return {**_TOKENS, "DATABASE_URL": url, "HEARTH_KEYS": listed}


def configured(url: str, listed: str = FIRST) -> Settings:
    return load(NO_FILE, environ_with(url, listed))


def ring(listed: str = FIRST) -> Keyring:
    settings = configured("sqlite:///hearth.db", listed)
    return Keyring(settings.primary_key, settings.keys)
