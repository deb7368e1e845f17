"""What happens in this process is counted in plain numbers, and read only when somebody asks.

PERF: an inbox request is counted on the road that benchmarks/inbox.py measures. A count is one
dictionary entry and a span one bisection and three additions; nothing is looked up by labels,
locked or written down. Threads of the database count too; once in a long while one of two counts at
the same instant is lost, which no graph shows.
"""

import time
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass, field
from statistics import median
from typing import Final

# Upper ends, inclusive; what is above the last counts there too, beyond it.
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WAITS_S: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0, 3600.0, 21600.0, 86400.0)
SIZES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
HOSTS_REMEMBERED: Final = 256


class Counts:
    """How often each of a few things happened; whoever counts names things of a fixed set."""

    __slots__ = ("by_name",)

    def __init__(self) -> None:
        self.by_name: dict[str, int] = {}

    def add(self, name: str, number: int = 1) -> None:
        """It happened once more, or so many times."""
        self.by_name[name] = self.by_name.get(name, 0) + number


class Spans:
    """A histogram: how many values lay within each bound, and their sum."""

    __slots__ = ("bounds", "numbers", "total")

    def __init__(self, bounds: tuple[float, ...] = SECONDS) -> None:
        self.bounds = bounds
        self.numbers = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """One more value."""
        self.numbers[bisect_left(self.bounds, value)] += 1
        self.total += value

    def timing(self) -> "Timing":
        """Adds the seconds that a `with` or `async with` block takes, however it ends."""
        return Timing(self)


class Timing:
    """One block that is timed."""

    __slots__ = ("_began", "_spans")

    def __init__(self, spans: Spans) -> None:
        self._spans = spans
        self._began = 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *how: object) -> None:
        self._spans.add(time.perf_counter() - self._began)

    async def __aenter__(self) -> None:
        self.__enter__()

    async def __aexit__(self, *how: object) -> None:
        self.__exit__()


class Offsets:
    """How far our clock is ahead of others', by what their answers were dated."""

    __slots__ = ("_by_host",)

    def __init__(self) -> None:
        self._by_host: OrderedDict[str, float] = OrderedDict()

    def heard(self, host: str, ahead_s: float) -> None:
        """By this host's clock ours is so many seconds ahead; negative if it is behind."""
        self._by_host[host] = ahead_s
        self._by_host.move_to_end(host)
        if len(self._by_host) > HOSTS_REMEMBERED:
            self._by_host.popitem(last=False)

    def median_s(self) -> float | None:
        """By most of the hosts heard lately; None before any was."""
        return median(self._by_host.values()) if self._by_host else None


@dataclass(frozen=True, slots=True)
class Tally:
    """All that is counted in one node.

    Attributes:
        inbox: Requests to inboxes by what became of them.
        inbox_s: From the request to its answer.
        signatures: Signatures that did not hold, by why.
        keys: Keys that were fetched, by what came of it.
        deliveries: Requests to other inboxes by what came of them.
        delivery_s: From the commit of an activity until a host has taken it.
        policy: What the operator's rules decided, as "stage action mode".
        repairs: Gaps of logs that were filled, by where from.
        equivocations: Homes and actors that said two things of one.
        messages: Messages by direction, "in" and "out".
        api: Seconds that calls of the JSON API took, by method and path.
        database: Seconds that the database took, by kind of work.
        batches: How many writes shared a commit.
        loop_lag_s: How late the event loop was.
        offsets: How our clock stands to others'.
    """

    inbox: Counts = field(default_factory=Counts)
    inbox_s: Spans = field(default_factory=Spans)
    signatures: Counts = field(default_factory=Counts)
    keys: Counts = field(default_factory=Counts)
    deliveries: Counts = field(default_factory=Counts)
    delivery_s: Spans = field(default_factory=lambda: Spans(WAITS_S))
    policy: Counts = field(default_factory=Counts)
    repairs: Counts = field(default_factory=Counts)
    equivocations: Counts = field(default_factory=Counts)
    messages: Counts = field(default_factory=Counts)
    api: dict[str, Spans] = field(default_factory=dict)
    database: dict[str, Spans] = field(
        default_factory=lambda: {kind: Spans() for kind in ("fetch", "transaction")}
    )
    batches: Spans = field(default_factory=lambda: Spans(SIZES))
    loop_lag_s: Spans = field(default_factory=Spans)
    offsets: Offsets = field(default_factory=Offsets)
