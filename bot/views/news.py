"""The word to somebody who runs a cohort about what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.news import News, Topic
from bot.views import ritual_news
from bot.views.blocks import escaped
from bot.views.dates import day_in_own_time
from bot.views.letters import Letter, word


def letter(news: News) -> Letter:
    """Return the direct message."""
    return word(news.person, _WORDS[news.topic](news))


def _renamed(news: News) -> str:
    return (
        f"The channel of the cohort {escaped(news.cohort)} has a new name: <#{news.channel}>. "
        "Nothing else has changed. The cohort keeps its own name; `/cohort settings` there changes "
        "that."
    )


def _cohort(news: News) -> str:
    return f"<#{news.channel}>, the channel of the cohort {escaped(news.cohort)}"


_NOTHING = (
    "Until then nothing is posted or shared there, and its rituals are left out. Afterwards all "
    "goes on by itself."
)
_TAKE_BACK = (
    "Everybody can take theirs back, by deleting that check-in in `/checkin history`; members were "
    "told so."
)
_CLOSE = "`/cohort list` lets you close the cohort."


def _removed(news: News) -> str:
    return (
        f"Hearth is no longer in {_cohort(news)}. To have it back, please type `/invite "
        f"@hearth` there. {_NOTHING} If the channel was deleted, {_CLOSE}"
    )


def _archived(news: News) -> str:
    return (
        f"{_cohort(news)}, was archived. If that was not meant, please unarchive it. {_NOTHING} If "
        f"the cohort has come to its end, {_CLOSE}"
    )


def _made_public(news: News) -> str:
    return (
        f"{_cohort(news)}, was made public: everybody in the company can read it, also what was "
        f"shared there before. {_TAKE_BACK} Please make the channel private again. {_NOTHING} If "
        "it is to stay public, close the cohort with `/cohort list` and make it anew there; people "
        "then join it knowing that."
    )


def _shared(news: News) -> str:
    return (
        f"{_cohort(news)}, is shared with another company now, whose people can read what was "
        f"shared there before. {_TAKE_BACK} Please have the sharing of the channel ended. "
        f"{_NOTHING}"
    )


def _guests(news: News) -> str:
    return (
        f"Somebody in {_cohort(news)}, is not of the company, and a cohort has no "
        f"guests. Please ask them to leave the channel, or use another one for them. {_NOTHING}"
    )


def _back(news: News) -> str:
    return (
        f"{_cohort(news)}, is as it should be again. Sharing goes on, and each ritual comes at its "
        "next time. What was left out meanwhile is not posted afterwards."
    )


def _nobody_runs(news: News) -> str:
    return (
        f"Nobody runs the cohort {escaped(news.cohort)} in <#{news.channel}> any more. Its rituals "
        "go on as they were set. `/hearth roles` lets you give somebody the role; until then, "
        "news of the cohort comes to the leads."
    )


def _nobody_holds(news: News) -> str:
    due_at = datetime.fromisoformat(news.details["due_at"])
    return (
        f"In <#{news.channel}>, nobody on the rota holds *{escaped(news.details['title'])}* on "
        f"{day_in_own_time(due_at, None)} so far. It takes place all the same: the post says that "
        "whoever comes first can begin. You can also open it yourself, or ask somebody."
    )


_WORDS: Mapping[Topic, Callable[[News], str]] = {
    Topic.RENAMED: _renamed,
    **ritual_news.WORDS,
    Topic.REMOVED: _removed,
    Topic.ARCHIVED: _archived,
    Topic.MADE_PUBLIC: _made_public,
    Topic.SHARED: _shared,
    Topic.GUESTS: _guests,
    Topic.BACK: _back,
    Topic.NOBODY_RUNS: _nobody_runs,
    Topic.NOBODY_HOLDS: _nobody_holds,
}
"""What each topic says."""
