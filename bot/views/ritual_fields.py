"""The fields of the form of a ritual, each filled with what was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot import content
from bot.content import rituals as templates
from bot.domain.people import ELSEWHERE
from bot.domain.public_holidays import knows_holidays
from bot.domain.ritual_plans import (
    MOST_TIMES,
    MOST_WEEKS,
    NTHS,
    RULE_LIMIT,
    Ends,
    Given,
    How,
)
from bot.domain.rituals import (
    MINUTES,
    MOST_LINKS,
    TITLE_LIMIT,
    WORDS_LIMIT,
    Mode,
    OnHoliday,
)
from bot.views.blocks import Block, choice, choices, option, pick, text_field, tick
from bot.views.dates import weekdays

HOW, ENDS, ON_HOLIDAY, MODE = "ritual_how", "ritual_ends", "ritual_on_holiday", "ritual_mode"
CHANGES = (HOW, ENDS, ON_HOLIDAY, MODE)
"""Choices that change which fields there are."""

_LINKS_LIMIT = 3000
"""As much does Slack take in one field."""


def fields(given: Given) -> list[Block]:
    """Return the fields that belong to what is chosen so far."""
    return [*_words(given), *_dates(given), *_ways(given), *_rest(given)]


def _words(given: Given) -> list[Block]:
    return [
        text_field(
            "title",
            "What is it called?",
            limit=TITLE_LIMIT,
            initial=given.get("title"),
            hint="It stands above the post.",
            multiline=False,
            optional=False,
        ),
        text_field(
            "words",
            "What does the post say?",
            limit=WORDS_LIMIT,
            initial=given.get("words"),
            optional=False,
        ),
    ]


def _dates(given: Given) -> list[Block]:
    how = given.get("how") or How.WEEKLY
    return [
        _changing(HOW, "How often?", _HOW, how),
        *(_FIELDS[field](given) for field in _ASKED.get(how, ())),
        pick("time", "At what time?", "timepicker", initial=given.get("time")),
        text_field(
            "zone",
            "By which clock?",
            limit=60,
            initial=given.get("zone"),
            hint="A time zone by its name, such as Europe/Berlin or America/New_York.",
            multiline=False,
            optional=False,
        ),
        pick(
            "starts",
            "On which day?" if how == How.ONCE else "From which day on?",
            "datepicker",
            initial=given.get("starts"),
        ),
    ]


_HOW: Mapping[str, str] = {
    How.WEEKLY: "Every week",
    How.FORTNIGHTLY: "Every two weeks",
    How.EVERY: "Every so many weeks",
    How.MONTHLY: "Every month, on a weekday of it",
    How.ONCE: "Once",
    How.OWN: "By a rule of my own (RRULE)",
}
_ASKED: Mapping[str, Sequence[str]] = {
    How.WEEKLY: ("days",),
    How.FORTNIGHTLY: ("days",),
    How.EVERY: ("every", "days"),
    How.MONTHLY: ("nth", "weekday"),
    How.OWN: ("rule",),
}
_DAYS = {str(day): weekdays([day]) for day in range(7)}
_NTHS = dict(zip(map(str, NTHS), ("First", "Second", "Third", "Fourth", "Last"), strict=True))


def _days(given: Given) -> Block:
    return choices(
        "days",
        "On which days?",
        [option(day, name) for day, name in _DAYS.items()],
        kind="checkboxes",
        chosen=given.get("days") or (),
        optional=False,
    )


def _every(given: Given) -> Block:
    return _line("every", "Every how many weeks?", given, hint=f"A number from 1 to {MOST_WEEKS}.")


def _nth(given: Given) -> Block:
    return _select("nth", "Which one of the month?", _NTHS, given)


def _weekday(given: Given) -> Block:
    return _select("weekday", "Which weekday?", _DAYS, given)


def _rule(given: Given) -> Block:
    hint = "For instance FREQ=MONTHLY;BYMONTHDAY=1,15 or FREQ=WEEKLY;BYDAY=MO;COUNT=6."
    return _line("rule", "Which rule?", given, hint=hint, limit=RULE_LIMIT)


def _until(given: Given) -> Block:
    return pick("until", "Which is the last day?", "datepicker", initial=given.get("until"))


def _count(given: Given) -> Block:
    return _line("count", "How many times?", given, hint=f"A number from 1 to {MOST_TIMES}.")


def _country(given: Given) -> Block:
    return _select("country", "Public holidays of which country?", _countries(), given)


def _minutes(given: Given) -> Block:
    lengths = {str(each): f"{each} minutes" for each in MINUTES}
    return _select("minutes", "How long does it take?", lengths, given)


_FIELDS: Mapping[str, Callable[[Given], Block]] = {
    "days": _days,
    "every": _every,
    "nth": _nth,
    "weekday": _weekday,
    "rule": _rule,
}


def _ways(given: Given) -> list[Block]:
    is_live = given.get("mode") == Mode.LIVE
    hint = "Whoever is on the rota (/cohort rota) is asked a day before, and may pass it on."
    return [
        _changing(MODE, "How do people take part?", _MODES, given.get("mode") or Mode.OPEN),
        *([_minutes(given)] if is_live else []),
        tick(
            "rotates",
            "Who holds it?",
            "Members take turns",
            ticked=bool(given.get("rotates")),
            hint=hint,
            optional=True,
        ),
    ]


_MODES: Mapping[str, str] = {
    Mode.OPEN: "In their own time, within a week",
    Mode.LIVE: "Together, at that time",
}


def _rest(given: Given) -> list[Block]:
    ends, holiday = given.get("ends") or Ends.NEVER, given.get("on_holiday") or OnHoliday.KEEP
    ending = [_changing(ENDS, "When does it end?", _ENDS, ends)]
    ending += [_until(given)] if ends == Ends.ON else []
    ending += [_count(given)] if ends == Ends.AFTER else []
    return [
        *([] if given.get("how") in (How.ONCE, How.OWN) else ending),
        _changing(ON_HOLIDAY, "On public holidays?", _HOLIDAYS, holiday),
        *([] if holiday == OnHoliday.KEEP else [_country(given)]),
        text_field(
            "links",
            "Links, if there are any",
            limit=_LINKS_LIMIT,
            initial=given.get("links"),
            hint=f"One to a line, at most {MOST_LINKS}: title | https://... They take turns, one "
            "each time.",
        ),
        _select("legend", "What do reactions mean?", _legends(), given),
    ]


_ENDS: Mapping[str, str] = {
    Ends.NEVER: "It goes on",
    Ends.ON: "On a day",
    Ends.AFTER: "After so many times",
}
_HOLIDAYS: Mapping[str, str] = {
    OnHoliday.KEEP: "It takes place all the same",
    OnHoliday.SKIP: "It is left out",
    OnHoliday.MOVE: "It moves to the next working day",
}


def _countries() -> Mapping[str, str]:
    names = content.countries().items()
    return {code: name for code, name in names if code != ELSEWHERE and knows_holidays(code)}


def _legends() -> Mapping[str, str]:
    return {key: ", ".join(templates.legend(key).values())[:75] for key in templates.legends()}


def _changing(name: str, label: str, words: Mapping[str, str], picked_now: str) -> Block:
    made = choice(name, label, _options(words), kind="static_select", chosen=picked_now)
    return made | {"dispatch_action": True}


def _select(name: str, label: str, words: Mapping[str, str], given: Given) -> Block:
    return choice(name, label, _options(words), kind="static_select", chosen=given.get(name))


def _options(words: Mapping[str, str]) -> list[Block]:
    return [option(str(value), text) for value, text in words.items()]


def _line(name: str, label: str, given: Given, *, hint: str, limit: int = 4) -> Block:
    return text_field(
        name,
        label,
        limit=limit,
        initial=given.get(name),
        hint=hint,
        multiline=False,
        optional=False,
    )
