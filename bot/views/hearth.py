"""What Hearth says about itself."""

from __future__ import annotations

from bot import content

_HELP = """Hearth is a quiet place to notice how you are. What you check in is seen only by you.
*/hearth checkin* does what */checkin* does; */hearth checkin help* tells how it works.
*/hearth choices* and */hearth pause* are about you; */hearth leave* deletes everything and tells \
nobody.
*/hearth roles* shows who leads the programme, who moderates, and what you are in it.
*/hearth status* says how the programme stands, and */hearth setup* is for those who lead.
*/hearth support* does what */support* does: it shows whom you can call or write to, now.
*/hearth lines* is for leads: which crisis lines were checked, and when.
*/hearth cohort* does what */cohort* does; */hearth cohort help* tells how it works.
Hearth is not therapy and not an emergency service, and nobody is watching here."""


def help_text() -> str:
    """Return what Hearth is and which commands it has."""
    return f"{_HELP}\n{content.help_now()}"
