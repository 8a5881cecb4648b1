"""What Hearth says about itself."""

from __future__ import annotations

from bot import content

_HELP = """Hearth is a quiet place to notice how you are. Only you see what you check in, unless \
you share a part of it.
*/hearth checkin* does what */checkin* does; */hearth checkin help* tells how it works.
*/hearth choices* and */hearth pause* are about you. */hearth export* sends you a copy of your \
data, and */hearth leave* deletes all of it and tells nobody.
*/hearth roles* shows who leads the programme, who moderates, and what you are in it.
*/hearth status* says how the programme stands, and */hearth setup* is for those who lead.
*/hearth support* does what */support* does: it shows whom you can call or write to, now.
*/hearth lines* is for leads: which crisis lines were checked, and when.
*/hearth cohort* does what */cohort* does; */hearth cohort help* tells how it works.
*/hearth ritual* does what */ritual* does; */hearth ritual help* tells how it works.
Hearth is not therapy and not an emergency service, and nobody is watching here."""


def help_text() -> str:
    """Return what Hearth is and which commands it has."""
    return f"{_HELP}\n{content.help_now()}"
