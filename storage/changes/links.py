"""Links by which people join a group of ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UseLink:
    """Somebody joins by a link, which has one use less."""

    link_id: str
