"""Rules of news: what is told of a channel, and for how long each is news."""

from __future__ import annotations

import pytest

from bot.domain.news import OF_CHANNELS, OF_TROUBLE, STILL_TRUE, Standing, Topic, still_true
from bot.errors import Refusal

WELL = Standing(halted_for=None, is_run=True, is_closed=False)
STOPS = [*OF_TROUBLE, Refusal.UNSEEN, None]


@pytest.mark.parametrize("reason", OF_TROUBLE)
def test_a_trouble_is_news_as_long_as_it_lasts_and_well_again_once_it_is_over(
    reason: Refusal,
) -> None:
    topic = OF_TROUBLE[reason]
    for now in STOPS:
        standing = Standing(halted_for=now, is_run=True, is_closed=False)
        assert still_true(topic, standing) is (now is not None and OF_TROUBLE.get(now) is topic)
        assert still_true(Topic.BACK, standing) is (now is None)


def test_that_nobody_runs_it_is_no_news_once_somebody_does() -> None:
    assert not still_true(Topic.NOBODY_RUNS, WELL)
    assert still_true(Topic.NOBODY_RUNS, Standing(halted_for=None, is_run=False, is_closed=False))


def test_a_new_name_is_news_however_it_stands() -> None:
    for reason in STOPS:
        standing = Standing(halted_for=reason, is_run=False, is_closed=False)
        assert still_true(Topic.RENAMED, standing)


@pytest.mark.parametrize("topic", sorted(STILL_TRUE))
def test_of_a_closed_cohort_nothing_of_it_is_news(topic: Topic) -> None:
    for reason in STOPS:
        for is_run in (True, False):
            closed = Standing(halted_for=reason, is_run=is_run, is_closed=True)
            assert not still_true(topic, closed)


def test_every_topic_of_a_channel_has_a_rule() -> None:
    assert set(STILL_TRUE) >= OF_CHANNELS
