"""The reader of rituals/ and legends.yml: what a ritual may begin as, and what reactions mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from bot.content import marked
from bot.content.marked import Entry
from bot.domain.cohorts import Purpose
from bot.domain.days import MINUTES_A_DAY
from bot.domain.rituals import (
    MINUTES,
    MOST_LINKS,
    TITLE_LIMIT,
    WORDS_LIMIT,
    Link,
    Mode,
    Repeats,
    Suggested,
    Template,
    is_safe_link,
)

OWN = "own"
"""The template whose words a facilitator has to write."""

DEFAULT_LEGEND = "here"
"""The legend that every ritual can have."""

_FIELDS = (
    "place",
    "name",
    "purpose",
    "title",
    "words",
    "mode",
    "suggested",
    "suits",
    "legend",
    "rotates",
    "how_to_hold",
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAME_LIMIT = 60
_LINE_LIMIT = 75
"""As much does Slack show below a choice."""
_CARE_LIMIT = 600
_NOTE_LIMIT = 400
_MOST_EMOJI = 6
_MOST_OTHERS = 20
_HELP = "/support"


def templates() -> Mapping[str, Template]:
    """Return every template by its key, in the order to show them."""
    return _read()[0]


def template(key: str) -> Template:
    """Return a template; the one of a facilitator's own words where there is none of that key.

    A ritual may have been made of one that an update has taken away.
    """
    return templates().get(key, templates()[OWN])


def legends() -> Sequence[str]:
    """Return the keys of the legends."""
    return list(_read()[1])


def legend(key: str) -> Mapping[str, str]:
    """Return what each emoji means; the default legend where there is none of that key."""
    known = _read()[1]
    return known.get(key, known[DEFAULT_LEGEND])


def meant(key: str, reaction: str) -> str | None:
    """Return the emoji of a legend that a reaction stands for, or None.

    Args:
        key: of the legend.
        reaction: as Slack names it, with or without a skin tone.
    """
    emoji = usual_name(reaction)
    return emoji if emoji in legend(key) else None


def usual_name(reaction: str) -> str:
    """Return the one name of an emoji that Slack knows by several, without a skin tone."""
    name = reaction.split("::")[0]
    return _read()[2].get(name, name)


def check() -> None:
    """Read every template and legend once, so that a mistake is found at start-up.

    Raises:
        CannotStart: names the file and the line, and what is wrong there.
    """
    _read.cache_clear()
    _read()


@cache
def _read() -> tuple[Mapping[str, Template], Mapping[str, Mapping[str, str]], Mapping[str, str]]:
    folder = files("bot.content")
    known, aliases = read_legends(folder.joinpath("legends.yml"))
    return read_templates(folder.joinpath("rituals"), known), known, aliases


def read_legends(
    file: Traversable,
) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, str]]:
    """Return the legends by key, and the other names of their emoji.

    Raises:
        CannotStart: names the file and the line, and what is wrong there.
    """
    whole = marked.read(file, f"bot/content/{file.name}")
    parts = whole.fields(("legends", "aliases"), ("others",))
    known = {
        key: _legend(entry) for key, entry in parts["legends"].fields((DEFAULT_LEGEND,)).items()
    }
    emoji = {name for meanings in known.values() for name in meanings}
    others = parts["others"].items(most=_MOST_OTHERS) if "others" in parts else ()
    named = emoji | {each.words(most=40) for each in others}
    aliases: dict[str, str] = {}
    for name, entry in parts["aliases"].fields().items():
        if name in emoji:
            entry.wrong(f"{name} stands in a legend itself, so it cannot be another's name.")
        aliases[name] = entry.one_of(sorted(named))
    return known, aliases


def _legend(entry: Entry) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for emoji, meaning in entry.fields().items():
        if not re.fullmatch(r"[a-z0-9_+'-]{1,40}", emoji):
            meaning.wrong("an emoji stands by Slack's name for it, without colons or skin tone.")
        found[emoji] = meaning.words(most=30)
        # What stands in a text of ours must not be able to mean anything else to Slack.
        if set(found[emoji]) & set("<>&*_`~:,;"):
            meaning.wrong("these words hold a mark; only plain words belong here.")
    if not 1 <= len(found) <= _MOST_EMOJI:
        entry.wrong(f"a legend has 1 to {_MOST_EMOJI} emoji.")
    return found


def read_templates(
    folder: Traversable, legends: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Template]:
    """Return the templates of a folder by key, which is the file's name, in their order.

    Raises:
        CannotStart: names the file and the line, and what is wrong there.
    """
    found: dict[int, Template] = {}
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".yml"):
            continue
        name = f"bot/content/rituals/{file.name}"
        whole = marked.read(file, name)
        place, made = _template(file.name.removesuffix(".yml"), whole, legends)
        if place in found:
            whole.fields()["place"].wrong(f"{found[place].key}.yml has the same place.")
        found[place] = made
    by_key = {found[place].key: found[place] for place in sorted(found)}
    if OWN not in by_key:
        marked.missing(f"bot/content/rituals/{OWN}.yml")
    return by_key


def _template(
    key: str, entry: Entry, legends: Mapping[str, Mapping[str, str]]
) -> tuple[int, Template]:
    if not re.fullmatch(r"[a-z0-9_]{1,40}", key):
        entry.wrong("a template's file is named with small letters, digits and _ alone.")
    given = entry.fields(_FIELDS, ("minutes", "care", "links"))
    mode = Mode(given["mode"].one_of(Mode))
    care = given["care"].words(most=_CARE_LIMIT, several_lines=True) if "care" in given else ""
    made = Template(
        key=key,
        name=given["name"].words(most=_NAME_LIMIT),
        purpose=given["purpose"].words(most=_LINE_LIMIT),
        title=given["title"].words(most=TITLE_LIMIT),
        words=given["words"].words(
            most=WORDS_LIMIT, several_lines=True, least=0 if key == OWN else 1
        ),
        care=care,
        mode=mode,
        minutes=_minutes(entry, given, mode),
        suggested=_suggested(given["suggested"]),
        suits=_suits(given["suits"]),
        legend=given["legend"].one_of(legends),
        rotates=given["rotates"].flag(),
        how_to_hold=given["how_to_hold"].words(most=_NOTE_LIMIT),
        links=_links(given["links"]) if "links" in given else (),
    )
    if care and _HELP not in care:
        given["care"].wrong(f"care words name {_HELP}, so that help is close by.")
    if care and made.legend != DEFAULT_LEGEND:
        given["legend"].wrong(f"where care words stand, the legend is {DEFAULT_LEGEND}.")
    return given["place"].number(), made


def _minutes(entry: Entry, given: Mapping[str, Entry], mode: Mode) -> int | None:
    if mode is Mode.OPEN:
        if "minutes" in given:
            given["minutes"].wrong("minutes are for a live ritual alone.")
        return None
    if "minutes" not in given:
        entry.wrong("minutes is missing: a live ritual says how long it takes.")
    minutes = given["minutes"].number()
    if minutes not in MINUTES:
        given["minutes"].wrong(f"a live ritual takes {', '.join(map(str, MINUTES))} minutes.")
    return minutes


def _suggested(entry: Entry) -> Suggested:
    given = entry.fields(("repeats", "at"), ("day",))
    return Suggested(
        repeats=Repeats(given["repeats"].one_of(Repeats)),
        day=_DAYS.index(given["day"].one_of(_DAYS)) if "day" in given else None,
        at_minute=_at_minute(given["at"]),
    )


def _at_minute(entry: Entry) -> int:
    written = re.fullmatch(r"(\d\d):([0-5]\d)", entry.words(most=5), re.ASCII)
    minute = int(written[1]) * 60 + int(written[2]) if written else MINUTES_A_DAY
    if minute >= MINUTES_A_DAY:
        entry.wrong('a time is written like "09:30", in quotes.')
    return minute


def _suits(entry: Entry) -> frozenset[Purpose]:
    suits = frozenset(Purpose(each.one_of(Purpose)) for each in entry.items(most=len(Purpose)))
    if not suits:
        entry.wrong(f"at least one is needed of {', '.join(Purpose)}.")
    return suits


def _links(entry: Entry) -> Sequence[Link]:
    found = []
    for each in entry.items(most=MOST_LINKS):
        given = each.fields(("title", "url"), ())
        url = given["url"].words(most=1000)
        if not is_safe_link(url):
            given["url"].wrong("a link begins with https:// and has no spaces.")
        found.append(Link(given["title"].words(most=_LINE_LIMIT), url))
    return tuple(found)
