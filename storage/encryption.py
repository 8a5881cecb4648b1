"""Encryption at rest, cell by cell.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce for every write. A cell is bound to
its place: table, column and row id are authenticated with it, so a cell that was copied to
another row, column or table does not decrypt. A cell lies as

    1 byte length of the key id | key id (ASCII) | 12 bytes nonce | ciphertext and tag

so that rotation can tell which key wrote it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import CellUnreadable, KeyMissing

NONCE_BYTES = 12
KEY_BYTES = 32

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell lies. Row ids are never reused, so a place names one cell for ever."""

    table: str
    column: str
    row: str

    def as_bytes(self) -> bytes:
        """The place as authenticated data; the parts cannot run into each other."""
        return b"\x00".join(part.encode() for part in (self.table, self.column, self.row))


@dataclass(frozen=True)
class Keyring:
    """The keys this process holds, by id; `primary` writes, all of them read."""

    primary: str
    keys: Mapping[str, bytes] = field(repr=False)
    _ciphers: dict[str, AESGCM] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for key_id, key in self.keys.items():
            if not _KEY_ID.fullmatch(key_id):
                raise ValueError("a key's id must be 1 to 32 of A-Z, a-z, 0-9, _ and -")
            if len(key) != KEY_BYTES:
                raise ValueError(f"key {key_id} must be {KEY_BYTES} bytes long")
            self._ciphers[key_id] = AESGCM(key)
        if self.primary not in self.keys:
            raise ValueError("the primary key is not in the ring")

    def encrypt(self, text: str, place: Place) -> bytes:
        """Return `text` as a cell that decrypts only at `place`."""
        nonce = os.urandom(NONCE_BYTES)
        key_id = self.primary.encode("ascii")
        sealed = self._ciphers[self.primary].encrypt(nonce, text.encode(), place.as_bytes())
        return bytes([len(key_id)]) + key_id + nonce + sealed

    def decrypt(self, cell: bytes, place: Place) -> str:
        """Return the text of `cell`.

        Raises:
            KeyMissing: the cell was written with a key that is not in the ring.
            CellUnreadable: the cell was changed, cut, moved or written with another key.
        """
        key_id = written_with(cell)
        if key_id is None:
            raise CellUnreadable(place.column)
        start = 1 + len(key_id)
        nonce, sealed = cell[start : start + NONCE_BYTES], cell[start + NONCE_BYTES :]
        if not sealed or len(nonce) != NONCE_BYTES:
            raise CellUnreadable(place.column)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise KeyMissing(key_id)
        try:
            return cipher.decrypt(nonce, sealed, place.as_bytes()).decode()
        except InvalidTag:
            raise CellUnreadable(place.column) from None


def written_with(cell: object) -> str | None:
    """Return the id of the key that wrote `cell`, or None for what cannot be a cell.

    SQLite keeps whatever it is given, so what stands in a cell's place may not even be bytes.
    """
    if not isinstance(cell, bytes) or not cell:
        return None
    key_id = cell[1 : 1 + cell[0]].decode("ascii", errors="replace")
    return key_id if len(key_id) == cell[0] and _KEY_ID.fullmatch(key_id) else None
