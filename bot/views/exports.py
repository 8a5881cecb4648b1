"""A copy of one's own data: the question before it, the message with its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.exports import Copy, as_csv, as_json
from bot.views.blocks import View, modal, section, tick, ticked
from bot.views.letters import Attachment, Letter, word

EXPORT = "export"

_NAME = "hearth-export"


def form(*, minutes: int) -> View:
    """Return the question what to put into the copy."""
    return modal(
        title="A copy of my data",
        callback_id=EXPORT,
        submit="Send it to me",
        close="Not now",
        blocks=[
            section(
                "Hearth sends you everything it keeps about you as two files (JSON, and a CSV "
                "table of your check-ins) in a direct message, and deletes the files "
                f"{_after(minutes)}. Save them before that, in a place of your own.\n\n"
                "Your employer may be able to export the direct message this is sent to, with the "
                "files in it. That is true of your numbers as well; your notes stay out unless you "
                "say so."
            ),
            tick(
                "notes",
                "My notes",
                "Put my notes in; I know my employer may be able to export them",
                optional=True,
            ),
        ],
    )


def read(view: Mapping[str, Any]) -> bool:
    """Return whether the notes are wanted as well."""
    return ticked(view, "notes")


def asked(*, with_notes: bool, minutes: int) -> View:
    """Return what the question turns into."""
    what = "with your notes" if with_notes else "without your notes"
    text = (
        f"Your copy, {what}, is on its way to you as a direct message from Hearth. It takes about "
        f"a minute; while Slack cannot be reached, Hearth tries for a day. The files are deleted "
        f"{_after(minutes)}."
    )
    return modal(title="On its way", close="Done", blocks=[section(text)])


def files(person: str, copy: Copy, *, minutes: int) -> Letter:
    """Return the direct message with the files."""
    notes = "Your notes are in them." if copy.with_notes else "Your notes are not in them."
    text = (
        f"Here is the copy of your data that you asked for. {notes} Please save the files "
        f"somewhere of your own: Hearth deletes them, and this message, {_after(minutes)}. If "
        "there are no files here any more, they are deleted."
    )
    return Letter(
        person=person,
        text=text,
        blocks=[section(text)],
        files=[
            Attachment(_NAME, "json", "Everything Hearth keeps about me", _bytes(as_json(copy))),
            # The mark at the beginning tells spreadsheets that it is UTF-8.
            Attachment(_NAME, "csv", "My check-ins", _bytes("\ufeff" + as_csv(copy))),
        ],
    )


def unsent(person: str) -> Letter:
    """Return the word to a person whose copy could not be sent."""
    text = (
        "The copy of your data that you asked for could not be sent: Slack did not take the files. "
        "Nothing was lost. `/checkin export` tries again; if it happens twice, tell the people who "
        "run Hearth."
    )
    return word(person, text)


def _after(minutes: int) -> str:
    if minutes == 60:
        return "after an hour"
    return "after a minute" if minutes == 1 else f"after {minutes} minutes"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")
