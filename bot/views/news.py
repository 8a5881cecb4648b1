"""The word to somebody who runs a cohort about what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.news import News, Topic
from bot.views import ritual_news
from bot.views.letters import Letter, word


def letter(news: News) -> Letter:
    """Return the direct message."""
    return word(news.person, _WORDS[news.topic](news))


def _renamed(news: News) -> str:
    return (
        f"The channel of a cohort you run has a new name: <#{news.channel}>. Nothing else has "
        "changed. The cohort keeps its own name; `/cohort settings` there changes that."
    )


_WORDS: Mapping[Topic, Callable[[News], str]] = {
    Topic.RENAMED: _renamed,
    **ritual_news.WORDS,
}
"""What each topic says."""
