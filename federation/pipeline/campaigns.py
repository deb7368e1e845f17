"""What strangers have sent within a day is kept as fingerprints, so that what is alike is found.

Each process has them in memory, and reads with a batch what others have added.

Source: policy.md 10
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from federation.policy.facts import Window
from federation.policy.near_duplicates import Fingerprint, Sample, Trace, like, sample_of
from federation.protocol.activity import Activity
from federation.protocol.uri import host_of
from storage import policy_texts
from storage.policy_texts import ROWS_MAX, KeptText

KEPT_FOR: Final = timedelta(hours=24)


class Campaigns:
    """The fingerprints that this process knows."""

    def __init__(self) -> None:
        self._traces: dict[int, Trace] = {}

    async def read(self, now: datetime) -> None:
        """Read what was added since, and forget what is old. Inside a transaction."""
        last = next(reversed(self._traces), 0)
        after = now - KEPT_FOR
        for row, kept in (await policy_texts.since(last, after)).items():
            self._traces[row] = _trace(kept)
        too_many = len(self._traces) - ROWS_MAX
        for row in list(self._traces):
            if too_many <= 0 and self._traces[row].at > after:
                break
            del self._traces[row]
            too_many -= 1

    def __iter__(self) -> Iterator[Trace]:
        return iter(self._traces.values())


@dataclass(slots=True)
class Counted:
    """What is alike while a batch is judged: what is kept, and what came before in the batch."""

    kept: Campaigns
    windows: frozenset[Window]
    fresh: list[Trace] = field(default_factory=list)

    def reached(
        self, activity: Activity, sample: Sample, strangers: Collection[str], now: datetime
    ) -> Mapping[Window, int]:
        """How many people strangers sent such a message, this one counted, by window."""
        found: dict[Window, int] = {}
        for window in self.windows:
            people = {one.person for one in self.earlier(sample, window, now)}
            found[window] = len(people | set(strangers))
        self.fresh += traces_of(activity, sample, strangers, now)
        return found

    def earlier(self, sample: Sample, window: Window, now: datetime) -> list[Trace]:
        """The messages within a window that are as this one."""
        return like(sample, (*self.kept, *self.fresh), window, now)


def sample_in(activity: Activity) -> Sample | None:
    """What is compared of what arrived; None for what is no message."""
    note = activity.object
    if activity.type != "Create" or not isinstance(note, Mapping):
        return None
    return sample_of(note, host_of(activity.actor))


def traces_of(
    activity: Activity, sample: Sample, strangers: Collection[str], now: datetime
) -> tuple[Trace, ...]:
    """What is kept of a message, for each stranger to its sender."""
    return tuple(
        Trace(now, person, activity.actor, activity.id, sample) for person in sorted(strangers)
    )


async def keep(traces: Sequence[Trace]) -> None:
    """Keep what has come to an end. Inside a transaction."""
    await policy_texts.add([_kept(one) for one in traces])


def _kept(one: Trace) -> KeptText:
    exact, simhash = one.sample.print
    return KeptText(
        one.at,
        one.person,
        one.actor,
        one.activity_id,
        exact.hex(),
        "" if simhash is None else f"{simhash:016x}",
        " ".join(sorted(one.sample.media)),
        " ".join(sorted(one.sample.links)),
    )


def _trace(one: KeptText) -> Trace:
    simhash = int(one.simhash, 16) if one.simhash else None
    sample = Sample(
        Fingerprint(bytes.fromhex(one.exact), simhash),
        frozenset(one.media.split()),
        frozenset(one.links.split()),
    )
    return Trace(one.at, one.person, one.actor_uri, one.activity_id, sample)
