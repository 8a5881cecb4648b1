"""What every template says in a channel, at each time of an occurrence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from bot.content import rituals as content
from bot.domain.rituals import Link, Mode, Shown, State, Template
from bot.views import rituals
from bot.views.letters import Letter

EVIL = "<!channel> *bold* <https://evil.example|click> & `code` :wave:"
LINKS = [Link(EVIL, "https://example.org/a?b=1&c=2"), Link("Second", "https://example.org/2")]


def shown(template: Template) -> Shown:
    """Return an occurrence of a template as it stands, held by somebody."""
    return Shown(
        occurrence=UUID(int=1),
        channel="C1",
        template=template.key,
        title=template.title,
        words=template.words,
        links=template.links,
        number=0,
        mode=template.mode,
        minutes=template.minutes,
        holder="U1",
        facilitators=["U2"],
        rotates=template.rotates,
        legend=template.legend,
        state=State.OPEN,
        responders=0,
        due_at=datetime.fromisoformat("2026-11-25T14:00+00:00"),
        zone="Europe/Berlin",
    )


def letters(facts: Shown) -> Mapping[str, Letter]:
    """Return everything that is said about an occurrence."""
    said = {
        "open": rituals.post(facts),
        "without_holder": rituals.post(replace(facts, holder=None)),
        "closed": rituals.post(replace(facts, state=State.CLOSED, responders=3)),
    }
    if facts.mode is Mode.LIVE:
        said["without_rota"] = rituals.post(replace(facts, holder=None, rotates=False))
        said["soon"] = rituals.soon(facts)
        said["called_off"] = rituals.soon(replace(facts, state=State.SKIPPED))
        said["thanks"] = rituals.thanks(facts)
    return said


SHOWN = {key: shown(each) for key, each in content.templates().items()}
EDITED = replace(
    SHOWN["learning_pick"], title=EVIL[:60], words=f"{EVIL}\n- {EVIL}\n• two\n\nafter", links=LINKS
)
FULLEST = replace(EDITED, template="hard_event", words="😔" * 1500, mode=Mode.LIVE, minutes=20)
LETTERS = {
    f"ritual_{key}": letters(facts)
    for key, facts in {**SHOWN, "edited": EDITED, "fullest": FULLEST}.items()
}


def _golden(said: Mapping[str, Letter]) -> str:
    first = json.dumps(list(said["open"].blocks), indent=1, ensure_ascii=False)
    return "\n\n".join([first, *(f"# {name}\n{letter.text}" for name, letter in said.items())])


TEXTS = {name: _golden(said) for name, said in LETTERS.items() if name != "ritual_fullest"}
MESSAGES = {
    f"{name}_{when}": list(letter.blocks)
    for name, said in LETTERS.items()
    for when, letter in said.items()
}
