"""What people send when they press "Save": whole payloads, as Slack describes a form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from bot.domain.checkin_command import Quick
from bot.domain.checkins import Capacity, Opening, Scale
from bot.domain.cohorts import Cohort
from bot.domain.visibility import Part, Visibility
from bot.views import checkin_form
from tests.bench.slack import BOT, TEAM, Envelope

MEMBERS = tuple(f"U{number:09d}" for number in range(200))


@dataclass(frozen=True, slots=True)
class Offer:
    """The question about sharing, as it stands in a form, and the answer."""

    cohort: Cohort
    part: Part | None
    """None shares nothing."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One check-in as somebody gives it."""

    person: str
    day: date
    levels: tuple[int, int, int]
    capacity: str
    note: str
    offer: Offer | None = field(default=None, compare=False)
    """None for somebody who belongs to no cohort."""

    def payload(self) -> dict[str, Any]:
        """Return the payload of its view_submission."""
        return {
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "bench"},
            "user": {
                "id": self.person,
                "username": f"name.of.{self.person}",
                "name": f"name.of.{self.person}",
                "team_id": TEAM,
            },
            "api_app_id": "A0000HEART",
            "token": "verification-token-here",
            "trigger_id": f"1234567890123.1234567890123.{uuid4().hex}",
            "view": self._view(),
            "response_urls": [],
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def envelope(self) -> Envelope:
        """Return it in an envelope of its own."""
        envelope_id = str(uuid4())
        return Envelope(
            envelope_id,
            json.dumps(
                {
                    "envelope_id": envelope_id,
                    "payload": self.payload(),
                    "type": "interactive",
                    "accepts_response_payload": True,
                }
            ),
        )

    def _view(self) -> dict[str, Any]:
        form = checkin_form.form(self._opening(), Quick())
        for number, block in enumerate(form["blocks"]):
            block.setdefault("block_id", f"b{number:04d}")
        return {
            "id": "V0000000001",
            "team_id": TEAM,
            **form,
            "state": {"values": self._values(form)},
            "hash": "1234567890.abcdefgh",
            "clear_on_close": False,
            "notify_on_close": False,
            "previous_view_id": None,
            "root_view_id": "V0000000001",
            "app_id": "A0000HEART",
            "external_id": "",
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }

    def _opening(self) -> Opening:
        if self.offer is None:
            return Opening(day=self.day, visibility=Visibility())
        visibility = Visibility(may_share=True)
        return Opening(day=self.day, visibility=visibility, cohorts=[self.offer.cohort])

    def _values(self, form: dict[str, Any]) -> dict[str, Any]:
        picked = {scale.value: str(level) for scale, level in zip(Scale, self.levels, strict=True)}
        picked["capacity"] = self.capacity
        if self.offer is not None:
            picked["share"] = self.offer.part or "nothing"
        elements = {b["block_id"]: b["element"] for b in form["blocks"] if b["type"] == "input"}
        values: dict[str, Any] = {
            name: {
                name: {"type": "radio_buttons", "selected_option": _option(elements[name], value)}
            }
            for name, value in picked.items()
        }
        values["note"] = {"note": {"type": "plain_text_input", "value": self.note}}
        return values


def _option(element: dict[str, Any], value: str) -> dict[str, Any]:
    return next(option for option in element["options"] if option["value"] == value)


def a_day(days_ago: int) -> Iterator[Submission]:
    """Give the check-in of every member for one day."""
    day = datetime.now(UTC).date() - timedelta(days=days_ago)
    capacities = tuple(Capacity)
    for number, person in enumerate(MEMBERS):
        seed = number + days_ago
        yield Submission(
            person=person,
            day=day,
            levels=(1 + seed % 5, 1 + seed // 2 % 5, 1 + seed // 3 % 5),
            capacity=capacities[seed % 4].value,
            note=(
                f"Two hard calls before lunch, then a good walk with Zoë; {person} on {day} hopes"
                " to sleep early."
            ),
        )


def days(since: int) -> Iterator[Submission]:
    """Give the check-in of every member for so many days ago, then for the day before, and on."""
    for days_ago in count(since):
        yield from a_day(days_ago)
