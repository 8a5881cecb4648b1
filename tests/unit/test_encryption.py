"""Cells: what encrypts where, and what never decrypts."""

import importlib
import os
import pkgutil

import pytest
from sqlalchemy import LargeBinary
from sqlmodel import SQLModel

import storage
from storage.encryption import Keyring, Place, written_with
from storage.errors import CellUnreadable, KeyMissing
from storage.rotation import ENCRYPTED

HERE = Place("checkins", "note", "1")


def ring(key_id: str = "k1") -> Keyring:
    return Keyring(key_id, {key_id: os.urandom(32)})


@pytest.mark.parametrize("note", ["", "a", "😔" * 1000, "\x00", "مرحبا"])
def test_a_cell_decrypts_where_it_lies(note: str) -> None:
    keyring = ring()
    assert keyring.decrypt(keyring.encrypt(note, HERE), HERE) == note


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("checkins", "note", "2"),
        Place("checkins", "other", "1"),
        Place("reports", "note", "1"),
        Place("checkinsn", "ote", "1"),
    ],
)
def test_a_cell_moved_to_another_place_does_not_decrypt(elsewhere: Place) -> None:
    keyring = ring()
    with pytest.raises(CellUnreadable):
        keyring.decrypt(keyring.encrypt("secret", HERE), elsewhere)


def test_a_cell_of_which_any_byte_was_changed_does_not_decrypt() -> None:
    keyring = ring()
    cell = keyring.encrypt("secret", HERE)
    for index in range(len(cell)):
        changed = cell[:index] + bytes([cell[index] ^ 1]) + cell[index + 1 :]
        with pytest.raises((CellUnreadable, KeyMissing)):
            keyring.decrypt(changed, HERE)


@pytest.mark.parametrize("key_id", ["a", "ab", "2026-11", "k" * 32])
def test_the_beginning_of_a_cell_tells_which_key_wrote_it(key_id: str) -> None:
    assert written_with(ring(key_id).encrypt("", HERE)) == key_id


@pytest.mark.parametrize(
    "cell",
    [None, "k1", 3, b"", b"\x00", b"\x02k", b"\x02k\n", b"\x02\xff\xff", b"\x21" + b"k" * 99],
)
def test_what_is_no_cell_was_written_with_no_key(cell: object) -> None:
    assert written_with(cell) is None


def test_every_column_of_bytes_holds_cells_that_are_rotated_or_proofs() -> None:
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        importlib.import_module(module.name)  # whatever tables there are, they are known now
    of_bytes = {
        str(column)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert of_bytes == {str(column) for column in ENCRYPTED} | {"encryption_keys.proof"}
    assert all(len(column.table.primary_key.columns) == 1 for column in ENCRYPTED)


@pytest.mark.parametrize("cell", [b"", b"\x00", b"\x02k1", b"\xff", b"\x02k1" + bytes(12)])
def test_what_is_no_cell_does_not_decrypt(cell: bytes) -> None:
    with pytest.raises(CellUnreadable):
        ring().decrypt(cell, HERE)


def test_the_same_text_never_makes_the_same_cell_twice() -> None:
    keyring = ring()
    assert len({keyring.encrypt("secret", HERE) for _ in range(50)}) == 50


def test_an_older_key_still_reads_what_it_wrote() -> None:
    older = ring("old")
    cell = older.encrypt("secret", HERE)
    both = Keyring("new", {"new": os.urandom(32), **older.keys})
    assert both.decrypt(cell, HERE) == "secret"
    with pytest.raises(KeyMissing, match="old"):
        ring("new").decrypt(cell, HERE)


def test_a_keyring_does_not_show_its_keys() -> None:
    keyring = ring()
    assert str(keyring.keys["k1"]) not in repr(keyring)


@pytest.mark.parametrize("key_id", ["", "k" * 33, "k.1", "k\n", "schlüssel"])
def test_an_id_that_could_not_be_told_from_a_cell_is_refused(key_id: str) -> None:
    with pytest.raises(ValueError, match="id must be"):
        ring(key_id)
