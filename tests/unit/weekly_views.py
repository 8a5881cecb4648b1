"""The weekly question as it is shown, for the golden files and Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from bot.domain.budget import Sort
from bot.domain.pauses import UNTIL_I_SAY, Pause
from bot.domain.weekly import Setting, Wish
from bot.views import weekly

FRIDAY = datetime.fromisoformat("2026-11-27T15:00+01:00")
WISH = Wish(weekday=4, at_minute=900, zone=None, reminds=True)
CHOSEN = Setting(wish=WISH, next_at=FRIDAY, known_zone="Europe/Berlin")
FIXED = replace(CHOSEN, wish=replace(WISH, zone="America/New_York", reminds=False))
STOPPED = replace(CHOSEN, next_at=None)
PAUSING = replace(CHOSEN, paused_until=date(2026, 12, 31))

VIEWS = {
    "weekly": weekly.form(Setting(known_zone="Europe/Berlin")),
    "weekly_again": weekly.form(FIXED),
    "weekly_stopped_before": weekly.form(STOPPED),
    "weekly_saved": weekly.saved(CHOSEN),
    "weekly_not_this_week": weekly.not_this_week(CHOSEN),
    "weekly_paused": weekly.paused(Pause(date(2026, 12, 6))),
    "weekly_stopped": weekly.stopped(),
}
LETTERS = {
    "weekly_question": weekly.question("U1", UUID(int=5), Sort.PROMPT),
    "weekly_reminder": weekly.question("U1", UUID(int=5), Sort.REMINDER),
}
WORDS = "\n\n".join(
    [
        *map(weekly.words, (CHOSEN, FIXED, STOPPED, Setting(), PAUSING)),
        weekly.words(replace(CHOSEN, known_zone=None, paused_until=UNTIL_I_SAY)),
        weekly.not_this_week(None)["blocks"][0]["text"]["text"],
        weekly.not_this_week(STOPPED)["blocks"][0]["text"]["text"],
    ]
)
