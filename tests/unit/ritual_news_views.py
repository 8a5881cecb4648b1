"""What whoever runs a cohort is told of its rituals."""

from __future__ import annotations

from bot.domain.news import News, Topic
from bot.views import news

EVIL = "<!channel> *bold* <https://evil.example|click> & `code`"
ONE = {"title": "Friday wins", "day": "2026-11-27"}
FIRST = {"title": EVIL, "count": "1", "first": "2026-11-27", "last": "2026-11-27"}
SEVERAL = FIRST | {"title": "Friday wins", "count": "4", "last": "2026-12-18"}
REASONS = ("not_in_channel", "is_archived", "ratelimited", "nobody_knows", "restricted_action")

WORDS = [
    news.letter(News("U1", EVIL, "C1", topic, details))
    for topic, details in (
        (Topic.RITUAL_MISSED, FIRST),
        (Topic.RITUAL_MISSED, SEVERAL),
        (Topic.RITUAL_MISSED, SEVERAL | {"ends": "yes"}),
        (Topic.RITUAL_FULL, FIRST),
        (Topic.RITUAL_FULL, SEVERAL),
        (Topic.RITUAL_FULL, FIRST | {"ends": "yes"}),
        (Topic.RITUAL_HALTED, {"title": "Friday wins"}),
        *((Topic.RITUAL_UNSENT, ONE | {"reason": reason}) for reason in REASONS),
        (Topic.RITUAL_ENDED, {"title": "Friday wins"}),
        *(
            (Topic.RITUAL_BROKEN, {"title": "Friday wins", "what": what})
            for what in ("zone", "template", "rule")
        ),
    )
]
