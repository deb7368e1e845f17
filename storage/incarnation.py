"""Which copy of the database this is: 128 random bits, made with its first tables."""

from storage.database import fetch, run

_KEY = "incarnation"

# The first to come stays.
MAKE = "INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING"

# This copy's incarnation.
READ = "SELECT value FROM setting WHERE key = $1"


async def make_incarnation(incarnation: str) -> None:
    """Give a new database its incarnation; one that has one keeps it."""
    await run(MAKE, _KEY, incarnation)


async def get_incarnation() -> str:
    """The incarnation of this database, 32 hexadecimal digits.

    Raises:
        LookupError: No migration has run.
    """
    rows = await fetch(READ, _KEY)
    if not rows:
        raise LookupError("the database has no incarnation; migrate it first")
    return str(rows[0]["value"])


# Another copy begins.
REPLACE = "UPDATE setting SET value = $2 WHERE key = $1"


async def put_incarnation(incarnation: str) -> None:
    """Give this database another incarnation: it was restored, and goes its own way."""
    await run(REPLACE, _KEY, incarnation)
