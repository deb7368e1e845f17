"""A process of a node has a role, which says what of the node it runs."""

from enum import Enum


class Role(Enum):
    """What a process runs: everything, or one half of a node whose database is a server."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"

    @property
    def has_web(self) -> bool:
        """Whether it answers people and other servers."""
        return self is not Role.WORKER

    @property
    def has_workers(self) -> bool:
        """Whether it does what waits in the database."""
        return self is not Role.WEB
