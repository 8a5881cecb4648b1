"""What a ritual says in its cohort's channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.content import rituals as content
from bot.domain.rituals import Link, Mode, Shown, State, pick
from bot.views.blocks import Block, buttons, context, escaped, header, paragraph, section
from bot.views.dates import in_own_time
from bot.views.letters import Letter
from bot.views.support import help_button

CHECK_IN = "ritual_check_in"

_BULLETS = ("- ", "• ")
_PUBLIC = "Reactions are public; nothing is scored."
_PRIVATE = "*Check in privately* opens your own check-in. Nobody here sees it unless you choose so."
_CLOSED = "This is closed. Thank you for being here."
_OVER = "This round is over. Replies are still welcome."
_HELP = "/support shows whom you can call or write to."
_GO_ON = "Whoever wants to go on can do so in this thread."
_NOT_TODAY = "This does not take place this time."
_CALLED_OFF = (State.SKIPPED, State.MISSED, State.UNSENT)
_NUMBERS = (
    "nobody",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_LENGTHS = {10: "ten", 15: "fifteen", 20: "twenty"}


def post(shown: Shown) -> Letter:
    """Return the post, as it is to stand in the channel.

    What the facilitator wrote stands in plain and rich text alone, so that nothing in it pings
    anybody or leads anywhere but their links.
    """
    care = content.template(shown.template).care
    written = [each for each in (care, shown.words) if each.strip()]
    link = pick(shown.links, shown.number)
    said = list(_said(shown))
    small = _over(shown) if shown.state is State.CLOSED else f"{_legend(shown)} {_PUBLIC}"
    blocks = [
        header(shown.title),
        *map(_rich, written),
        *([_linked(link)] if link else []),
        *map(section, said),
        context(small),
        context(_PRIVATE),
        _buttons(shown),
    ]
    text = [
        escaped(shown.title),
        *map(escaped, written),
        *([escaped(f"{link.title}: {link.url}")] if link else []),
        *said,
        small,
        _PRIVATE,
    ]
    return Letter(channel=shown.channel, text="\n".join(text), blocks=blocks)


def soon(shown: Shown) -> Letter:
    """Return the word ahead of a live ritual; once it is called off, that word instead."""
    if shown.state in _CALLED_OFF:
        return _brief(shown, [_NOT_TODAY])
    at = in_own_time(shown.due_at, shown.zone)
    said = [f"Begins soon, at {at}. It takes {_minutes(shown)}. Come as you are, or not."]
    return _brief(shown, [*said, *_held(shown)])


def thanks(shown: Shown) -> Letter:
    """Return the word in the thread with which a live ritual ends."""
    has_care = bool(content.template(shown.template).care)
    last = _HELP if has_care else _GO_ON
    text = f"The {_minutes(shown)} are over. Thank you for being here. {last}"
    return Letter(channel=shown.channel, text=text, blocks=[section(text)])


def _brief(shown: Shown, said: Sequence[str]) -> Letter:
    has_care = bool(content.template(shown.template).care)
    words = " ".join(said)
    blocks = [header(shown.title), section(words), *([help_button()] if has_care else [])]
    text = "\n".join([escaped(shown.title), words, *([_HELP] if has_care else [])])
    return Letter(channel=shown.channel, text=text, blocks=blocks)


def _said(shown: Shown) -> Iterator[str]:
    if shown.state is State.CLOSED:
        yield _CLOSED if shown.mode is Mode.LIVE else _OVER
        return
    yield from _held(shown)
    if shown.mode is Mode.LIVE:
        yield from _run(shown)
        yield f"It takes {_minutes(shown)}. Write in the thread if you like, or just read."
    else:
        yield "Reply in the thread if you like, or just read."


def _held(shown: Shown) -> Sequence[str]:
    if shown.holder is not None:
        return [f"Held by <@{shown.holder}> this time."]
    if shown.rotates:
        return ["Nobody holds it this time. Whoever comes first can begin."]
    return []


def _run(shown: Shown) -> Sequence[str]:
    """Name who runs the cohort where nobody else would be named while people are together.

    Only until it closes: no post keeps the name of somebody who has long left.
    """
    if shown.holder or shown.rotates or not shown.facilitators:
        return []
    names = ", ".join(f"<@{person}>" for person in shown.facilitators)
    return [f"This cohort is run by {names}."]


def _over(shown: Shown) -> str:
    if shown.responders < 1:
        return _PUBLIC
    people = "person" if shown.responders == 1 else "people"
    return f"{_count(shown.responders)} {people} reacted. {_PUBLIC}"


def _count(number: int) -> str:
    return _NUMBERS[number].capitalize() if number < len(_NUMBERS) else str(number)


def _minutes(shown: Shown) -> str:
    minutes = shown.minutes or 0
    return f"{_LENGTHS.get(minutes, minutes)} minutes"


def _legend(shown: Shown) -> str:
    has_care = bool(content.template(shown.template).care)
    known = content.legend(content.DEFAULT_LEGEND if has_care else shown.legend)
    return f"React if you like: {', '.join(f':{each}: {known[each]}' for each in known)}."


def _buttons(shown: Shown) -> Block:
    row = buttons((CHECK_IN, "checkin", "Check in privately"))
    if content.template(shown.template).care:
        row["elements"] = [*help_button()["elements"], *row["elements"]]
    return row


def _linked(link: Link) -> Block:
    return paragraph({"type": "link", "url": link.url, "text": link.title})


def _rich(words: str) -> Block:
    """Return written words; lines that begin with a dash become a list."""
    parts: list[Block] = []
    for is_list, group in groupby(words.split("\n"), key=lambda line: line.startswith(_BULLETS)):
        lines = list(group)
        if is_list:
            items = [_section(line[2:].strip() or "-") for line in lines]
            parts.append({"type": "rich_text_list", "style": "bullet", "elements": items})
        elif text := "\n".join(lines).strip("\n"):
            parts.append(_section(text))
    return {"type": "rich_text", "elements": parts}


def _section(text: str) -> Block:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
