"""The line "Who will see this", made from where the thing really goes."""

from __future__ import annotations

from bot.domain.visibility import Part, Shared, Visibility

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
        return (
            "only you, unless you choose above to share a part of it; then everyone in that "
            f"channel, now and later{perhaps}"
        )
    if visibility.shared is None:
        return "only you"
    among = f", {DECIDER} among them" if visibility.has_decider else ""
    return f"{shown(visibility.shared)}{among}. Everything else: only you"


def shown(shared: Shared) -> str:
    """Return what is shown to whom, as the beginning of a sentence."""
    return f"{PARTS[shared.part]}: everyone in <#{shared.channel}>, now and later"
