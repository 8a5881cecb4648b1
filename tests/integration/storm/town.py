"""A company of two hundred people in ten cohorts, for a storm to pass over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import yaml
from sqlalchemy import Connection

from app import Hearth
from bot import content
from bot.domain.people import CHECKINS
from sandbox import Sandbox
from storage import people

COHORTS = tuple(f"cohort-{number}" for number in range(10))
NAMES = tuple(f"person-{number:03}" for number in range(200))
_ZONE = "Europe/Berlin"


def cohort_of(name: str) -> str:
    """Return the channel of the one cohort that somebody belongs to."""
    return COHORTS[NAMES.index(name) % len(COHORTS)]


def write(file: Path) -> None:
    """Write the company as a seed of the sandbox."""
    labels = {"standard": "Central European Time", "summer": "Central European Summer Time"}
    persons = [{"name": each, "real_name": each, "zone": _ZONE} for each in NAMES]
    cohorts = [
        {"name": each, "bot": True, "members": [n for n in NAMES if cohort_of(n) == each]}
        for each in COHORTS
    ]
    company = {
        "team": {"name": "Storm", "domain": "storm"},
        "zones": {_ZONE: labels},
        "people": persons,
        "channels": [{"name": "general", "members": "everyone"}, *cohorts],
    }
    file.write_text(yaml.safe_dump(company), encoding="utf-8")


def wake(workspace: Sandbox) -> None:
    """Make it nine in the morning of a day to come, far from midnight."""
    tomorrow = workspace.clock.now().date() + timedelta(days=1)
    workspace.clock.jump(datetime.combine(tomorrow, time(9), UTC))


def settle(workspace: Sandbox, hearth: Hearth) -> None:
    """Let everybody have agreed, and every channel be a cohort."""
    now = workspace.clock.now()
    channels = [each for each in workspace.channels() if each["name"] in COHORTS]

    def work(connection: Connection) -> None:
        for each in channels:
            for person in each["members"]:
                people.join(connection, person, country="DE", now=now)
                people.set_zone(connection, person, _ZONE, now=now)
                version = content.consent_version()
                people.record_consent(
                    connection, person, purpose=CHECKINS, version=version, now=now
                )

    hearth.database.write(work)
    for each in channels:
        hearth.services.cohorts.add(each["name"], each["id"], each["members"])
