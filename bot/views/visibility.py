"""The line "Who will see this", made from where the thing really goes."""

from __future__ import annotations

from bot.domain.visibility import Visibility


def who_will_see(visibility: Visibility) -> str:
    """Return the line for a form or a receipt."""
    return f"*Who will see this:* {audience(visibility)}."


def audience(visibility: Visibility) -> str:
    """Return who will see it, as the end of a sentence."""
    if not visibility.shared_with:
        return "only you"
    channels = ", ".join(f"<#{channel}>" for channel in visibility.shared_with)
    return f"you, and everyone in {channels}, now and later"
