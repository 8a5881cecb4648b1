"""What keeps Hearth from working, found before anybody else finds it, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import SettingsError
from bot.operations.doctor import database as stored
from bot.operations.doctor import outbox, slack
from bot.operations.doctor.findings import (
    Check,
    Finding,
    Verdict,
    as_json,
    bad,
    exit_code,
    ok,
    run,
)
from bot.operations.opening import keyring
from bot.ports import Clock
from bot.settings import Settings
from storage.engine import Database

__all__ = ["Finding", "Verdict", "as_json", "examine", "exit_code", "of_settings"]


def of_settings(error: SettingsError) -> list[Finding]:
    """Return what is wrong with the settings, without which nothing else can be looked at."""
    return [bad(each, ".env.example names every setting") for each in error.problems]


def examine(settings: Settings, *, manifest: Path, clock: Clock) -> Iterator[Finding]:
    """Look at everything that Hearth needs and give what was found, bad or well.

    Nothing is changed: not in Slack (a ticket for a socket is used up), not in the database.

    Args:
        settings: as `hearth run` would use them.
        manifest: the app's manifest, which says what scopes are needed.
        clock: what is held against Slack's time.
    """
    yield ok("the settings are complete")
    database = Database(settings.database_url)
    try:
        yield from run(_checks(settings, database, manifest, clock))
    finally:
        database.close()


def _checks(
    settings: Settings, database: Database, manifest: Path, clock: Clock
) -> Iterator[Check]:
    ring = keyring(settings)
    as_bot = slack.client(settings.api_url, settings.bot_token)
    as_app = slack.client(settings.api_url, settings.app_token)
    yield Check("SLACK_BOT_TOKEN", partial(slack.bot_token, as_bot, manifest, clock))
    yield Check("SLACK_APP_TOKEN", partial(slack.app_token, as_app))
    yield Check("channels", lambda: slack.channels(as_bot, outbox.channels(database)))
    yield Check("database", partial(stored.opens, database))
    yield Check("writing", partial(stored.takes_writes, database))
    yield Check("disk", partial(stored.commits, database))
    yield Check("room", partial(stored.has_room, database))
    yield Check("keys", partial(stored.proofs, database, ring))
    yield Check("cells", partial(stored.cells, database, ring))
    yield Check("outbox", partial(outbox.gets_away, database, clock))
    yield Check("time zones", _zones)


def _zones() -> Iterator[Finding]:
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        yield bad(
            "this machine has no time zones", "install them: pip install -r requirements.lock"
        )
    else:
        yield ok("this machine has time zones")
