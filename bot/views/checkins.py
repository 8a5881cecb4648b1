"""What a person sees after a check-in, when they look back, and when they ask for help."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from bot import content
from bot.domain.checkins import (
    SCALES,
    WEEKS_SHOWN,
    Answer,
    Filed,
    History,
    Receipt,
    Recent,
    Scale,
    Trend,
)
from bot.domain.visibility import Visibility
from bot.views.blocks import (
    Block,
    View,
    buttons,
    context,
    modal,
    picture,
    quoted,
    section,
    with_button,
)
from bot.views.dates import long_date, short_date
from bot.views.support import help_button
from bot.views.visibility import audience, shown, who_will_see

EARLIER = "checkin_history_earlier"
REMOVE = "checkin_history_remove"

_BARS = {None: ".", 1: "▁", 2: "▃", 3: "▅", 4: "▆", 5: "█"}


@cache
def _names_width() -> int:
    return 1 + max(len(content.scale_name(scale)) for scale in SCALES)


def receipt(receipt: Receipt) -> View:
    """Return what the form turns into once the check-in is on the disk."""
    return modal(title="Received", close="Done", blocks=receipt_blocks(receipt))


def receipt_blocks(receipt: Receipt) -> list[Block]:
    """Return the receipt's blocks, for a modal or for a private message."""
    return [
        section(f"{_received(receipt)}\n\n{content.next_step(receipt.step)}"),
        *look_back(receipt.recent, who_will_see(receipt.visibility)),
        help_button(),
    ]


def receipt_text(receipt: Receipt) -> str:
    """Return the receipt in words alone: what a screen reader reads, and old clients show."""
    return "\n".join(
        [
            _received(receipt),
            f"You said: {answer_words(receipt.answer)}",
            content.next_step(receipt.step),
            *(trend_words(scale, receipt.recent.trends[scale]) for scale in SCALES),
            f"Who will see this: {audience(receipt.visibility)}.",
        ]
    )


def _received(receipt: Receipt) -> str:
    place = " It takes the place of the one from earlier." if receipt.replaced else ""
    day, shared = long_date(receipt.day), receipt.visibility.shared
    share = f" What you share stands in <#{shared.channel}> in a moment." if shared else ""
    return f"Your check-in for {day} is saved. Thank you for taking the time.{place}{share}"


def look_back(recent: Recent, who: str) -> list[Block]:
    """Return the last weeks as a small picture, the same in words, and `who` can see it."""
    words = "\n".join([trend_words(scale, recent.trends[scale]) for scale in SCALES])
    return [picture(sketch(recent)), context(f"{words}\n{who}")]


def sketch(recent: Recent) -> str:
    """Return one line for each scale, one character for each day, weeks apart."""
    last = recent.first + timedelta(days=7 * WEEKS_SHOWN - 1)
    names, between = _names_width(), 8 * WEEKS_SHOWN - 1 - len(short_date(recent.first))
    lines = [f"{'':{names}}{short_date(recent.first)}{short_date(last):>{between}}"]
    for scale in SCALES:
        bars = "".join([_BARS[level] for level in recent.trends[scale].levels])
        weeks = f"{bars[:7]} {bars[7:14]} {bars[14:21]} {bars[21:]}"
        lines.append(f"{content.scale_name(scale):{names}}{weeks}")
    return "\n".join(lines)


def trend_words(scale: Scale, trend: Trend) -> str:
    """Return one scale's last weeks as a sentence."""
    name, given = content.scale_name(scale), trend.given
    weeks = f"the last {WEEKS_SHOWN} weeks"
    if not given:
        return f"{name}: no check-in in {weeks}."
    latest = f"{name} {given[-1]}: {content.level_word(scale, given[-1])}"
    if len(given) == 1:
        return f"{latest}. The first in {weeks}."
    low, high = min(given), max(given)
    if low == high:
        return f"{latest}. The same in all {len(given)} check-ins of {weeks}."
    return f"{latest}. Between {low} and {high} in {len(given)} check-ins of {weeks}."


def history(history: History) -> View:
    """Return a page of a person's own check-ins, the latest first, with their notes."""
    any_shared = any(filed.shared for filed in history.page)
    blocks = look_back(history.recent, _ELSEWHERE if any_shared else who_will_see(Visibility()))
    if not history.page:
        blocks.append(section("There is no check-in here. `/checkin` begins one."))
    for filed in history.page:
        blocks.append(_entry(filed, history.page[0].day))
        if filed.note:
            blocks.append(quoted(filed.note))
    if history.has_earlier:
        blocks.append(buttons((EARLIER, history.page[-1].day.isoformat(), "Earlier")))
    blocks.append(help_button())
    return modal(title="Your check-ins", close="Close", blocks=blocks)


_ELSEWHERE = (
    "*Who will see this:* only you. Where it says that a part is shared, everyone in that channel "
    "sees that part."
)


def _entry(filed: Filed, first: date) -> Block:
    """Return one check-in with its button; `first` is the latest day on the page."""
    words = f"*{long_date(filed.day)}*\n{answer_words(filed)}"
    too = ""
    if filed.shared:
        words += f"\nShared: {shown(filed.shared)}."
        too = " What you shared of it is taken away in Slack as well."
    return with_button(
        words,
        action=REMOVE,
        value=f"{filed.day.isoformat()} {(first + timedelta(days=1)).isoformat()}",
        label="Delete",
        confirm=f"This deletes your check-in of {long_date(filed.day)} and its note for good.{too}",
    )


def read_remove(value: str) -> tuple[date, date]:
    """Return the day to delete, and the day before which the page began.

    Raises:
        ValueError: the button is not one of ours.
    """
    day, _, before = value.partition(" ")
    return date.fromisoformat(day), date.fromisoformat(before)


def read_earlier(value: str) -> date | None:
    """Return the day that the button "Earlier" stands for, or None for a forged one."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def answer_words(answer: Answer) -> str:
    """Return an answer in words, every number with its word."""
    parts = [
        f"{content.scale_name(scale)} {answer.level(scale)}: "
        f"{content.level_word(scale, answer.level(scale))}"
        for scale in SCALES
    ]
    word = content.capacity_word(answer.capacity)
    return ". ".join([*parts, f"{content.capacity_name()} {answer.capacity}: {word}"]) + "."


HELP = """*/checkin* opens the form. It takes about thirty seconds, and it is yours.
*/checkin 4 2 3 steady* saves one from the keyboard: mood, stress, energy from 1 to 5, then \
light, steady, full or over. `mood 4 stress 2 energy 3 steady` works too, in any order.
If you belong to a cohort, the form asks whether to share a part of it. Nothing is shared unless \
you say so.
*/checkin history* shows your own recent check-ins, and deletes single ones.
*/checkin day 5:00* says when your day starts, if not at midnight.
*/checkin pause 2w* (or a date, or `until I say`) lets Hearth ask you nothing for a while.
*/checkin weekly* has Hearth ask you once a week, at a time of yours, or no more.
*/checkin choices* shows and changes what you have agreed to.
*/checkin export* sends you a copy of everything Hearth keeps about you.
*/checkin forget* deletes everything Hearth keeps about you.
Each of them also works as */hearth checkin ...*, and "Check in" stands among the shortcuts."""


def help_text() -> str:
    """Return what /checkin can do."""
    return f"{HELP}\n{content.help_now()}"
