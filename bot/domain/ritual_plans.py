"""Rules of planning a ritual: what its form stands for, and what cannot be kept.

Fields come as they stood in the form, each by its name; all that is wrong is named at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain import recurrence
from bot.domain.cohort_settings import read_zone
from bot.domain.days import local_time
from bot.domain.plain_text import lines, one_line
from bot.domain.recurrence_rules import Freq, parse
from bot.domain.ritual_calendar import preview
from bot.domain.rituals import (
    MINUTES,
    MOST_LINKS,
    TITLE_LIMIT,
    WORDS_LIMIT,
    Link,
    Mode,
    OnHoliday,
    Plan,
    Schedule,
    is_safe_link,
)
from bot.errors import InvalidAnswer, Problem

MOST_RITUALS = 20
"""In one cohort, those that have ended with them; whoever wants another deletes one."""

LINK_TITLE_LIMIT = 100
RULE_LIMIT = 200
MOST_TIMES = 500
MOST_WEEKS = 52
AHEAD = timedelta(days=2 * 365)
"""How far ahead a ritual may begin."""

NTHS = (1, 2, 3, 4, -1)
"""Which weekday of a month: the first to the fourth, or the last."""

Given = Mapping[str, Any]
"""What stood in the fields, by their names."""


class How(StrEnum):
    """How often, as the form asks it."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    EVERY = "every"
    """Every so many weeks."""
    MONTHLY = "monthly"
    """On a weekday of the month, such as the second Tuesday."""
    ONCE = "once"
    OWN = "own"
    """A rule, for those who know how to write one."""


class Ends(StrEnum):
    """When it is over, as the form asks it."""

    NEVER = "never"
    ON = "on"
    AFTER = "after"
    """After so many times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A rule in the words of the form."""

    how: How
    days: Sequence[int] = ()
    """0 is Monday."""
    every: int = 1
    nth: int | None = None
    ends: Ends = Ends.NEVER
    until: date | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What there is to choose from."""

    templates: Collection[str]
    legends: Collection[str]
    countries: Collection[str]
    """Whose public holidays are known."""


def pattern(rule: str) -> Pattern:
    """Return what a rule is in the words of the form; what they cannot say is a rule of one's own.

    Args:
        rule: as `bot.domain.recurrence.read` returns it.
    """
    if rule == recurrence.once():
        return Pattern(how=How.ONCE)
    try:
        found = parse(rule)
    except InvalidAnswer:  # to be shown as it is, and set anew
        return Pattern(how=How.OWN)
    days, narrowed = found.by_day, found.by_month or found.by_month_day or found.by_set_pos
    ends = Ends.AFTER if found.count else Ends.NEVER if found.until is None else Ends.ON
    said = Pattern(
        how=How.WEEKLY,
        days=[each.weekday for each in days],
        every=found.interval,
        ends=ends,
        until=found.until,
        count=found.count,
    )
    if found.freq is Freq.WEEKLY and days and not narrowed:
        return replace(said, how=_OF_WEEKS.get(found.interval, How.EVERY))
    nths = [each.nth for each in days]
    is_monthly = found.freq is Freq.MONTHLY and found.interval == 1 and not narrowed
    if is_monthly and len(nths) == 1 and nths[0] in NTHS:
        return replace(said, how=How.MONTHLY, nth=nths[0])
    return Pattern(how=How.OWN)


_OF_WEEKS = {1: How.WEEKLY, 2: How.FORTNIGHTLY}


def check_plan(
    given: Given, template: str, choices: Choices, *, now: datetime, earlier: Schedule | None = None
) -> Plan:
    """Return the plan that the fields stand for.

    Args:
        given: the fields.
        template: which one it began with.
        choices: what there is to choose from.
        now: the present instant.
        earlier: as it stood before, where a ritual is edited; its first day may have passed.

    Raises:
        InvalidAnswer: names each field that cannot be kept, and why.
    """
    form = _Form(given)
    title, words = form.text("title", one_line, TITLE_LIMIT), form.text("words", lines, WORDS_LIMIT)
    links = form.links()
    schedule = form.schedule(choices.countries, now=now, earlier=earlier)
    mode = form.one_of("mode", Mode)
    minutes = form.number("minutes", MINUTES) if mode == Mode.LIVE else None
    legend = form.one_of("legend", choices.legends)
    if template not in choices.templates:
        form.problems["title"] = Problem.NOT_A_CHOICE
    if form.problems or schedule is None:
        raise InvalidAnswer(form.problems)
    return Plan(
        template=template,
        title=title,
        words=words,
        links=tuple(links),
        schedule=schedule,
        mode=Mode(mode or ""),
        minutes=minutes,
        rotates=bool(given.get("rotates")),
        legend=legend or "",
    )


class _Form:
    """The fields of one form, and what is wrong with them."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self.problems: dict[str, Problem] = {}

    def text(self, name: str, cleaned: Callable[[str], str], limit: int) -> str:
        found = cleaned(self._given.get(name) or "")
        if not found:
            self.problems[name] = Problem.MISSING
        elif len(found) > limit:
            self.problems[name] = Problem.TOO_LONG
        return found

    def one_of(self, name: str, allowed: Iterable[str]) -> str | None:
        found = self._given.get(name)
        for each in allowed:
            if each == found:
                return each
        self.problems[name] = Problem.MISSING if found is None else Problem.NOT_A_CHOICE
        return None

    def number(self, name: str, allowed: Collection[int]) -> int | None:
        text = str(self._given.get(name) or "").strip()
        if re.fullmatch(r"-?[0-9]{1,4}", text) and int(text) in allowed:
            return int(text)
        self.problems[name] = Problem.NOT_A_CHOICE if text else Problem.MISSING
        return None

    def day(self, name: str) -> date | None:
        text = self._given.get(name)
        try:
            return date.fromisoformat(text or "")
        except (TypeError, ValueError):
            self.problems[name] = Problem.NOT_A_TIME if text else Problem.MISSING
            return None

    def minute(self, name: str) -> int | None:
        text = self._given.get(name) or ""
        if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
            return int(text[:2]) * 60 + int(text[3:])
        self.problems[name] = Problem.NOT_A_TIME if text else Problem.MISSING
        return None

    def links(self) -> Sequence[Link]:
        written = lines(self._given.get("links") or "").splitlines()
        found = [_link(each) for each in map(one_line, written) if each]
        kept = [each for each in found if each is not None]
        if len(kept) < len(found):
            self.problems["links"] = Problem.NOT_A_LINK
        elif len(kept) > MOST_LINKS:
            self.problems["links"] = Problem.TOO_MANY
        elif any(len(each.title) > LINK_TITLE_LIMIT for each in kept):
            self.problems["links"] = Problem.TOO_LONG
        return kept

    def schedule(
        self, countries: Collection[str], *, now: datetime, earlier: Schedule | None
    ) -> Schedule | None:
        zone = read_zone(self._given.get("zone") or "")
        if not zone:
            self.problems["zone"] = Problem.NOT_A_ZONE if zone is None else Problem.MISSING
            zone = ""
        minute, starts = self.minute("time"), self.day("starts")
        on_holiday = self.one_of("on_holiday", OnHoliday)
        off = on_holiday in (OnHoliday.SKIP, OnHoliday.MOVE)
        country = self.one_of("country", countries) if off else None
        how = How(self.one_of("how", How) or How.WEEKLY)
        rule = None if "how" in self.problems else self._rule(how, starts)
        if minute is None or starts is None or rule is None or self.problems.keys() & _OF_SCHEDULE:
            return None
        found = Schedule(
            rule=rule,
            starts_on=starts,
            at_minute=minute,
            zone=zone,
            on_holiday=OnHoliday(on_holiday or ""),
            country=country,
        )
        if problem := schedule_problem(found, now=now, earlier=earlier):
            where = _WHERE[how] if problem[0] == "rule" else problem[0]
            self.problems.setdefault(where, problem[1])
        return found

    def _rule(self, how: How, starts: date | None) -> str | None:
        """Return the rule that the fields make, or None where they make none."""
        if how is How.ONCE:
            return recurrence.once()
        if how is How.OWN:
            try:
                return recurrence.read(one_line(self._given.get("rule") or ""))
            except InvalidAnswer as error:
                self.problems |= error.problems
                return None
        ending = self._ending(starts)
        if how is How.MONTHLY:
            weekday, nth = self.number("weekday", range(7)), self.number("nth", NTHS)
            if weekday is None or nth is None or ending is None:
                return None
            return recurrence.monthly(weekday, nth, **ending)
        days, every = self._days(), self._every(how)
        if not days or every is None or ending is None:
            return None
        return recurrence.weekly(days, every, **ending)

    def _days(self) -> Sequence[int]:
        given = {str(each) for each in self._given.get("days") or ()}
        if not given or not given <= {str(day) for day in range(7)}:
            self.problems["days"] = Problem.NOT_A_CHOICE if given else Problem.MISSING
            return ()
        return sorted(map(int, given))

    def _every(self, how: How) -> int | None:
        if how is How.EVERY:
            return self.number("every", range(1, MOST_WEEKS + 1))
        return 2 if how is How.FORTNIGHTLY else 1

    def _ending(self, starts: date | None) -> dict[str, Any] | None:
        ends = self.one_of("ends", Ends)
        if ends == Ends.AFTER:
            count = self.number("count", range(1, MOST_TIMES + 1))
            return None if count is None else {"count": count}
        if ends == Ends.ON:
            until = self.day("until")
            if until is not None and starts is not None and until < starts:
                self.problems["until"] = Problem.ENDS_FIRST
            return None if "until" in self.problems else {"until": until}
        return None if ends is None else {}


_OF_SCHEDULE = {"zone", "on_holiday", "country"}
"""With one of these missing there is no schedule to look at as a whole."""

_WHERE: Mapping[How, str] = {
    **dict.fromkeys((How.WEEKLY, How.FORTNIGHTLY, How.EVERY), "days"),
    How.MONTHLY: "nth",
    How.ONCE: "starts",
    How.OWN: "rule",
}
"""Beside which field it stands that a rule cannot be kept."""


def schedule_problem(
    schedule: Schedule, *, now: datetime, earlier: Schedule | None
) -> tuple[str, Problem] | None:
    """Return what is wrong with a schedule as a whole and beside what that stands, or None.

    Args:
        schedule: all of its parts are sound by themselves.
        now: the present instant.
        earlier: as it stood before, if it did.
    """
    today = local_time(now, schedule.zone).date()
    begins_anew = earlier is None or earlier.starts_on != schedule.starts_on
    if begins_anew and schedule.starts_on < today:
        return "starts", Problem.PAST
    if schedule.starts_on > today + AHEAD:
        return "starts", Problem.FAR_AHEAD
    try:
        recurrence.check(schedule)
    except InvalidAnswer as error:
        return next(iter(error.problems.items()))
    ahead = preview(schedule, now=now)
    if any(each.due_at is not None for each in ahead):
        return None
    where = "starts" if schedule.rule == recurrence.once() else "rule"
    return where, Problem.NEVER_HAPPENS if ahead else Problem.PAST


def _link(line: str) -> Link | None:
    title, _, url = line.rpartition("|")
    title, url = title.strip(), url.strip()
    if not is_safe_link(url):
        return None
    return Link(title or url[:LINK_TITLE_LIMIT], url)


def written(links: Sequence[Link]) -> str:
    """Return links as they are typed into the form: one to a line."""
    return "\n".join(f"{each.title} | {each.url}" for each in links)


def takes_place_alike(plan: Plan, other: Plan) -> bool:
    """Whether two plans differ in words alone: they come round at the same times, held alike."""
    alike = replace(other, title=plan.title, words=plan.words, links=plan.links, legend=plan.legend)
    return alike == plan
