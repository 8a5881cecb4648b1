"""What somebody reads whose account in Slack is open again, or is a guest's."""

from __future__ import annotations

from bot.views.letters import Letter, word


def returned(person: str) -> Letter:
    """Return the word to a person who is back."""
    text = (
        "Welcome back. While your account was closed, Hearth sent you nothing and kept your "
        "check-ins, your choices and your settings, and they are as they were. Your places in "
        "cohorts and any role you held have ended; you can join a cohort again in its channel. "
        "`/hearth choices` shows what you have chosen, and `/hearth leave` deletes all of it."
    )
    return word(person, text)


def now_a_guest(person: str) -> Letter:
    """Return the word to a member whose account became a guest's."""
    text = (
        "Your account in this workspace is a guest's now. Cohorts and roles are for the people of "
        "the company, so your places in cohorts and any role you held have ended; nobody is told "
        "why. Your check-ins and your choices are as they were, and yours alone as before. What "
        "you shared in a cohort stays until you take it back: `/checkin history` shows it. "
        "`/checkin export` sends you a copy of everything, and `/hearth leave` deletes it."
    )
    return word(person, text)


def turned_away(person: str) -> Letter:
    """Return the word to somebody who joined and could not have."""
    text = (
        "When you joined Hearth, Slack could not say whether you have an account of your own in "
        "this workspace. Now it has said that you do not, and check-ins are for those who do. "
        "That you could begin was Hearth's mistake and not yours, and we are sorry. What you gave "
        "is deleted, and you need do nothing. Help is there for everybody: `/support`."
    )
    return word(person, text)
