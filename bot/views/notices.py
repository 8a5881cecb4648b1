"""The notice in a cohort's channel, and the word that nothing is shared there just now."""

from __future__ import annotations

from bot import content
from bot.domain.cohorts import CANNOT_BE_SAID, Notice, Purpose
from bot.views.blocks import Block, buttons, context, escaped, paragraph, plain, section
from bot.views.letters import Letter, word
from bot.views.refusals import because
from bot.views.visibility import DECIDER

JOIN = "cohort_join"
AGREED = "Guidelines"

PURPOSES = {
    Purpose.SUPPORT: "people who support one another",
    Purpose.SKILL: "people who practise a skill together",
    Purpose.ACCOUNTABILITY: "people who help one another keep what they set out to do",
}

_SHARING = (
    "Whoever joins can choose, each time, to share a part of a check-in here. Everyone in this "
    "channel sees that, now and later. Hearth passes on nothing else."
)
_NOBODY_WATCHES = (
    "*Nobody watches this channel.* If you are worried about somebody or about yourself, raise a "
    "concern or call: `/support` shows who is there."
)


_TAKE_BACK = (
    "You can take yours back: delete that check-in in `/checkin history`, or leave with `/cohort "
    "leave` and tick the box."
)
_OUT_OF_REACH = "Hearth can take nothing away there until that is mended."


def notice(facts: Notice) -> Letter:
    """Return the notice, as it is to stand in the channel."""
    name = escaped(facts.name)
    if facts.is_closed:
        closed = (
            "This cohort is closed. Nothing more is shared here through Hearth; what was shared "
            "stays until its author takes it back."
        )
        return Letter(
            channel=facts.channel,
            text=f"{name}: {closed}",
            blocks=[_title(facts), section(closed)],
            pinned=False,
        )
    words = [
        f"A cohort of {PURPOSES[facts.purpose]}. {_runs(facts)}",
        _SHARING,
        _present(facts),
        _NOBODY_WATCHES,
    ]
    if facts.is_open:
        words.insert(2, "Everybody in the company can read this channel.")
    if facts.halted_for is not None:
        words.insert(1, f"*Nothing is shared here just now:* {because(facts.halted_for)}.")
    blocks = [
        _title(facts),
        *map(section, words),
        *agreed_on(facts.guidelines),
        context(content.help_now()),
        buttons((JOIN, str(facts.id), "Join this cohort")),
    ]
    agreed = f"{AGREED}:\n{escaped(facts.guidelines)}"
    text = "\n".join([name, *words, agreed, content.help_now()])
    return Letter(channel=facts.channel, text=text, blocks=blocks, pinned=True)


def invited(person: str) -> Letter:
    """Return the direct message to somebody who may make a cohort and let Hearth into a channel."""
    text = (
        "Thank you for inviting Hearth. If that channel is to have a cohort, please type `/cohort "
        "create` there: it takes a minute. If not, there is nothing to do. Nobody in the channel "
        "was told, and Hearth does not read along."
    )
    return word(person, text)


def halted(person: str, facts: Notice) -> Letter:
    """Return the direct message to a member of the cohort."""
    assert facts.halted_for is not None  # noqa: S101  # the caller has looked
    why = because(facts.halted_for)
    where = f"<#{facts.channel}>"
    back = _OUT_OF_REACH if facts.halted_for in CANNOT_BE_SAID else _TAKE_BACK
    text = (
        f"Nothing is shared with your cohort in {where} just now: {why}. What was shared there "
        f"before still stands, and whoever can read the channel can read it. {back} Once the "
        "channel is as it was, sharing goes on by itself."
    )
    return word(person, text)


def agreed_on(guidelines: str) -> list[Block]:
    """Return what people in a cohort agree on, as somebody typed it."""
    bold = {"type": "text", "text": f"{AGREED}\n", "style": {"bold": True}}
    return [paragraph(bold, {"type": "text", "text": guidelines})]


def _title(facts: Notice) -> Block:
    return {"type": "header", "text": plain(facts.name)}


def _runs(facts: Notice) -> str:
    if not facts.facilitators:
        return "Nobody runs it at present."
    return f"Run by {', '.join(f'<@{person}>' for person in facts.facilitators)}."


def _present(facts: Notice) -> str:
    if facts.has_decider:
        return f"Among those who joined is {DECIDER}."
    if facts.welcomes_deciders:
        return f"Among those who joined, nobody has said that they are {DECIDER}."
    return "People who decide on the work or pay of others here cannot join."
