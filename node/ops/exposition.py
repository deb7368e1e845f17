"""Counts and readings become the text that Prometheus reads; no label names a person or a message.

Host names stand in labels for the 50 hosts that are owed the most, and nowhere else.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import accumulate
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from node.ops.alarms import inbox_oldest_at
from node.ops.readings import Readings
from storage.gauges import Gauges
from storage.tally import Counts, Spans, Tally

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
# By the names of the labels: how what was counted under one name is spread over them.
POLICY_LABELS: Final = ("stage", "action", "mode")


class Exposition(Collector):
    """The metrics of one node.

    Args:
        tally: What it counts.
        build: What it is: label values by name.
    """

    def __init__(self, tally: Tally, build: Mapping[str, str]) -> None:
        self._tally = tally
        self._build = build
        self._readings: Readings | None = None
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    def render(self, readings: Readings) -> bytes:
        """All metrics as text of `CONTENT_TYPE`."""
        self._readings = readings
        return generate_latest(self._registry)

    def describe(self) -> Iterable[Metric]:
        """Nothing: names are not asked for before there are numbers."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every family, in the order of the table in docs/admin/watching.md."""
        if self._readings is None:
            return
        yield from _counted(self._tally)
        yield from _timed(self._tally)
        yield from _read(self._readings)
        if self._readings.gauges is not None:
            yield from _held(self._readings.gauges, self._readings.at)
        offset = self._tally.offsets.median_s()
        if offset is not None:
            yield _gauge("clock_offset_seconds", "How far our clock is ahead of others'", offset)
        yield _built(self._build)


def _counted(tally: Tally) -> Iterator[Metric]:
    yield _counter("inbox_requests", "Requests to inboxes", ("outcome",), tally.inbox)
    yield _counter("deliveries", "Requests to inboxes elsewhere", ("outcome",), tally.deliveries)
    yield _counter(
        "signature_failures", "Signatures that did not hold", ("reason",), tally.signatures
    )
    yield _counter("key_fetch", "Keys that were fetched", ("outcome",), tally.keys)
    yield _counter("gap_repairs", "Gaps of logs that were filled", ("source",), tally.repairs)
    yield _counter("equivocations", "Two states for one epoch", ("kind",), tally.equivocations)
    yield _counter("policy_decisions", "Decided by rules", POLICY_LABELS, tally.policy)
    yield _counter("messages", "Messages written", ("direction",), tally.messages)


def _timed(tally: Tally) -> Iterator[Metric]:
    yield _histogram("inbox_seconds", "From request to answer", {"": tally.inbox_s})
    yield _histogram("delivery_seconds", "From commit to a 2xx elsewhere", {"": tally.delivery_s})
    yield _histogram("api_seconds", "Calls of the JSON API", tally.api, "route")
    yield _histogram("db_seconds", "Work of the database", tally.database, "op")
    yield _histogram("db_commit_batch", "Writes that shared a commit", {"": tally.batches})
    yield _histogram("loop_lag_seconds", "How late the event loop was", {"": tally.loop_lag_s})


def _read(readings: Readings) -> Iterator[Metric]:
    yield _gauge("db_up", "Whether the database answers", int(readings.gauges is not None))
    yield _gauge("db_pool_in_use", "Connections somebody works with", readings.in_use)
    yield _gauge("db_wal_bytes", "Write-ahead log of SQLite", readings.wal_bytes)
    yield _gauge("disk_free_bytes", "Free for the data folder", readings.disk_free_bytes)
    yield _gauge("disk_bytes", "Size of that disk", readings.disk_bytes)
    yield _labelled_gauge("streams_open", "Streams to people", "kind", {"events": readings.streams})
    yield _gauge("restored", "Whether nothing leaves a restored node", int(readings.is_restored))
    if readings.certificate_until is not None:
        left = (readings.certificate_until - readings.at).total_seconds()
        yield _gauge("certificate_left_seconds", "Until the certificate expires", left)


def _held(gauges: Gauges, now: datetime) -> Iterator[Metric]:
    inbox = {state: held.number for state, held in gauges.inbox.items()}
    under_way = inbox.get("pending", 0) + inbox.get("leased", 0)
    yield _gauge("inbox_queue_rows", "Accepted, not in effect", under_way)
    yield _gauge("inbox_waiting_rows", "Waits for what is missing", inbox.get("waiting", 0))
    yield _gauge("inbox_parked_rows", "Failed five times", inbox.get("parked", 0))
    yield _gauge("inbox_queue_age_seconds", "Of the oldest", _age(inbox_oldest_at(gauges), now))
    states = {state: gauges.owed.get(state, 0) for state in ("pending", "sending", "parked")}
    yield _labelled_gauge("delivery_queue_rows", "Not ended", "state", states)
    ages = {
        "any": _age(gauges.oldest_owed_at, now),
        "healthy": _age(gauges.oldest_healthy_at, now),
    }
    yield _labelled_gauge("delivery_queue_age_seconds", "Of the oldest", "lane", ages)
    lanes = {state: gauges.lanes.get(state, 0) for state in ("ok", "failing")}
    yield _labelled_gauge("lanes", "Hosts by state", "state", lanes)
    yield _gauge("hosts_backing_off", "Hosts that failed", gauges.lanes.get("failing", 0))
    yield from _per_host(gauges, now)
    yield _gauge("gaps_open", "Logs in which something is missing", gauges.gaps)
    yield _labelled_gauge("accounts", "Accounts by state", "state", gauges.accounts)
    yield _gauge("conversations", "Conversations known here", gauges.conversations)
    media = {"own": gauges.own_media_bytes, "remote": gauges.remote_media_bytes}
    yield _labelled_gauge("media_bytes", "Files by whose they are", "class", media)


def _per_host(gauges: Gauges, now: datetime) -> Iterator[Metric]:
    rows = {one.host: one.waiting + one.parked for one in gauges.worst}
    ages = {one.host: _age(one.oldest_at, now) for one in gauges.worst}
    yield _labelled_gauge("peer_queue_rows", "Of the 50 that are owed most", "host", rows)
    yield _labelled_gauge("peer_queue_age_seconds", "Of the oldest of those", "host", ages)


def _age(at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds()) if at is not None else 0.0


def _built(build: Mapping[str, str]) -> Metric:
    family = GaugeMetricFamily("covey_build_info", "What runs", labels=tuple(build))
    family.add_metric(tuple(build.values()), 1)
    return family


def _counter(name: str, words: str, labels: tuple[str, ...], counts: Counts) -> Metric:
    family = CounterMetricFamily(f"covey_{name}", words, labels=labels)
    for named, number in sorted(counts.by_name.items()):
        family.add_metric(named.split(" ") if len(labels) > 1 else [named], number)
    return family


def _histogram(name: str, words: str, spans: Mapping[str, Spans], label: str = "") -> Metric:
    family = HistogramMetricFamily(f"covey_{name}", words, labels=[label] if label else [])
    for value, one in sorted(spans.items()):
        ends = [*map(str, one.bounds), "+Inf"]
        buckets = list(zip(ends, accumulate(one.numbers), strict=True))
        family.add_metric([value] if label else [], buckets, one.total)
    return family


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"covey_{name}", words, value=value)


def _labelled_gauge(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"covey_{name}", words, labels=(label,))
    for named, value in sorted(values.items()):
        family.add_metric((named,), value)
    return family
