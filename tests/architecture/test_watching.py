"""The dashboard, the alerts and the page about them speak of metrics that there are."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from node.ops.exposition import Exposition
from node.ops.readings import Readings
from storage.gauges import Gauges
from storage.owed_hosts import OwedHost
from storage.tally import Spans, Tally
from tests.architecture.conftest import ROOT

NOW = datetime(2026, 9, 3, tzinfo=UTC)
NAME = re.compile(r"\bcovey_[a-z_]+")
SUFFIX = re.compile(r"_(?:bucket|count|sum|created)$")
BUILD = {"version": "1", "python": "3", "database": "sqlite"}


def exposed() -> set[str]:
    """Every name that a node which has done everything once tells."""
    tally, host = Tally(), OwedHost("a.test", 1, 0, NOW, NOW, "")
    for counts in (tally.inbox, tally.signatures, tally.keys, tally.deliveries, tally.messages):
        counts.add("x")
    tally.api["GET /x"] = Spans()
    tally.repairs.add("x")
    tally.equivocations.add("x")
    tally.policy.add("domain reject enforce")
    tally.offsets.heard("a.test", 0.1)
    gauges = Gauges({}, {}, NOW, NOW, {}, (host,), 0, {"active": 1}, 1, 1, 1)
    until = NOW + timedelta(days=1)
    readings = Readings(NOW, gauges, 0, 0, 1, 2, 0, is_restored=False, certificate_until=until)
    text = Exposition(tally, BUILD).render(readings).decode()
    return {SUFFIX.sub("", name) for name in re.findall(r"^(covey_\w+)", text, re.MULTILINE)}


def named(text: str) -> set[str]:
    return {SUFFIX.sub("", name) for name in NAME.findall(text)}


def test_each_metric_stands_in_the_page_and_on_the_dashboard() -> None:
    page = named((ROOT / "docs/admin/watching.md").read_text())
    dashboard = named((ROOT / "deploy/grafana.json").read_text())

    assert page == exposed()
    assert dashboard == exposed()


def test_alerts_speak_of_metrics_that_there_are() -> None:
    assert named((ROOT / "deploy/alerts.yml").read_text()) <= exposed()


def test_each_alert_stands_in_the_page() -> None:
    alerts = re.findall(r"alert: (\w+)", (ROOT / "deploy/alerts.yml").read_text())
    text = (ROOT / "docs/admin/watching.md").read_text()
    page = re.findall(r"^\| (Covey\w+)", text, re.MULTILINE)

    assert page == alerts


def test_the_panels_have_their_own_places() -> None:
    panels = json.loads((ROOT / "deploy/grafana.json").read_text())["panels"]

    places = list(spots(panels))
    assert len(places) == len(set(places)) == len(panels)
    assert len({panel["id"] for panel in panels}) == len(panels)


def spots(panels: list[dict[str, dict[str, int]]]) -> Iterator[tuple[int, int]]:
    for panel in panels:
        yield panel["gridPos"]["x"], panel["gridPos"]["y"]
