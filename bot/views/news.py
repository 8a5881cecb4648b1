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
        f"The channel of a cohort you run has a new name: <#{news.channel}>. Nothing else has "
        "changed. The cohort keeps its own name; `/cohort settings` there changes that."
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
    Topic.NOBODY_HOLDS: _nobody_holds,
}
"""What each topic says."""
