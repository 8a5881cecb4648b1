"""The words to whoever runs a cohort about what its rituals could not do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from bot.domain.budget import COHORT_POSTS
from bot.domain.delivery import NOBODY_KNOWS, TOO_LATE
from bot.domain.news import News, Topic
from bot.views.blocks import escaped
from bot.views.dates import full_date


def _missed(news: News) -> str:
    return (
        f"{_title(news)} did not take place in <#{news.channel}> {_on(news)}: Hearth was not "
        "running, and afterwards it was too late. Nothing was posted at a wrong hour. "
        f"{_NO_OTHER if _is_last(news) else _GOES_ON}"
    )


def _full(news: News) -> str:
    return (
        f"{_title(news)} is left out in <#{news.channel}> {_on(news)}: a cohort gets at most "
        f"{COHORT_POSTS} posts a week, what is held live takes two of them, and there is no room "
        "left. "
        f"{_NO_OTHER if _is_last(news) else _MAKE_ROOM}"
    )


def _halted(news: News) -> str:
    return (
        f"{_title(news)} is left out in <#{news.channel}>, because Hearth posts nothing there just "
        "now. `/cohort list` says why, and what helps. The ritual itself is kept, and once that is "
        "mended it goes on with its next date, if one follows."
    )


def _unsent(news: News) -> str:
    why, then = _REASONS.get(news.details.get("reason", ""), _REFUSED)
    return (
        f"{_title(news)} could not be posted in <#{news.channel}> {_on(news)}: {why}. "
        f"The ritual itself is kept, and goes on with its next date if one follows. {then}"
    )


def _ended(news: News) -> str:
    return (
        f"{_title(news)} in <#{news.channel}> came to its last date, so nothing follows that one. "
        "What is said there stays. If it should go on, `/ritual` there lets you change when it "
        "comes round."
    )


def _broken(news: News) -> str:
    what = _PARTS.get(news.details.get("what", ""), "the way it comes round")
    return (
        f"{_title(news)} in <#{news.channel}> is paused: Hearth does not know {what} any more. "
        "Nothing was lost. Please open `/ritual` there, set that anew, and resume it."
    )


_NO_OTHER = "No other date follows; `/ritual` there lets you choose new ones."
_GOES_ON = "It goes on with its next date; `/ritual` there shows it, and can run one now."
_MAKE_ROOM = (
    "It goes on with its next date. To have it on that day after all, skip something else of that "
    "week in `/ritual` there, and on the day choose *Run now*."
)


def _is_last(news: News) -> bool:
    """Whether no date follows those that were left out."""
    return "ends" in news.details


def _title(news: News) -> str:
    return f"“{escaped(news.details['title'])}”"


def _on(news: News) -> str:
    """Return on which day it was, or on how many."""
    details = news.details
    if "day" in details:
        return f"on {_day(details['day'])}"
    if details["count"] == "1":
        return f"on {_day(details['first'])}"
    first, last = _day(details["first"]), _day(details["last"])
    return f"on {details['count']} days between {first} and {last}"


def _day(text: str) -> str:
    return full_date(date.fromisoformat(text))


_PARTS = {
    "template": "the template it was made of",
    "zone": "the time zone it is set in",
}

_OUTSIDE = (
    "Hearth is not in that channel",
    "Please invite it there again: `/invite @hearth` in the channel.",
)
_ARCHIVED = (
    "the channel is archived",
    "Somebody may unarchive it; or `/cohort list` lets you close the cohort.",
)
_SLACK = (
    "Slack could not be reached until it was too late",
    "If it should take place all the same, you can open it there yourself.",
)
_REFUSED = (
    "Slack did not allow it",
    "Somebody who looks after that channel can see whether apps may post there.",
)
_REASONS: Mapping[str, tuple[str, str]] = {
    "not_in_channel": _OUTSIDE,
    "channel_not_found": _OUTSIDE,
    "is_archived": _ARCHIVED,
    "is_inactive": _ARCHIVED,
    "ratelimited": _SLACK,
    "unreachable": _SLACK,
    "pace": _SLACK,
    TOO_LATE: _SLACK,
    NOBODY_KNOWS: (
        "Slack gave no answer, so it may stand there or not",
        "Please look into the channel; Hearth does not post it twice.",
    ),
}
"""Why it could not be posted, and what helps."""

WORDS: Mapping[Topic, Callable[[News], str]] = {
    Topic.RITUAL_MISSED: _missed,
    Topic.RITUAL_FULL: _full,
    Topic.RITUAL_HALTED: _halted,
    Topic.RITUAL_UNSENT: _unsent,
    Topic.RITUAL_ENDED: _ended,
    Topic.RITUAL_BROKEN: _broken,
}
"""What each topic says."""
