"""Looking at what was filled in before it is kept: the rules, and what only Slack can tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from bot import content
from bot.domain.eap import Eap, check_eap
from bot.domain.people import ELSEWHERE
from bot.domain.programme import (
    CHANNEL_MOST,
    Hours,
    Inside,
    Item,
    as_value,
    channel_problems,
    check_countries,
    check_hours,
    check_plan,
    forbids,
    inside_problems,
)
from bot.errors import InvalidAnswer, Problem
from bot.ports import Channels, Directory, Profile

Given = Mapping[str, Any]
"""What was filled in, by field: texts, lists of texts, and whether a box was ticked."""


class Checks:
    """Looks at each step."""

    def __init__(self, directory: Directory, channels: Channels) -> None:
        self._directory = directory
        self._channels = channels

    def value(
        self,
        item: Item,
        given: Given,
        *,
        leads: Collection[str],
        taken: Collection[str],
        today: date,
    ) -> Any:
        """Return the value to keep of one step.

        Args:
            item: which step.
            given: what was filled in.
            leads: who leads the programme.
            taken: the channels of cohorts.
            today: the present day.

        Raises:
            InvalidAnswer: says what is wrong beside each field.
            SlackUnavailable: Slack did not say whether it is right.
        """
        text = str(given.get(item) or "")
        if item is Item.CHANNEL:
            return self._chosen(text, leads, taken)
        if item is Item.EAP:
            eap = check_eap(_eap(given), countries=_enrollable(), today=today)
            return as_value(eap)
        if item is Item.COUNTRIES:
            return check_countries(given.get(item) or [], _enrollable())
        if item is Item.HOURS:
            return as_value(_hours(given))
        if item is Item.EMERGENCY_PLAN:
            return check_plan(text)
        return self._colleague(item, text, leads)

    def _colleague(self, item: Item, person: str, leads: Collection[str]) -> str:
        if not person:
            raise InvalidAnswer({item: Problem.MISSING})
        found = self._directory.profile(person)
        if not found.is_colleague:
            raise InvalidAnswer({item: Problem.NOT_A_COLLEAGUE})
        if item is Item.DUTY_LEAD and person in leads:
            raise InvalidAnswer({item: Problem.LEADS})
        if item is Item.DUTY_LEAD and found.is_admin:
            raise InvalidAnswer({item: Problem.ADMINISTRATES})
        return person

    def _chosen(self, channel: str, leads: Collection[str], taken: Collection[str]) -> Any:
        if not channel:
            raise InvalidAnswer({Item.CHANNEL: Problem.MISSING})
        problems = self.channel(channel, leads, taken)
        for problem in problems:
            if forbids(problem):
                raise InvalidAnswer({Item.CHANNEL: problem})
        return {"id": channel, "problems": [str(each) for each in problems]}

    def channel(
        self, channel: str, leads: Collection[str], taken: Collection[str]
    ) -> Sequence[Problem]:
        """Return what is wrong with a channel of moderators, or with who is in it.

        Raises:
            SlackUnavailable: Slack did not say.
        """
        found = self._channels.look(channel)
        problems = channel_problems(found, of_cohort=channel in taken)
        return problems or inside_problems(self._inside(channel, leads))

    def _inside(self, channel: str, leads: Collection[str]) -> Inside:
        members = sorted(self._channels.members(channel))
        if len(members) > 2 * CHANNEL_MOST:
            return Inside(len(members), guests=False, leads=False)
        # All at once, for somebody waits, and their form dies after three seconds.
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            profiles = dict(zip(members, pool.map(self._directory.profile, members), strict=True))
        found = {who: profile for who, profile in profiles.items() if not profile.is_bot}
        return Inside(
            len(found),
            guests=not all(profile.is_colleague for profile in found.values()),
            leads=any(_decides(who, profile, leads) for who, profile in found.items()),
        )


_AT_ONCE = 12


def _decides(person: str, profile: Profile, leads: Collection[str]) -> bool:
    return profile.is_admin or person in leads


def _enrollable() -> Collection[str]:
    return [code for code in content.countries() if code != ELSEWHERE]


def _hours(given: Given) -> Hours:
    return check_hours(
        given.get("hours_days") or [],
        given.get("hours_from"),
        given.get("hours_to"),
        str(given.get("hours_zone") or "").strip(),
    )


def _eap(given: Given) -> Eap:
    def text(name: str) -> str:
        return str(given.get(name) or "").strip()

    return Eap(
        none=bool(given.get("eap_none")),
        name=text("eap_name"),
        phone=text("eap_phone"),
        web=text("eap_web"),
        hours=text("eap_hours"),
        languages=text("eap_languages"),
        code=text("eap_code"),
        employer_sees=text("eap_employer"),
        countries=tuple(given.get("eap_countries") or ()),
        tried_on=text("eap_tried"),
    )
