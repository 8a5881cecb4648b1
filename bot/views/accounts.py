"""What somebody reads whose account in Slack was closed and is open again."""

from __future__ import annotations

from bot.views.blocks import section
from bot.views.letters import Letter


def returned(person: str) -> Letter:
    """Return the word to a person who is back."""
    text = (
        "Welcome back. While your account was closed, Hearth sent you nothing and kept your "
        "check-ins, your choices and your settings, and they are as they were. Your places in "
        "cohorts and any role you held have ended; you can join a cohort again in its channel. "
        "`/hearth choices` shows what you have chosen, and `/hearth leave` deletes all of it."
    )
    return Letter(person=person, text=text, blocks=[section(text)])
