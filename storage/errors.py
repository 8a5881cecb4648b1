"""What can go wrong with storage, as types that carry no stored value.

StorageError
├── Busy                 another process holds the database; trying again may work
├── Full                 the disk (or the database's limit) is full
├── Unavailable          the database cannot be reached or read
├── SchemaTooNew         a newer Hearth has changed this database
├── FileExists           a file of that name is there already; it is never overwritten
├── NoBackup             a file is not a whole backup of Hearth
├── NotEmpty             the database holds something already
├── InUse                a Hearth runs on the database
├── KeyMissing           the database needs a key that was not given
├── KeyWrong             a key of that id was given, but it is not the one used
└── CellUnreadable       a cell does not decrypt where it lies
"""


class StorageError(Exception):
    """Something could not be stored or read; nothing was half-written."""


class Busy(StorageError):
    """Another process holds the database."""


class Full(StorageError):
    """There is no room to write."""


class Unavailable(StorageError):
    """The database cannot be reached or read."""


class SchemaTooNew(StorageError):
    """The database was changed by a newer version of Hearth than this one."""


class FileExists(StorageError):
    """A file of that name is there already; it is never overwritten."""


class NoBackup(StorageError):
    """A file is not a whole backup of Hearth; says what is wrong with it."""


class NotEmpty(StorageError):
    """The database holds something already."""


class InUse(StorageError):
    """A Hearth runs on the database."""


class KeyMissing(StorageError):
    """The database was written with a key that was not given; says which id."""


class KeyWrong(StorageError):
    """A key of this id was given, but the database was written with another one."""


class CellUnreadable(StorageError):
    """A cell does not decrypt where it lies: moved, cut or changed."""
