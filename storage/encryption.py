"""Encryption at rest, cell by cell.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce for every write. A cell is bound to
its place: table, column and row id are authenticated with it, so a cell that was copied to
another row, column or table does not decrypt. A cell lies as

    1 byte length of the key id | key id (ASCII) | 12 bytes nonce | ciphertext and tag

so that rotation can tell which key wrote it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import CellUnreadable, KeyMissing

NONCE_BYTES = 12
KEY_BYTES = 32


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
        size = cell[0] if cell else 0
        key_id = cell[1 : 1 + size].decode("ascii", errors="replace")
        nonce, sealed = cell[1 + size : 1 + size + NONCE_BYTES], cell[1 + size + NONCE_BYTES :]
        if not sealed or len(nonce) != NONCE_BYTES:
            raise CellUnreadable(place.column)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise KeyMissing(key_id)
        try:
            return cipher.decrypt(nonce, sealed, place.as_bytes()).decode()
        except InvalidTag:
            raise CellUnreadable(place.column) from None
