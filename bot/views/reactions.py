"""What follows a reaction, in direct messages: an invitation, an offer, a word passed on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot import content
from bot.domain.reactions import Choice
from bot.views.blocks import Block, buttons, context, section
from bot.views.dates import clock_time, date_with_year
from bot.views.letters import Letter
from bot.views.notices import JOIN
from bot.views.rituals import CHECK_IN
from bot.views.support import OPEN, help_button

KIND_WORD = "support_kind_word"
SUGGESTION = "support_suggestion"
NOT_NOW = "support_not_now"
CHOICES: Mapping[str, Choice] = {
    KIND_WORD: Choice.KIND_WORD,
    SUGGESTION: Choice.SUGGESTION,
    NOT_NOW: Choice.NOT_NOW,
}
"""What each button chooses."""

_VISIBLE = "Your reaction on the message is public: everyone in the channel can see it."
_WHO_SEES = (
    "*Who will see this:* whoever wrote the message reads what you choose to send, and never who "
    f"sent it. {_VISIBLE} They may put the two together; if you would rather they did not, take "
    "the reaction off first. Hearth has not read the message. It keeps for seven days that you "
    "reacted and what you chose."
)
_AT_MOST = (
    "If they use Hearth and have not paused it, they read it, and never who it is from. Of several "
    "in one day they get one. Hearth does not say whether it reached them, so that nobody learns "
    "who uses Hearth."
)
_CHOSEN = {
    Choice.KIND_WORD: f"Thank you. Hearth has your kind word. {_AT_MOST}",
    Choice.SUGGESTION: f"Thank you. Hearth has your suggestion. {_AT_MOST}",
    Choice.NOT_NOW: "All right. Nothing was passed on, and nobody is told.",
}
_GONE = (
    "This is not open any more, so nothing was passed on: it is there for seven days. You can "
    "still write to them yourself."
)
_PASSED_ON = {
    Choice.KIND_WORD: (
        "Somebody read what you wrote in <#{channel}> and is thinking of you. They wish you well, "
        "and asked Hearth to tell you so without their name."
    ),
    Choice.SUGGESTION: (
        "Somebody read what you wrote in <#{channel}> and thought it may be good to know whom you "
        "can talk to. They asked Hearth to tell you so without their name."
    ),
}
_NOTHING_TO_DO = "Hearth has not read what you wrote. You need not answer or do anything."
_NOBODY_LEARNS = "Whether you look is up to you, and nobody is told."


def invitation(person: str, cohort: str, channel: str) -> Letter:
    """Return the one word to somebody who reacted to a ritual and is no member."""
    words = [
        f"Thank you for reacting to a ritual in <#{channel}>. Your reaction stands in Slack, where "
        "everyone in the channel can see it. Hearth does not count or keep it, because you are "
        "not a member of the cohort there.",
        "You can join if you like. If not, that costs nothing, and you can react as before. Hearth "
        "will not ask you again for a year; so that it can tell, it keeps a mark that does not "
        "hold your name.",
    ]
    return _letter(person, words, buttons((JOIN, cohort, "Join this cohort")))


def offer(person: str, which: str, channel: str, ts: str) -> Letter:
    """Return what somebody may do about the message of another."""
    words = [
        f"You reacted to a message of {_when(ts)} in <#{channel}> with the cohort's sign of "
        "support. If you like, Hearth can pass something on to whoever wrote it, without your "
        "name. If they use Hearth, they get it.",
        "*Send a kind word*: they read that somebody is thinking of them.\n"
        "*Suggest support*: they read that somebody thought it may be good to know whom they can "
        "talk to, with a button that shows it.",
        _WHO_SEES,
    ]
    row = buttons(
        (KIND_WORD, which, "Send a kind word"),
        (SUGGESTION, which, "Suggest support"),
        (NOT_NOW, which, "Not now"),
    )
    return _letter(person, words, row, context(content.help_now()))


def for_oneself(person: str, channel: str) -> Letter:
    """Return what there is for somebody who gave a message of their own a sign of support."""
    words = [
        f"You reacted to a message of your own in <#{channel}> with the cohort's sign of support. "
        "If you would like something for yourself, it is here.",
        "*Help now* shows whom you can call or write to; Hearth does not keep that you looked. "
        "*Check in privately* opens a form that you alone see.",
        f"{_VISIBLE} Take it off if you would rather they did not. Of this offer nobody else is "
        "told.",
    ]
    row = buttons((OPEN, "support", "Help now"), (CHECK_IN, "checkin", "Check in privately"))
    return _letter(person, words, row)


def passed_on(person: str, channel: str, choice: Choice) -> Letter:
    """Return the word to an author."""
    words = [_PASSED_ON[choice].format(channel=channel), _NOTHING_TO_DO]
    if choice is not Choice.SUGGESTION:
        return _letter(person, words)
    return _letter(person, [*words, _NOBODY_LEARNS], help_button())


def chosen(choice: Choice | None) -> tuple[str, list[Block]]:
    """Return words and blocks that take the place of the offer; None: it was gone."""
    words = _GONE if choice is None else _CHOSEN[choice]
    return words, [section(words)]


def read_choice(body: Mapping[str, Any]) -> tuple[str, Choice]:
    """Return which offer a button was of, and what it chooses."""
    pressed = body["actions"][0]
    return str(pressed.get("value") or ""), CHOICES[pressed["action_id"]]


def _letter(person: str, words: list[str], *more: Block) -> Letter:
    blocks = [*map(section, words), *more]
    return Letter(person=person, text="\n\n".join(words), blocks=blocks)


def _when(ts: str) -> str:
    """Return the moment of a message, as the reader's own clock shows it."""
    seconds = int(ts.partition(".")[0])
    at = datetime.fromtimestamp(seconds, UTC)
    fallback = f"{date_with_year(at.date())}, {clock_time(at)} UTC"
    return f"<!date^{seconds}^{{date_short}}, {{time}}|{fallback}>"
