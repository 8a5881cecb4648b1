"""Everything that happens without anybody asking: one call into a service each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.services import Services


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again."""

    name: str
    every: timedelta
    run: Callable[[], Any]
    on_the_minute: bool = False
    """Whether it runs at the start, and then as each minute begins; `every` is a minute."""


def jobs(services: Services) -> Iterator[Job]:
    """Give every job there is."""
    yield Job("zones", timedelta(minutes=1), services.people.refresh_zones)
    yield Job("retention", timedelta(hours=1), services.checkins.let_old_ones_go)
    yield Job("moderators_channel", timedelta(hours=1), services.programme.look_at_channel)
    yield Job("cohort channels", timedelta(seconds=10), services.cohort_channels.look_around)
    yield Job("cohort sizes", timedelta(hours=1), services.cohort_channels.count)
    yield Job("outbox", timedelta(hours=1), services.outbox.let_old_ones_go)
    yield Job("accounts", timedelta(hours=1), services.accounts.let_old_ones_go)
    yield Job("gone", timedelta(hours=1), services.accounts.forget_the_gone)
    yield Job("speaking", timedelta(seconds=10), services.speaking.look)
    yield Job("exports", timedelta(minutes=1), services.exports.end_old)
    yield Job("news", timedelta(hours=1), services.newsroom.let_old_ones_go)
    yield Job("budget", timedelta(hours=1), services.budget.let_old_ones_go)
    yield Job("offers", timedelta(hours=1), services.support_offers.let_old_ones_go)
    yield Job("invitations", timedelta(hours=1), services.reactions.let_old_ones_go)
    yield Job("rota", timedelta(minutes=1), services.rota.tick)
    yield Job("help", timedelta(minutes=1), services.support.remember)
    yield Job("weekly", timedelta(minutes=1), services.weekly.tick)
    yield Job("lines", timedelta(hours=1), services.support.remind)
    yield Job("rituals", timedelta(minutes=1), services.rhythm.tick, on_the_minute=True)
