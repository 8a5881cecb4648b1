"""Who holds which role, giving one and taking one away, and what somebody is told about theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from bot import content
from bot.domain.roles import A_PAGE, GRANTED, Held, Overview, Role, Wish
from bot.errors import InvalidAnswer, Problem
from bot.views.blocks import (
    MOST_OPTIONS,
    Block,
    View,
    buttons,
    choice,
    chosen,
    context,
    escaped,
    inputs,
    modal,
    option,
    pick,
    picked,
    section,
    with_button,
)
from bot.views.dates import date_with_year
from bot.views.letters import Letter, word

GIVE = "roles_give"
GRANT = "roles_grant"
END = "roles_end"
PAGE = "roles_page"

NOTHING_LEFT = "That role had ended already; nothing was changed."
GIVEN = "The role is given, and Hearth tells them in a direct message."
ENDED = "The role has ended. If it was not your own, Hearth tells them in a direct message."


def overview(seen: Overview, remark: str | None = None) -> View:
    """Return who holds which role, as far as the person may know it."""
    blocks: list[Block] = [section(f"*{remark}*")] if remark else []
    blocks += [section("*What you are*"), *_mine(seen), section("*Who does what*")]
    blocks += _others(seen)
    blocks += _pages(seen)
    if seen.gives:
        blocks.append(buttons((GIVE, "give", "Give a role")))
    blocks.append(context(_WHO_GIVES))
    return modal(title="Roles", close="Done", blocks=blocks)


_WHO_GIVES = (
    "A programme lead gives and takes away roles; a workspace admin can make somebody a lead. "
    "Every change is kept, and Hearth tells the person."
)


def _mine(seen: Overview) -> list[Block]:
    blocks: list[Block] = []
    for held in seen.mine:
        words = f"You are {role_words(held)}, {_since(held, seen.person)}.\n{able(held.role)}"
        blocks.append(_ending(words, held, "Lay it down", "You lay this role down yourself."))
    if not seen.mine:
        blocks.append(section("You hold no role in the programme. You need none to check in."))
    for held in seen.past:
        who = _by(held.ended_by, seen.person)
        on = date_with_year(held.ended_at) if held.ended_at else ""
        blocks.append(context(f"You were {role_words(held)} until {on}; it was ended by {who}."))
    return blocks


def _others(seen: Overview) -> list[Block]:
    blocks: list[Block] = []
    if not seen.led:
        blocks.append(section(_NOBODY_LEADS))
    for held in seen.others:
        name = content.role(held.role, "name").capitalize()
        where = f" of {escaped(held.cohort)}" if held.cohort else ""
        words = f"{name}{where}: <@{held.person}>"
        if seen.sees_all:
            words += f", {_since(held, seen.person)}"
        if held.role in seen.gives and held.person != seen.person:
            confirm = "They lose what this role lets them do at once, and Hearth tells them."
            blocks.append(_ending(words, held, "Take away", confirm))
        else:
            blocks.append(section(words))
    return blocks


_NOBODY_LEADS = (
    "Nobody leads the programme yet. A workspace admin can make somebody a lead here, themself "
    "included."
)


def _ending(words: str, held: Held, label: str, confirm: str) -> Block:
    return with_button(words, action=END, value=str(held.id), label=label, confirm=confirm)


def _pages(seen: Overview) -> list[Block]:
    turns = []
    if seen.first > 0:
        turns.append((f"{PAGE}_before", str(max(seen.first - A_PAGE, 0)), "Before"))
    if seen.first + A_PAGE < seen.total:
        turns.append((f"{PAGE}_after", str(seen.first + A_PAGE), "More"))
    return [buttons(*turns)] if turns else []


def give(seen: Overview) -> View:
    """Return the form that gives a role."""
    roles = [option(each, content.role(each, "name").capitalize()) for each in seen.gives]
    blocks = [
        section("Hearth tells them who gave the role, and what it lets them do."),
        pick("person", "To whom?", "users_select"),
        choice("role", "Which role?", roles, kind="static_select"),
    ]
    if seen.cohorts:
        options = [option(str(each.id), each.name) for each in seen.cohorts[:MOST_OPTIONS]]
        hint = "A facilitator runs one cohort; the other roles need none."
        kind = "static_select"
        blocks.append(
            choice("cohort", "Which cohort?", options, kind=kind, hint=hint, optional=True)
        )
    return modal(
        title="Give a role",
        callback_id=GRANT,
        submit="Give it",
        close="Leave as it is",
        blocks=blocks,
    )


def read_grant(view: Mapping[str, Any]) -> Wish:
    """Return the role that was chosen, and for whom.

    Raises:
        InvalidAnswer: nobody, no role, or none of ours was chosen.
    """
    person, role = picked(view, "person"), chosen(view, "role")
    if person is None:
        raise InvalidAnswer({"person": Problem.MISSING})
    if role not in GRANTED:
        raise InvalidAnswer({"role": Problem.NOT_A_CHOICE if role else Problem.MISSING})
    try:
        cohort = UUID(where) if (where := chosen(view, "cohort")) else None
    except ValueError:
        raise InvalidAnswer({"cohort": Problem.NOT_A_CHOICE}) from None
    return Wish(person, Role(role), cohort)


def problems(error: InvalidAnswer, view: Mapping[str, Any]) -> dict[str, str]:
    """Return a sentence for each field because of which nothing was given."""
    fields = inputs(view)
    return {
        field if field in fields else "role": sentence(problem, field)
        for field, problem in error.problems.items()
    }


def sentence(problem: Problem, field: str) -> str:
    """Return why a role cannot be given or ended."""
    if field == "cohort":
        return "A facilitator needs a cohort. Please choose one of those that there are."
    return _SENTENCES.get(problem, "Please choose one of these.")


def why_not_ended(error: InvalidAnswer) -> str:
    """Return why a role stays as it is."""
    return " ".join(sentence(each, field) for field, each in error.problems.items())


_SENTENCES = {
    Problem.MISSING: "Please choose one.",
    Problem.NOT_A_COLLEAGUE: (
        "Roles are for people who work here: not for guests, apps, people of other companies or "
        "accounts that are closed."
    ),
    Problem.NOT_YOURS_TO_GIVE: "This role is not yours to give. A programme lead can.",
    Problem.YOURSELF: "Nobody gives themself a role. Another lead can give it to you.",
    Problem.LEADS: (
        "They lead the programme, and whoever leads does not hear of anybody's concern. Please "
        "choose somebody else."
    ),
    Problem.ADMINISTRATES: (
        "They are a workspace admin, and an admin does not hear of anybody's concern. Please "
        "choose somebody else."
    ),
    Problem.MODERATES: (
        "They moderate, and whoever hears of concerns does not lead. That role has to end before "
        "they can lead."
    ),
    Problem.DECIDES: (
        "This cohort cannot be run by this person. Please choose somebody else, or ask them."
    ),
    Problem.HELD_ALREADY: "They hold this role already.",
    Problem.LAST_LEAD: (
        "The programme would be without a lead. Please appoint another first, then this role can "
        "end."
    ),
}


def read_end(value: Any) -> UUID:
    """Return the grant that a button ends.

    Raises:
        ValueError: the button is not one of ours.
    """
    return UUID(str(value))


def read_page(value: Any) -> int:
    """Return how many roles stand before the page; 0 for a forged button."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def given(held: Held) -> Letter:
    """Return the word to somebody who was given a role."""
    text = "\n".join(
        (
            f"You are {role_words(held)} now: {_by(held.by)} gave you the role on "
            f"{date_with_year(held.since)}.",
            able(held.role),
            "If you would rather not, `/hearth roles` lets you lay it down, and nobody will ask "
            "why.",
        )
    )
    return word(held.person, text)


def ended(held: Held) -> Letter:
    """Return the word to somebody from whom a role was taken."""
    on = date_with_year(held.ended_at) if held.ended_at else ""
    by = _by(held.ended_by)
    text = (
        f"You are not {role_words(held)} any more: {by} took the role away on {on}. "
        "What you check in stays yours, as before. `/hearth roles` shows what you hold."
    )
    return word(held.person, text)


def able(role: Role) -> str:
    """Return what a role lets somebody do and what it does not, as two sentences."""
    return f"You can {content.role(role, 'lets')}\nYou cannot {content.role(role, 'not')}"


def role_words(held: Held) -> str:
    """Return what a person is, for instance "the facilitator of New parents"."""
    where = f" of {escaped(held.cohort)}" if held.cohort else ""
    return f"{content.role(held.role, 'is')}{where}"


def people_words(people: Sequence[str]) -> str:
    """Return people as Slack names them, for instance "@Ines, @Noor and @Kofi"."""
    names = [f"<@{person}>" for person in people]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _since(held: Held, reader: str) -> str:
    return f"since {date_with_year(held.since)}, given by {_by(held.by, reader)}"


def _by(person: str | None, reader: str | None = None) -> str:
    if person is None:
        return "Hearth"
    return "you" if person == reader else f"<@{person}>"
