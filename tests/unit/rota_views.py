"""What the rota asks and says, as it is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from bot.domain.cohorts import Cohort
from bot.domain.news import News, Topic
from bot.domain.rota import Place, Question, Standing
from bot.views import news, rota

EVIL = "<!channel> *bold* <https://evil.example|click> & `code` :wave:"
DUE = datetime(2026, 11, 27, 14, tzinfo=UTC)
COHORT = Cohort(UUID(int=1), EVIL, "C1")
QUESTION = Question(
    turn=UUID(int=9),
    person="U1",
    standing=Standing.ASKED,
    channel="C1",
    title="Friday wins",
    due_at=DUE,
    zone="Europe/Berlin",
    minutes=15,
    template="friday_wins",
)
NOBODY = News(
    "U1", "New parents", "C1", Topic.NOBODY_HOLDS, {"title": EVIL, "due_at": DUE.isoformat()}
)
VIEWS = {
    "rota_off": rota.place(Place(COHORT, is_on=False)),
    "rota_on": rota.place(Place(COHORT, is_on=True)),
    "rota_joined": rota.place(Place(COHORT, is_on=True), rota.JOINED),
    "rota_left": rota.place(Place(COHORT, is_on=False), rota.LEFT),
}
LETTERS = {
    "rota_asked": rota.asked(QUESTION),
    "rota_asked_for_days": rota.asked(replace(QUESTION, title=EVIL, minutes=None, zone=None)),
    "rota_let_off": rota.let_off("U1", "C1", EVIL),
    "rota_holds": rota.answered(replace(QUESTION, standing=Standing.HOLDS), "U1"),
}
WORDS = {
    "rota_answered": [
        *(
            rota.answered(replace(QUESTION, standing=each), "U1")
            for each in (Standing.PASSED, Standing.TAKEN, Standing.OVER)
        ),
        rota.answered(None, "U1"),
    ],
    "rota_nobody_holds": [news.letter(NOBODY)],
}
