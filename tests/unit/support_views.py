"""Help and the leads' list as they are shown, for the golden files and Slack's limits."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.content import lines as bundled
from bot.domain.eap import Eap
from bot.domain.support import (
    Check,
    Checks,
    Help,
    Line,
    generic,
    help_on,
    standing,
    tasks,
)
from bot.views import lines, support
from bot.views.letters import Letter

TODAY = date(2026, 11, 22)
EAP = Eap(
    name="Calm <Lake> & Co",
    phone="0800 555 0100",
    web="calm-lake.example",
    hours="always",
    languages="English, German",
    employer_sees="no",
    code="TERN",
    tried_on="2026-11-03",
)
W = "W" * 200
FULLEST = Eap(
    name=W,
    phone=W,
    web=W,
    hours=W,
    languages=W,
    code="<!channel>" * 20,
    employer_sees="counts",
    tried_on=TODAY.isoformat(),
)


def checked(country: str, *, days_ago: int = 19, holds: bool = True) -> Checks:
    on = TODAY - timedelta(days=days_ago)
    return {(country, each.key): Check(on, holds, each.fingerprint) for each in of(country)}


def of(country: str) -> list[Line]:
    return [each for each in bundled.of(country) if not each.is_emergency]


def helped(country: str | None, checks: Checks, eap: Eap | None = None) -> Help:
    return help_on(TODAY, country=country, lines=bundled.of(country), checks=checks, eap=eap)


def board(country: str, checks: Checks, **changed: bool) -> dict[str, Any]:
    stand = [standing(each, checks, TODAY) for each in bundled.of(country)]
    due = tasks(TODAY, bundled.of(country), checks)
    return lines.board(country, stand, due, [country], **changed)


def reminded(*countries: str, checks: Checks) -> Letter:
    due = tasks(TODAY, [each for code in countries for each in bundled.of(code)], checks)
    return lines.reminder("U1", due)


MIXED = {
    **checked("AU", days_ago=80),
    ("AU", "beyond_blue"): Check(TODAY, False, bundled.of("AU")[2].fingerprint),
    ("AU", "suicide_call_back"): Check(TODAY, True, "of other words"),
}
SHOWN = {
    "support_checked": helped("US", checked("US"), EAP),
    "support_unchecked": helped("DE", {}, Eap(phone="1", countries=["US"])),
    "support_no_lines": helped(
        "CZ", {}, Eap(web="eap.example", employer_sees="counts", countries=["CZ"])
    ),
    "support_no_country": helped(None, {}, Eap(none=True)),
    "support_without_memory": generic("GB", bundled.of("GB")),
    "support_as_last_read": replace(helped("US", checked("US"), EAP), is_as_last_read=True),
}
VIEWS = {name: support.help_now(shown) for name, shown in SHOWN.items()} | {
    "lines_board": board("AU", MIXED),
    "lines_board_changed": board("BE", checked("BE"), changed=True),
}
TEXTS = {f"{name}_text": support.help_text(shown) for name, shown in SHOWN.items()} | {
    "support_about": support.ABOUT,
}
REMINDERS = [
    reminded("DE", checks={("DE", "emergency"): MIXED["AU", "beyond_blue"]}),
    reminded("DE", "AU", checks=MIXED),
    reminded(*bundled.countries(), checks={**checked("US", days_ago=85)}),
]
EVERY_HELP = [
    helped(country, checks, eap)
    for country in (None, "CZ", *bundled.countries())
    for checks in ({}, checked(country or ""))
    for eap in (None, FULLEST)
]
EVERY_BOARD = [board(country, {}, changed=True) for country in bundled.countries()]
