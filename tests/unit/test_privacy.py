"""docs/privacy.md says what the program does; `UPDATE_GOLDEN=1 make test` writes its table."""

import os
import re
from pathlib import Path

import pytest

from bot.domain.people import Safety
from bot.domain.retention import CHECKINS_DAYS, ENDED_ROLES_DAYS, EXPORT_MINUTES, GONE_DAYS
from bot.domain.roles import KNOWN_TO_ALL, Role
from bot.domain.visibility import WHO_SEES, Sight, Thing, Viewer
from bot.views.visibility import SIGHTS, THINGS, VIEWERS, who_sees_what

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
BEGIN, END = "<!-- who sees what -->\n", "<!-- end -->"


def as_markdown(table: list[list[str]]) -> str:
    head, *rows = table
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def test_the_page_shows_the_table_that_the_program_keeps() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    shown, _, after = rest.partition(END)
    table = as_markdown(who_sees_what())
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(before + BEGIN + table + END + after, encoding="utf-8")
        shown = table
    assert shown == table


def test_every_thing_and_every_viewer_has_a_cell_and_words() -> None:
    assert set(WHO_SEES) == set(THINGS) == set(Thing)
    assert all(set(row) == set(Viewer) for row in WHO_SEES.values())
    assert set(VIEWERS) == set(Viewer)
    assert set(SIGHTS) == set(Sight)


@pytest.mark.parametrize("thing", [Thing.ANSWERS, Thing.NOTES, Thing.JOINED, Thing.CHOICES])
@pytest.mark.parametrize("viewer", [Viewer.MODERATOR, Viewer.LEAD, Viewer.MANAGER, Viewer.ADMIN])
def test_nobody_with_a_say_sees_what_is_private(thing: Thing, viewer: Viewer) -> None:
    assert WHO_SEES[thing][viewer] is Sight.NEVER


def test_the_page_names_the_times_that_hold() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for number, unit in (
        (CHECKINS_DAYS, "days"),
        (ENDED_ROLES_DAYS, "days after"),
        (EXPORT_MINUTES, "minutes"),
        (GONE_DAYS, "days unless"),
    ):
        assert f"{number} {unit}" in re.sub(r"\s+", " ", text)


def test_the_page_names_every_level_of_safety_reading() -> None:
    assert len(Safety) == 3
    assert "off; help to me only; help, and at the gravest level tell" in PAGE.read_text()


def test_the_table_tells_of_roles_what_the_program_tells() -> None:
    assert {Role.LEAD, Role.MODERATOR, Role.PEER_SUPPORTER} == KNOWN_TO_ALL
    everybody = (Viewer.COHORT, Viewer.MODERATOR, Viewer.MANAGER, Viewer.ADMIN)
    assert {WHO_SEES[Thing.ROLES][each] for each in everybody} == {Sight.NAMED}
    assert WHO_SEES[Thing.ROLES][Viewer.LEAD] is Sight.ALL
    assert "that you lead, moderate or support" in SIGHTS[Sight.NAMED]
