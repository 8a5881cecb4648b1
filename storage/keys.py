"""Which encryption keys this database was written with.

A wrong key would otherwise show itself only when somebody opens a note. Each key leaves a
proof here, a cell that only it can read, and start-up tries every one of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, delete, select
from sqlmodel import Field, SQLModel

from storage.dialects import insert_new
from storage.encryption import Keyring, Place
from storage.engine import Database
from storage.errors import CellUnreadable, KeyMissing, KeyWrong

_PROOF = "hearth"


class EncryptionKey(SQLModel, table=True):
    """The id of a key that wrote into this database, and its proof. Never the key."""

    __tablename__ = "encryption_keys"

    id: str = Field(primary_key=True)
    proof: bytes


keys: Table = SQLModel.metadata.tables["encryption_keys"]


def known(database: Database) -> Mapping[str, bytes]:
    """Return the proof of every key that this database knows, by the key's id.

    Raises:
        StorageError: the database did not answer.
    """
    with database.read() as connection:
        rows = connection.execute(select(keys).order_by(keys.c.id))
        return {row.id: row.proof for row in rows}


def prove(proofs: Mapping[str, bytes], keyring: Keyring) -> None:
    """Open every one of `proofs` with `keyring`.

    Raises:
        KeyMissing: the database was written with a key that is not in the ring; says its id.
        KeyWrong: the ring holds another key under an id that the database knows; says the id.
    """
    for key_id, proof in proofs.items():
        if key_id not in keyring.keys:
            raise KeyMissing(key_id)
        try:
            keyring.decrypt(proof, _place(key_id))
        except (CellUnreadable, KeyMissing):  # KeyMissing: a proof of another key was laid here
            raise KeyWrong(key_id) from None


def check(database: Database, keyring: Keyring) -> None:
    """Prove that `keyring` can read this database, and leave the proof of its primary key.

    Raises:
        KeyMissing, KeyWrong: as `prove`.
        StorageError: the database did not answer.
    """
    proofs = known(database)
    prove(proofs, keyring)
    if keyring.primary not in proofs:
        proof = keyring.encrypt(_PROOF, _place(keyring.primary))
        database.write(
            lambda connection: connection.execute(
                insert_new(keys, connection.dialect, unique=["id"]),
                {"id": keyring.primary, "proof": proof},
            )
        )


def forget(database: Database, key_id: str) -> None:
    """Remove the proof of a key, so that start-up no longer asks for that key.

    Whoever calls this knows that no cell is written with it.

    Raises:
        StorageError: the database did not take it.
    """
    database.write(lambda connection: connection.execute(delete(keys).where(keys.c.id == key_id)))


def _place(key_id: str) -> Place:
    return Place("encryption_keys", "proof", key_id)
