"""What a cohort sees of a check-in, and what a person hears when it could not be shown."""

from __future__ import annotations

from bot import content
from bot.domain.checkins import Answer, Scale
from bot.domain.sharing import SharedCheckIn, Unsent
from bot.domain.visibility import Part
from bot.views.blocks import Block, context, escaped, quoted, section
from bot.views.dates import short_date
from bot.views.letters import Letter, word

_FOOT = "Shared by choice. A kind word in the thread is welcome, and so is silence."


def post(shown: SharedCheckIn) -> Letter:
    """Return the message in the cohort's channel.

    What the person wrote stands in a plain text element, so that nothing in it pings anybody.
    """
    opening = f"<@{shown.person}> shares from their check-in of {short_date(shown.day)}:"
    blocks: list[Block]
    if shown.shared.part is Part.NOTE:
        note = shown.answer.note or ""
        blocks = [section(opening), quoted(note)]
        text = f"{opening}\n{escaped(note)}"
    else:
        words = part_words(shown.answer, shown.shared.part)
        blocks = [section(f"{opening}\n{words}")]
        text = f"{opening}\n{words}"
    return Letter(
        channel=shown.shared.channel, text=f"{text}\n{_FOOT}", blocks=[*blocks, context(_FOOT)]
    )


def part_words(answer: Answer, part: Part) -> str:
    """Return the numbers that are shown, every one with its word."""
    capacity = (
        f"{content.capacity_name()} {answer.capacity}: {content.capacity_word(answer.capacity)}."
    )
    if part is Part.CAPACITY:
        return capacity
    mood = answer.mood
    name, word = content.scale_name(Scale.MOOD), content.level_word(Scale.MOOD, mood)
    return f"{name} {mood}: {word}. {capacity}"


_BECAUSE = {
    Unsent.NOT_IN_CHANNEL: "Hearth is not in that channel any more",
    Unsent.ARCHIVED: "that channel is archived",
    Unsent.NOBODY_KNOWS: "Slack did not say whether it worked",
    Unsent.REFUSED: "Slack did not take it",
}
_AGAIN = "Saving your check-in once more today tries it again."
_REMEDY = {
    Unsent.NOT_IN_CHANNEL: f"Somebody there can invite Hearth again. {_AGAIN}",
    Unsent.ARCHIVED: "Nobody can write there at present, so there is nothing you need to do.",
    Unsent.NOBODY_KNOWS: "Please look, and save your check-in once more today if it is missing.",
    Unsent.REFUSED: _AGAIN,
}


def unsent(person: str, channel: str, reason: Unsent, *, stands: bool, withdrawn: bool) -> Letter:
    """Return the word to a person whose choice could not be carried out.

    Args:
        person: who is told.
        channel: where it was to be shown or taken away.
        reason: why that did not happen.
        stands: whether something is shown there, as far as we know.
        withdrawn: whether it was to be taken away.
    """
    where = f"<#{channel}>"
    if withdrawn:
        happened = f"What you took back may still stand in {where}"
        then = "Somebody who looks after that channel can delete it there."
    else:
        then = _REMEDY[reason]
        if stands:
            happened = f"What you changed does not show in {where} yet; the earlier words do"
        elif reason is Unsent.NOBODY_KNOWS:
            happened = f"What you shared with {where} may be there or not"
        else:
            happened = f"What you shared with {where} could not be posted"
    text = f"{happened}: {_BECAUSE[reason]}. Your check-in itself is saved. {then}"
    return word(person, text)
