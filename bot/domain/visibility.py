"""Who gets to see what a person gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visibility:
    """Everybody, besides the person, to whom something given will be shown.

    Built by the service that routes it, never by the form that talks about it, so that "Who
    will see this" cannot promise more than the routing keeps.
    """

    shared_with: tuple[str, ...] = ()
    """Slack channel ids."""
