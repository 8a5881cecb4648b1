"""Why there is no cohort, no sharing or no place somewhere, each in a sentence."""

from __future__ import annotations

from bot.errors import Refusal

_REFUSED = {
    Refusal.NOT_A_CHANNEL: (
        "A cohort lives in a channel, and this is a direct message. Please type the command in "
        "the cohort's channel."
    ),
    Refusal.NOT_INSIDE: (
        "Hearth is not in this channel. Please invite it with `/invite`, then try again."
    ),
    Refusal.ARCHIVED: "This channel is archived, so there can be no cohort in it.",
    Refusal.SHARED: (
        "This channel is shared with another company. A cohort is for colleagues only, so it "
        "needs a channel of your own."
    ),
    Refusal.OPEN: (
        "Everybody in the company can read this channel, and a support cohort should be private. "
        "Please use a private channel; or, if it is meant to be open, tick the box that says so."
    ),
    Refusal.GUESTS: "Somebody in this channel is not of the company, and a cohort has no guests.",
    Refusal.UNSEEN: "Hearth is still looking who is in this channel. That takes a minute or so.",
    Refusal.TAKEN: "This channel has a cohort already. `/cohort list` shows it.",
    Refusal.CLOSED: "This cohort is closed, or there is none of that name any more.",
    Refusal.NONE_HERE: (
        "There is no cohort in this channel. `/cohort list` shows those that you belong to."
    ),
    Refusal.NOT_IN_CHANNEL: (
        "You are not in the channel of this cohort yet. Somebody there can add you to it, or you "
        "can join it yourself if it is public; then try again."
    ),
    Refusal.NOT_A_COLLEAGUE: (
        "Cohorts are for the people of this company, so that everybody in one knows who is there. "
        "Guests and people of other companies cannot join."
    ),
    Refusal.DECIDES: (
        "Thank you for saying so. This cohort is for people who do not decide on one another's "
        "work or pay, so that it stays easy to speak there. Nothing is kept about your answer. "
        "If you belong to it already, `/cohort leave` lets you go, and nobody is told."
    ),
    Refusal.DECIDES_AND_FACILITATES: (
        "You run this cohort, and whoever decides on others' work or pay cannot. Somebody else "
        "can run it: `/hearth roles` shows who can change that."
    ),
    Refusal.DECIDES_AND_HOLDS: (
        "You said that you decide on others' work or pay. So that everybody can speak freely, the "
        "rota is for the others. You are welcome to take part in every ritual."
    ),
    Refusal.NOT_A_MEMBER: (
        "This is for those who belong to the cohort. `/cohort join` in its channel lets you."
    ),
}


def refused(reason: Refusal) -> str:
    """Return what happened, and what to do."""
    return _REFUSED[reason]


_BECAUSE = {
    Refusal.NOT_A_CHANNEL: "it is no channel any more",
    Refusal.NOT_INSIDE: "Hearth is not in the channel any more",
    Refusal.ARCHIVED: "the channel is archived",
    Refusal.SHARED: "the channel is shared with another company",
    Refusal.OPEN: "everybody in the company can read the channel now",
    Refusal.GUESTS: "somebody is in the channel who is not of the company",
    Refusal.UNSEEN: "Hearth is still looking who is in the channel, which takes a minute or so",
}


def because(reason: Refusal) -> str:
    """Return why nothing is shared just now, as the end of a sentence."""
    return _BECAUSE[reason]
