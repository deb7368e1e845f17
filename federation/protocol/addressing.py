"""Recipients become destinations: one POST for each inbox, and none to ourselves."""

from collections.abc import Iterable
from dataclasses import dataclass

SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Recipient:
    """An actor something is for.

    Attributes:
        host: Its lane, as `uri.host_of` names it.
        shared_inbox: Whether its server offers one.
    """

    uri: str
    host: str
    shared_inbox: bool


@dataclass(frozen=True, slots=True)
class Destination:
    """One POST that is owed.

    Attributes:
        target: "shared", or the id of the actor whose own inbox it is.
        recipients: Whom it is for, in the order they were named.
    """

    host: str
    target: str
    recipients: tuple[str, ...]


def destinations(recipients: Iterable[Recipient], *, own_host: str) -> tuple[Destination, ...]:
    """Gather recipients by inbox: one destination for each, in the order first named.

    Local recipients are left out, since the road reaches them without a delivery.

    Source: groups-protocol.md 1, rule 5
    """
    inboxes: dict[tuple[str, str], dict[str, None]] = {}
    for recipient in recipients:
        if recipient.host != own_host:
            target = SHARED if recipient.shared_inbox else recipient.uri
            inboxes.setdefault((recipient.host, target), {})[recipient.uri] = None
    return tuple(
        Destination(host, target, tuple(people)) for (host, target), people in inboxes.items()
    )
