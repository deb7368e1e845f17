"""How many connections there may be: in all, and from one place."""

from collections.abc import Collection

from node.http.client_address import Network, is_one_of, neighbourhood


class Door:
    """Counts who is inside; an address counts with all of its IPv6 /64.

    A proxy of ours brings other people's connections, and so does whoever has no address: a socket
    of this machine's file system.
    """

    def __init__(self, *, most: int, most_per_address: int, proxies: Collection[Network]) -> None:
        self._most = most
        self._most_per_address = most_per_address
        self._proxies = proxies
        self._inside = 0
        self._by_place: dict[str, int] = {}

    def is_proxy(self, address: str) -> bool:
        """Whether an address is no client's own."""
        return not address or is_one_of(address, self._proxies)

    @property
    def is_full(self) -> bool:
        """Whether nobody more fits in."""
        return self._inside >= self._most

    def has_its_share(self, address: str) -> bool:
        """Whether an address has as many connections as one may have."""
        held = self._by_place.get(neighbourhood(address), 0)
        return held >= self._most_per_address and not self.is_proxy(address)

    def enter(self, address: str) -> None:
        """Count a connection."""
        place = neighbourhood(address)
        self._inside += 1
        self._by_place[place] = self._by_place.get(place, 0) + 1

    def leave(self, address: str) -> None:
        """Count a connection no more."""
        place = neighbourhood(address)
        self._inside -= 1
        left = self._by_place.pop(place) - 1
        if left:
            self._by_place[place] = left
