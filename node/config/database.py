"""The section `[database]`: where the node remembers."""

from dataclasses import dataclass

from node.config.option import Kind, option


@dataclass(frozen=True, slots=True)
class DatabaseConfig:
    """Which database, and how many connections to it."""

    url: str = option(
        Kind.DATABASE, "", "The database. Without it: the SQLite file covey.db in data_dir."
    )
    pool: int = option(
        Kind.COUNT,
        10,
        "Connections to PostgreSQL. SQLite has one that writes and one that reads.",
        at_least=1,
        at_most=200,
    )
