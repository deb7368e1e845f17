"""What can go wrong with the database, in words that do not depend on which one it is.

StorageError
├── StorageUnavailable   away, locked or full: try again later; a 503
├── Conflict             a constraint or a concurrent transaction said no
├── NewerSchema          a newer release has written this database
└── UnsafeDatabase       its settings would lose what was promised
"""


class StorageError(Exception):
    """The database did not do what was asked."""


# Each name is the word for what is so.
class StorageUnavailable(StorageError):  # noqa: N818
    """The database cannot answer now, so nothing has been decided.

    Attributes:
        retry_after_s: When it makes sense to ask again, in seconds.
    """

    def __init__(self, detail: str, *, retry_after_s: int = 5) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


# As above.
class Conflict(StorageError):  # noqa: N818
    """A row breaks a constraint, or a concurrent transaction was faster."""


# As above.
class NewerSchema(StorageError):  # noqa: N818
    """The database belongs to a newer release; older code must not touch it."""


# As above.
class UnsafeDatabase(StorageError):  # noqa: N818
    """The database is set up in a way that loses committed rows."""
