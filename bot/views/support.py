"""Help: whom to call, to write to or to find, in a modal and as words alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot import content
from bot.content import lines as bundled
from bot.domain.support import Help, Line, Standing
from bot.views.blocks import (
    Block,
    View,
    buttons,
    context,
    escaped,
    modal,
    option,
    section,
    with_select,
)
from bot.views.dates import date_with_year

OPEN = "support_open"
COUNTRY = "support_country"

_LIMITS = (
    "Hearth is peer support. It is not therapy and not an emergency service, and nobody is "
    "watching here. Hearth does not keep that you looked, and tells nobody."
)
_INCOMPLETE = (
    "Hearth cannot reach its memory just now, so the lines that were checked lately and your "
    "company's EAP are missing here. The rest can be used as it stands."
)
_AS_LAST_READ = (
    "Hearth cannot reach its memory just now. Below stands what your programme's lead had entered "
    "and checked when it last could."
)
ABOUT = (
    "*/support* shows whom you can call or write to, in your country and at your company. It works "
    "for everybody, whether they use Hearth or not. `/hearth support` does the same, and so does "
    '"Help now" among the shortcuts.'
)


def help_button() -> Block:
    """Return the button that lays help over any view, or opens it from a message."""
    return buttons((OPEN, "support", "Help now"))


def help_now(shown: Help) -> View:
    """Return help as a modal."""
    return modal(title="Help now", close="Close", blocks=help_blocks(shown))


def help_blocks(shown: Help) -> list[Block]:
    """Return help as blocks of a modal or a Home tab."""
    return [
        *(section(words) for words in _paragraphs(shown)),
        with_select(
            _OTHER_COUNTRY if shown.country else _WHICH_COUNTRY,
            action=COUNTRY,
            options=[option(code, name) for code, name in content.countries().items()],
            chosen=shown.country,
            placeholder="Choose a country",
        ),
        context(_LIMITS),
    ]


def help_text(shown: Help) -> str:
    """Return the same in words alone: the answer where no modal opens."""
    return "\n\n".join([*_paragraphs(shown, choice=_SAY_WHERE), _LIMITS])


def read_country(body: Mapping[str, Any]) -> str:
    """Return the country that was chosen, as it came; an empty text when there is none."""
    selected = body["actions"][0].get("selected_option")
    return str(selected.get("value")) if isinstance(selected, dict) else ""


def in_country(code: str) -> str:
    """Return the country's name as it stands after "in" or "for"."""
    name = content.countries()[code]
    return f"the {name}" if code in _WITH_ARTICLE else name


_WITH_ARTICLE = {"GB", "NL", "PH", "US"}
_ADDRESS = re.compile(r"(https://)?([a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}(/[a-zA-Z0-9._~/%-]*)?")
_OTHER_COUNTRY = "In another country, or asking for somebody who is?"
_WHICH_COUNTRY = "Which country are you in? Choosing one here is not kept."
_CHOOSE = "Choose a country below to see what Hearth knows there."
_SAY_WHERE = "Hearth does not know which country you are in."


def _paragraphs(shown: Help, *, choice: str = _CHOOSE) -> list[str]:
    if not shown.is_complete:
        return [_emergency(shown), _INCOMPLETE, _somebody(shown, choice)]
    known = [_emergency(shown), _somebody(shown, choice), _eap(shown)]
    if shown.is_as_last_read:
        known.insert(1, _AS_LAST_READ)
    return known


def _emergency(shown: Help) -> str:
    begin = "If you or somebody else is in danger, call"
    if shown.emergency is None:
        return f"*{begin} your local emergency number.*"
    where = in_country(shown.emergency.country)
    return f"*{begin} {shown.emergency.call}.* That is for {where}."


def _somebody(shown: Help, choice: str) -> str:
    everywhere = f"*{linked(bundled.everywhere())}* lists people to talk to, country by country."
    if shown.lines:
        where = in_country(shown.lines[0].line.country)
        known = [
            f"*{each.line.name}*: {reach(each.line)}. {_checked(each)}" for each in shown.lines
        ]
        return "\n".join([f"*Somebody to talk to in {where}*", *known, everywhere])
    return "\n".join(["*Somebody to talk to*", everywhere, *_why_no_line(shown, choice)])


def _why_no_line(shown: Help, choice: str) -> list[str]:
    if not shown.is_complete:
        return []
    if shown.country is None:
        return [choice]
    where = in_country(shown.country)
    if shown.has_lines:
        return [
            "Hearth shows the number of a crisis line only when somebody has checked it lately. "
            f"For {where} there is none at present."
        ]
    return [f"Hearth knows no crisis line in {where} yet."]


def _checked(stands: Standing) -> str:
    return f"Checked on {date_with_year(stands.on)}." if stands.on else ""


def reach(line: Line) -> str:
    """Return how a line is reached, and when and for whom, without a full stop."""
    ways = [f"{verb} {way}" for verb, way in (("call", line.call), ("text", line.text)) if way]
    ways += [f"on the web at {linked(line.web)}"] if line.web else []
    only = [line.hint, line.hours, f"in {line.languages}" if line.languages else None]
    said = ", ".join(each for each in only if each)
    return " or ".join(ways) + (f" ({said})" if said else "")


def linked(address: str) -> str:
    """Return a web address as a link; as mere text when it is not plainly one."""
    if not _ADDRESS.fullmatch(address):
        return escaped(address)
    return f"<https://{address.removeprefix('https://')}|{address}>"


def _eap(shown: Help) -> str:
    title, eap = "*Your company's assistance programme (EAP)*", shown.eap
    if eap is None:
        return f"{title}\nYour company has not entered an EAP here yet."
    if eap.none:
        return f"{title}\nYour company has no EAP, as your programme's lead entered it."
    if shown.country is not None and not eap.serves(shown.country):
        where = in_country(shown.country)
        return f"{title}\nIt is not for {where}, as your programme's lead entered it."
    ways = [
        *([f"call {escaped(eap.phone)}"] if eap.phone else []),
        *([f"on the web at {linked(eap.web)}"] if eap.web else []),
    ]
    how = " or ".join(ways)
    how = f"{escaped(eap.name)}: {how}" if eap.name else how[0].upper() + how[1:]
    more = [
        f"Say this code: {escaped(eap.code)}." if eap.code else "",
        f"Hours: {escaped(eap.hours)}." if eap.hours else "",
        f"Languages: {escaped(eap.languages)}." if eap.languages else "",
        _EMPLOYER.get(eap.employer_sees, _EMPLOYER["unsure"]),
        _tried(eap.tried_on),
    ]
    return "\n".join([title, f"{how}.", " ".join(each for each in more if each)])


_EMPLOYER = {
    "no": "Your employer does not learn who calls, as your programme's lead entered it.",
    "counts": (
        "Your employer learns how many people call, and not who, as your programme's lead entered "
        "it."
    ),
    "unsure": "You can ask them first what your employer learns.",
}


def _tried(day: str) -> str:
    try:
        return f"Last tried on {date_with_year(date.fromisoformat(day))}."
    except ValueError:
        return ""
