"""The line "Who will see this", made from where the thing really goes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.visibility import (
    WHO_SEES,
    Exposure,
    Part,
    Shared,
    Sight,
    Thing,
    Viewer,
    Visibility,
)
from bot.views.dates import short_date

PARTS = {
    Part.CAPACITY: "your capacity",
    Part.MOOD_AND_CAPACITY: "your mood and capacity",
    Part.NOTE: "your note",
}


def who_will_see(visibility: Visibility) -> str:
    """Return the line for a form or a receipt."""
    return f"*Who will see this:* {audience(visibility)}."


DECIDER = "a person who decides on others' work or pay"


def audience(visibility: Visibility) -> str:
    """Return who will see it, as the end of a sentence."""
    if visibility.may_share:
        perhaps = f", perhaps {DECIDER} too" if visibility.has_decider else ""
        company = "; if it is public, everybody in the company" if visibility.is_open else ""
        return (
            "only you, unless you choose above to share a part of it; then everyone in that "
            f"channel, now and later{perhaps}{company}"
        )
    if visibility.shared is None:
        return "only you"
    among = f", {DECIDER} among them" if visibility.has_decider else ""
    public = ". It is public: everybody in the company can read it" if visibility.is_open else ""
    return f"{shown(visibility.shared)}{among}{public}. Everything else: only you"


def shown(shared: Shared) -> str:
    """Return what is shown to whom, as the beginning of a sentence."""
    return f"{PARTS[shared.part]}: everyone in <#{shared.channel}>, now and later"


THINGS = {
    Thing.ANSWERS: "answers",
    Thing.NOTES: "notes",
    Thing.SHARED: "what you share in a cohort",
    Thing.CHANNELS: "that you are in a cohort's channel",
    Thing.COHORTS: "which cohorts you joined",
    Thing.REACTIONS: "how you reacted to a ritual",
    Thing.ROTA: "that you are on a rota",
    Thing.JOINED: "whether you take part, and when",
    Thing.CHOICES: "your choices, country, pause and settings",
    Thing.ROLES: "any role you hold",
    Thing.COPY: "a copy of your data that you asked for",
}
VIEWERS = {
    Viewer.YOU: "you",
    Viewer.COHORT: "your cohort",
    Viewer.MODERATOR: "moderators",
    Viewer.LEAD: "programme lead, HR",
    Viewer.MANAGER: "your manager",
    Viewer.ADMIN: "workspace admin",
    Viewer.OPERATOR: "who runs the server",
    Viewer.COMPANY: "Slack's own export",
}
SIGHTS = {
    Sight.ALL: "all of it",
    Sight.NEVER: "never",
    Sight.WHAT_YOU_SHARE: "only what you share",
    Sight.IN_CHANNEL: "if they are in that channel",
    Sight.BANDS: "only how many people, as a band",
    Sight.NAMED: "that you lead, moderate or support; in its channel, that you run a cohort",
    Sight.HOLDING: "only when you hold a ritual: its post names you",
    Sight.COULD: "could see it; Hearth never shows it",
    Sight.COULD_WITH_KEY: "could see it, with the key; Hearth never shows it",
    Sight.EXPORT: "where the plan has it",
    Sight.HOUR: "where the plan has it, while the files are there",
}


def who_sees_what() -> list[list[str]]:
    """Return the table of who sees what in words, its head first."""
    head = ["", *VIEWERS.values()]
    rows = [
        [THINGS[thing], *(SIGHTS[WHO_SEES[thing][viewer]] for viewer in VIEWERS)]
        for thing in THINGS
    ]
    return [head, *rows]


def seen_now(exposure: Exposure) -> Sequence[str]:
    """Return in sentences what others can see of a person just now."""
    lines = [f"{short_date(day)}: {shown(shared)}." for day, shared in exposure.shared]
    if exposure.cohorts:
        channels = ", ".join(f"<#{channel}>" for channel in exposure.cohorts)
        lines.append(f"That you are in the channel of a cohort: everyone in {channels}.")
    if exposure.copies:
        lines.append(
            "A copy of your data is in your direct messages with Hearth until it is deleted; your "
            "employer may be able to export it."
        )
    return lines or ["Nothing: all that is here is only yours to see."]


def who_sees(thing: Thing) -> str:
    """Return one row of the table of who sees what in sentences, who never does named as well."""
    row = WHO_SEES[thing]
    groups: dict[Sight, list[str]] = {}
    for viewer, name in VIEWERS.items():
        groups.setdefault(row[viewer], []).append(name)
    never = groups.pop(Sight.NEVER, [])
    said = [f"{_begun(', '.join(names))}: {SIGHTS[sight]}." for sight, names in groups.items()]
    last = [f"Never: {', '.join(never)}."] if never else []
    return " ".join([f"*{_begun(THINGS[thing])}.*", *said, *last])


def _begun(text: str) -> str:
    return text[0].upper() + text[1:]
