"""What a lead sees of the crisis lines, and the word that some of them should be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot import content
from bot.content import lines as bundled
from bot.domain.support import VERIFIED_FOR, Standing, State, Task, Why
from bot.views.blocks import Block, View, buttons, context, modal, option, section, with_select
from bot.views.dates import date_with_year
from bot.views.letters import Letter
from bot.views.support import in_country, reach

OPEN = "lines_open"
COUNTRY = "lines_country"
HOLDS = "lines_holds"
FAILS = "lines_fails"

_HOW = (
    f"Members see a line only for {VERIFIED_FOR.days} days after somebody looked. *It holds* means "
    "that you looked today, at the organisation's own site or by calling, and that every word here "
    "is right. If you call, say at once that you are only checking the number. *It does not hold* "
    "hides the line from this moment."
)
_CHANGED = "That line reads differently now than when you opened the list, so nothing was marked."
_MOST_NAMED = 5


def board(
    country: str,
    standings: Sequence[Standing],
    tasks: Sequence[Task],
    countries: Sequence[str],
    *,
    changed: bool = False,
) -> View:
    """Return the list of a country's lines with a button for either word.

    Args:
        country: whose lines are shown.
        standings: its lines.
        tasks: what is due in any country.
        countries: the codes of those that leads look after.
        changed: whether a button was pressed for a line that reads differently by now.
    """
    options = [option(code, content.countries()[code]) for code in bundled.countries()]
    return modal(
        title="Crisis lines",
        close="Close",
        blocks=[
            *([section(_CHANGED)] if changed else []),
            section(_HOW),
            section(_summary(tasks, countries)),
            with_select(
                "*Lines of*",
                action=COUNTRY,
                options=options,
                chosen=country,
                placeholder="Choose a country",
            ),
            *(block for each in standings for block in _entry(each)),
        ],
    )


def _entry(stands: Standing) -> list[Block]:
    line = stands.line
    value = f"{line.country} {line.key} {line.fingerprint}"
    pressed = buttons((HOLDS, value, "It holds"), (FAILS, value, "It does not hold"))
    return [
        section(f"*{line.name}*: {reach(line)}\n{_state(stands)}"),
        context(f"Where this comes from: {line.source}."),
        {**pressed, "block_id": f"line_{line.key}"},
    ]


def read_mark(value: str) -> tuple[str, str, str]:
    """Return country, key and fingerprint of the line that a button is about.

    Raises:
        ValueError: the button is not one of ours.
    """
    country, key, fingerprint = value.split(" ")
    return country, key, fingerprint


def _state(stands: Standing) -> str:
    on = date_with_year(stands.on) if stands.on else ""
    until = date_with_year(stands.until) if stands.until else ""
    anyway = stands.line.is_emergency
    hidden = "Members see it all the same." if anyway else "Members do not see it."
    return {
        State.HOLDS: f"Checked on {on}. It counts until {until}.",
        State.RUNS_OUT: f"Checked on {on}. It counts only until {until}: please look again.",
        State.EXPIRED: f"Checked on {on}, which is too long ago. {hidden}",
        State.UNCHECKED: f"Not checked yet. {hidden}",
        State.FAILED: f"Said on {on} not to hold. Members do not see it.",
    }[stands.state]


def _summary(tasks: Sequence[Task], countries: Sequence[str]) -> str:
    if not countries:
        return "No country is chosen for the programme yet, so nothing is due. You can look anyway."
    if not tasks:
        return (
            "Nothing is due. Once a month, and two weeks before one runs out, Hearth reminds you."
        )
    return f"To look at: {_by_country(tasks)}."


def _by_country(tasks: Sequence[Task]) -> str:
    due = Counter(each.line.country for each in tasks)
    return ", ".join(f"{count} in {in_country(code)}" for code, count in due.items())


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def reminder(person: str, tasks: Sequence[Task]) -> Letter:
    """Return the word to a lead that lines should be looked at; there is at least one."""
    one = len(tasks) == 1
    begin = "One crisis line should" if one else f"{len(tasks)} crisis lines should"
    parts = [f"{begin} be looked at: {_by_country(tasks)}."]
    ends = {
        each.line.name: each.until
        for each in tasks
        if each.why is Why.RUNS_OUT and each.until is not None and not each.line.is_emergency
    }
    if ends:
        last = min(ends.values())
        named = [name for name, until in ends.items() if until == last]
        parts.append(f"After {date_with_year(last)} members do not see {_some(named)} any more.")
    parts.append("A look takes a minute for each and counts for three months: `/hearth lines`.")
    text = " ".join(parts)
    opens = buttons((OPEN, tasks[0].line.country, "Look at the lines"))
    return Letter(person=person, text=text, blocks=[section(text), opens])
