"""Keys: cells that no key opens, which keys there are, and how an old one goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, text, update

from bot.errors import CannotStart
from bot.operations.keys import list_keys, retire_key
from bot.settings import new_key
from storage import checkins, keys, rotation
from storage.encryption import written_with
from storage.engine import Database
from storage.errors import CellUnreadable, KeyWrong
from tests.conftest import Stored, on_sqlite
from tests.integration.cells import (
    BOTH,
    DAY,
    DAYS,
    NEW,
    OLD,
    Table,
    cells,
    filled,
    laid,
    notes,
    rotated,
    written,
)
from tests.integration.keyrings import configured, environ_with, ring
from tests.integration.processes import Ended, hearth

# Cells that do not open

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda cell: cell[:20],
    "cut to its key": lambda cell: cell[:4],
    "changed": lambda cell: cell[:-1] + bytes([cell[-1] ^ 1]),
    "a key that nobody has": lambda cell: b"\x03odd" + cell[4:],
    "a key id longer than the cell": lambda _: b"\xffold",
    "a key id of no letters": lambda cell: b"\x03\x1b[2" + cell[4:],
    "a key id of no bytes": lambda cell: b"\x00" + cell[4:],
    "a key id that is no text": lambda cell: b"\x03\xff\xfe\xfd" + cell[4:],
    "noise": lambda cell: cell[::-1],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_cell_that_does_not_open_is_counted_told_and_left_alone(
    database: Database, url: str, damage: Callable[[bytes], bytes]
) -> None:
    filled(database, ring(OLD), 5, people_named="UMAYA0000")
    row, cell = next(iter(cells(database).items()))
    laid(database, row, damage(cell))
    code, said = rotated(url)
    assert code == 1
    assert "checkins: 1 cell is not readable" in said
    assert "written meanwhile" not in said
    assert cells(database)[row] == damage(cell)
    assert written(database)["new"] == 4
    assert_says_nothing_private(said, row)


def assert_says_nothing_private(said: str, row: UUID) -> None:
    assert "UMAYA" not in said
    assert str(row) not in said
    assert row.hex not in said
    assert all(line.isprintable() for line in said.splitlines())


def test_a_cell_of_another_row_is_not_made_good_by_a_rotation(database: Database, url: str) -> None:
    filled(database, ring(OLD), 5)
    (first, cell), (second, _), *_ = cells(database).items()
    laid(database, second, cell)
    assert rotated(url)[0] == 1
    assert cells(database)[second] == cell
    assert written_with(cells(database)[first]) == "new"


@on_sqlite
@pytest.mark.parametrize("value", ["'a text'", "9223372036854775807", "1.5"])
def test_what_sqlite_takes_in_a_cells_place_is_no_cell(
    database: Database, stored: Stored, url: str, value: str
) -> None:
    filled(database, ring(OLD), 2)
    stored.change(f"UPDATE checkins SET note = {value} WHERE day = '{DAY}'")  # noqa: S608
    code, said = rotated(url)
    assert code == 1
    assert "checkins: 1 cell is not readable" in said
    said_of_keys: list[str] = []
    list_keys(configured(url, BOTH), said_of_keys.append)
    assert "1 cell is damaged" in said_of_keys[-1]


def test_forged_key_ids_without_end_are_counted_together(database: Database) -> None:
    filled(database, ring(OLD), DAYS)
    for number, (row, cell) in enumerate(cells(database).items()):
        laid(database, row, b"\x04%04d" % number + cell[4:])
    counted = sum(rotation.count(database, Table.c.note), start=Counter())
    assert counted.total() == DAYS
    assert len(counted) <= rotation._KEYS_TOLD
    assert counted[None] > 0


def test_without_the_old_key_nothing_is_touched_and_its_id_is_said(
    database: Database, url: str
) -> None:
    filled(database, ring(OLD), 5)
    before = cells(database)
    with pytest.raises(CannotStart, match="the key old"):
        rotated(url, NEW)
    assert cells(database) == before
    assert list(keys.known(database)) == ["old"]


def test_with_another_key_of_the_same_name_nothing_is_touched(database: Database, url: str) -> None:
    filled(database, ring(OLD), 5)
    before = cells(database)
    with pytest.raises(CannotStart, match="another key of that name"):
        rotated(url, f"{NEW},{new_key('old')}")
    assert cells(database) == before


# Cells and proofs that were moved


def test_a_proof_laid_where_a_note_was_does_not_open(database: Database) -> None:
    filled(database, ring(OLD), 1)
    (row,) = cells(database)
    laid(database, row, keys.known(database)["old"])
    with database.read() as connection, pytest.raises(CellUnreadable):
        checkins.on_day(connection, ring(OLD), "P0", DAY)


def test_a_note_laid_where_a_proof_was_is_found_at_the_start(database: Database) -> None:
    filled(database, ring(OLD), 1)
    (cell,) = cells(database).values()
    database.write(lambda c: c.execute(update(keys.keys).values(proof=cell)))
    with pytest.raises(KeyWrong, match="old"):
        keys.check(database, ring(OLD))


def test_a_proof_of_another_key_is_found_at_the_start(database: Database) -> None:
    filled(database, ring(OLD), 1)
    keys.check(database, ring(BOTH))
    other = keys.known(database)["old"]
    database.write(
        lambda c: c.execute(update(keys.keys).where(keys.keys.c.id == "new").values(proof=other))
    )
    with pytest.raises(KeyWrong, match="new"):
        keys.check(database, ring(BOTH))
    database.write(lambda c: c.execute(delete(keys.keys).where(keys.keys.c.id == "old")))
    with pytest.raises(KeyWrong, match="new"):
        keys.check(database, ring(NEW))


# The list


def test_the_list_says_which_keys_there_are_and_what_each_holds(
    database: Database, url: str
) -> None:
    filled(database, ring(OLD), 3)
    filled(database, ring(BOTH), 2, people_named="Q")
    row, cell = next(iter(cells(database).items()))
    laid(database, row, b"\x07unknown" + cell[4:])
    said: list[str] = []
    fresh = new_key("fresh")
    assert list_keys(configured(url, f"{NEW},{fresh}"), said.append) == 0
    assert [line.split() for line in said] == [
        ["key", "in", "HEARTH_KEYS", "cells"],
        ["fresh", "yes", "0"],
        ["new", "yes,", "writes", "2"],
        ["old", "no", "2"],
        ["unknown", "no", "1"],
    ]
    secrets = [each.partition(":")[2] for each in (fresh, NEW, OLD)]
    assert not any(secret in line for secret in secrets for line in said)


# An old key goes


@pytest.fixture
def retired(url: str) -> Callable[[str, str], tuple[int, str]]:
    """Give a function that retires a key with these keys at hand."""

    def retire(key_id: str, listed: str) -> tuple[int, str]:
        said: list[str] = []
        return retire_key(configured(url, listed), key_id, said.append), "\n".join(said)

    return retire


Retire = Callable[[str, str], tuple[int, str]]


def test_a_retired_key_is_no_longer_asked_for(
    database: Database, url: str, retired: Retire
) -> None:
    filled(database, ring(OLD), 3)
    rotated(url)
    code, said = retired("old", BOTH)
    assert code == 0
    assert "backups" in said
    keys.check(database, ring(NEW))
    assert list(keys.known(database)) == ["new"]
    assert len(notes(database, ring(NEW))) == 3


@pytest.mark.parametrize(
    ("key_id", "words"),
    [
        ("new", "is the first in HEARTH_KEYS"),
        ("old", "3 cells are still written with old"),
        ("other", "knows no key other"),
    ],
)
def test_a_key_that_is_needed_or_unknown_is_not_retired(
    database: Database, url: str, retired: Retire, key_id: str, words: str
) -> None:
    filled(database, ring(OLD), 3)
    filled(database, ring(BOTH), 3, people_named="Q")
    code, said = retired(key_id, BOTH)
    assert code == 1
    assert words in said
    assert list(keys.known(database)) == ["new", "old"]


def test_a_key_that_was_lost_can_be_retired_once_nothing_is_written_with_it(
    database: Database, url: str, retired: Retire
) -> None:
    filled(database, ring(OLD), 1)
    keys.check(database, ring(BOTH))
    assert retired("old", NEW)[0] == 1
    database.write(lambda c: c.execute(delete(Table)))
    assert retired("old", NEW)[0] == 0
    keys.check(database, ring(NEW))


def test_with_wrong_keys_at_hand_nothing_is_retired(database: Database, retired: Retire) -> None:
    keys.check(database, ring(OLD))
    keys.check(database, ring(BOTH))
    with pytest.raises(CannotStart, match="another key of that name"):
        retired("old", f"{new_key('third')},{new_key('new')}")
    assert list(keys.known(database)) == ["new", "old"]


# The command line


def commanded(url: str, listed: str, folder: Path, *arguments: str) -> Ended:
    return hearth("keys", *arguments, environ=environ_with(url, listed), folder=folder)


def listed(ended: Ended) -> list[list[str]]:
    return [line.split() for line in ended.out.splitlines()]


def test_an_operator_takes_a_new_key_from_the_first_line_to_the_last(
    database: Database, url: str, tmp_path: Path
) -> None:
    filled(database, ring(OLD), 3)
    run = partial(commanded, url, BOTH, tmp_path)
    assert ["new", "yes,", "writes", "0"] in listed(run("list"))
    assert run("retire", "old").code == 1
    assert run("rotate").code == 0
    assert ["new", "yes,", "writes", "3"] in listed(run("list"))
    assert run("retire", "old").code == 0
    assert list(keys.known(database)) == ["new"]


@pytest.mark.parametrize("arguments", [("list",), ("rotate",), ("retire", "old")])
def test_without_a_database_none_is_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = commanded(f"sqlite:///{tmp_path / 'hearth.db'}", BOTH, tmp_path, *arguments)
    assert ended.code == 2
    assert "There is no database" in ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_version_is_not_touched(database: Database, url: str) -> None:
    filled(database, ring(OLD), 1)
    database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(CannotStart, match="another version"):
        rotated(url)
    assert written(database) == {"old": 1}
