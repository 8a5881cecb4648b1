"""How long a copy of one's data stays, to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.retention import UNSENT_EXPORT, export_is_over

ASKED = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
SENT = ASKED + timedelta(hours=3)
MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize("minutes", [5, 60])
def test_files_go_as_long_after_they_were_there_as_was_said_and_not_before(minutes: int) -> None:
    end = SENT + timedelta(minutes=minutes)
    assert not export_is_over(end - MOMENT, asked_at=ASKED, sent_at=SENT, minutes=minutes)
    assert export_is_over(end, asked_at=ASKED, sent_at=SENT, minutes=minutes)


def test_a_copy_that_never_came_is_tried_for_a_day() -> None:
    assert timedelta(hours=24) == UNSENT_EXPORT
    end = ASKED + UNSENT_EXPORT
    assert not export_is_over(end - MOMENT, asked_at=ASKED, sent_at=None, minutes=5)
    assert export_is_over(end, asked_at=ASKED, sent_at=None, minutes=5)
