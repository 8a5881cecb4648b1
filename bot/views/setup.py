"""The set-up as a list: what is there, what is missing, and how the programme stands."""

from __future__ import annotations

from collections.abc import Sequence

from bot import content
from bot.domain.eap import Eap, read_eap
from bot.domain.programme import (
    Checklist,
    Entry,
    Hours,
    Item,
    Phase,
    State,
    Status,
)
from bot.errors import Problem
from bot.views.blocks import (
    Block,
    View,
    modal,
    section,
    with_button,
)
from bot.views.dates import date_with_year, minutes_as_clock, weekdays
from bot.views.roles import people_words

STEP = "setup_step"
OPEN = f"{STEP}_open"
GO_LIVE = "setup_go_live"

_MARKS = {State.DONE: "Done", State.MISSING: "Missing", State.PROBLEM: "Look at this"}


def checklist(found: Checklist, remark: str | None = None) -> View:
    """Return what is set up, what is missing, and a button for each step."""
    blocks: list[Block] = [section(f"*{remark}*")] if remark else []
    blocks.append(section(phase_words(found)))
    for item, entry in found.entries.items():
        label = "Set" if entry.value is None else "Change"
        blocks.append(
            with_button(_line(entry), action=OPEN, value=item, label=label),
        )
    blocks += _before_live(found)
    return modal(title="Set-up", close="Done", blocks=blocks)


def _before_live(found: Checklist) -> list[Block]:
    if found.phase is Phase.LIVE:
        return []
    missing = [f"Missing: {content.proof(each)}." for each in found.missing_proofs]
    words = ["*Before it goes live*", *missing]
    if found.open_items:
        words.append("Still open: the steps above that are missing or have a problem.")
    if found.may_go_live:
        label = "Go live"
        confirm = "From now on concerns page a moderator, and safety reading counts where chosen."
        return [
            with_button("All is there.", action=GO_LIVE, value="live", label=label, confirm=confirm)
        ]
    return [section("\n".join(words))]


def _line(entry: Entry) -> str:
    words = f"*{content.step(entry.item, 'title')}*: {_MARKS[entry.state].lower()}"
    if entry.set_by is not None and entry.set_at is not None and entry.value is not None:
        words += f", set by <@{entry.set_by}> on {date_with_year(entry.set_at)}"
    return "\n".join([words, *(PROBLEM_WORDS[each] for each in entry.problems)])


def phase_words(found: Checklist) -> str:
    """Return how far the programme is, and what that means."""
    done = sum(each.state is State.DONE for each in found.entries.values())
    if found.phase is Phase.LIVE and found.live_since is not None:
        return f"*Live* since {date_with_year(found.live_since)}."
    if found.phase is Phase.REHEARSAL:
        return f"*Rehearsal.* {_OFF} Everything can be practised."
    return f"*Setting up*, {done} of {len(found.entries)} steps are done. {_OFF}"


_OFF = "Nobody is paged and no note is read until it goes live."


def words(entry: Entry) -> str:
    """Return what is kept of a step as text, in which typed words may stand; for plain text."""
    value = entry.value
    if value is None:
        return ""
    if entry.item is Item.EAP:
        eap = read_eap(value) or Eap()
        given = (eap.name, eap.phone, eap.web, eap.hours, eap.languages)
        return "No such service" if eap.none else ", ".join(each for each in given if each)
    if entry.item is Item.HOURS:
        return hours_words(Hours(**value))
    if entry.item is Item.COUNTRIES:
        return ", ".join(content.countries().get(code, code) for code in value)
    return str(value)


def hours_words(hours: Hours) -> str:
    """Return for instance "Monday to Friday, 09:00 to 17:00 (Europe/Berlin)"."""
    clock = f"{minutes_as_clock(hours.begins)} to {minutes_as_clock(hours.ends)}"
    return f"{weekdays(hours.days)}, {clock} ({hours.zone})"


PROBLEM_WORDS = {
    Problem.NOT_THERE: (
        "The channel is gone, or Hearth was removed from it. Nobody would hear of a concern there."
    ),
    Problem.ARCHIVED: "The channel is archived. Nobody would hear of a concern there.",
    Problem.PUBLIC: "The channel was made public. It has to be private again.",
    Problem.OTHER_COMPANY: "The channel is shared with another company now.",
    Problem.COHORTS_OWN: "The channel belongs to a cohort.",
    Problem.GUESTS: "Guests are in the channel.",
    Problem.CROWDED: "More than thirty people are in the channel.",
    Problem.LEADS_INSIDE: (
        "Somebody is in the channel who leads the programme or administrates the workspace. They "
        "have to leave before it goes live. Hearth looks every hour, or when this step is saved."
    ),
    Problem.NOT_LOOKED: "Slack did not say just now how it stands with the channel.",
    Problem.NEVER_TRIED: "Nobody has said when the number was last rung to try it.",
    Problem.TRIED_LONG_AGO: "The number was last tried more than ninety days ago.",
    Problem.VACANT: "Whoever was named here is not available any more. Please choose somebody.",
    Problem.LEADS: "They lead the programme by now. Please choose somebody else.",
}


def not_yours(leads: Sequence[str]) -> str:
    """Return the answer to somebody who may not set up."""
    if not leads:
        return "Nobody leads the programme yet. A workspace admin can begin with `/hearth setup`."
    verb = "leads" if len(leads) == 1 else "lead"
    return f"{people_words(leads)} {verb} the programme here, and can set it up. You can ask them."


def live_words(found: Checklist) -> str:
    """Return what became of going live."""
    if found.phase is Phase.LIVE:
        return "It is live."
    return "It is not live yet. Below stands what is missing."


def status(found: Status) -> str:
    """Return how the programme stands, in a few lines."""
    lines = []
    if found.checklist is not None:
        lines.append(phase_words(found.checklist))
        done = [e for e in found.checklist.entries.values() if e.state is State.DONE]
        if done:
            titles = ", ".join(content.step(each.item, "title") for each in done)
            lines.append(f"Works: {titles}.")
        for item in found.checklist.open_items:
            lines.append(_line(found.checklist.entries[item]))
        if found.phase is not Phase.LIVE:
            lines += [f"Missing: {content.proof(p)}." for p in found.checklist.missing_proofs]
    elif found.phase is not Phase.LIVE:
        lines.append("The programme is being prepared. Your check-ins work, and are yours alone.")
    lines.append(_who_moderates(found))
    if found.checklist is None:
        lines.append(content.help_now())
    return "\n".join(lines)


def _who_moderates(found: Status) -> str:
    if not found.moderators:
        return "Nobody moderates yet."
    when = f" Their hours: {hours_words(found.hours)}." if found.hours else ""
    verb = "moderates" if len(found.moderators) == 1 else "moderate"
    return f"{people_words(found.moderators)} {verb}.{when}"
