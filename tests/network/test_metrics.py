"""A node tells numbers of itself, and none of them is about a person or a message."""

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from node.ops.alarms import Alarms
from node.ops.exposition import Exposition
from node.ops.metrics import served
from node.ops.watching import look
from node.watched import instruments_of
from tests.network.stories import together
from tests.support.live_node import LiveNode
from tests.support.network import Network

pytestmark = pytest.mark.network

ACTIVITY = {"Content-Type": "application/activity+json"}


async def scrape(node: LiveNode) -> str:
    parts = node.node.parts

    async def read() -> str:
        exposition = Exposition(parts.tally, {"version": "1"})
        instruments, new_id = instruments_of(parts), parts.entropy.new_id
        async with served("127.0.0.1:0", exposition, instruments, new_id) as at:
            url = f"http://127.0.0.1:{at.ports[0]}/metrics"
            async with aiohttp.ClientSession() as http, http.get(url) as answer:
                assert answer.status == 200
                return await answer.text()

    return await node.inside(read())


def numbers(text: str) -> dict[str, float]:
    """Every sample by its name and labels, such as `covey_messages_total{direction="in"}`."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{key}="{value}"' for key, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


async def test_what_was_sent_and_received_is_counted(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    before = numbers(await scrape(beta))
    await al.say(room, "what nobody else may read")
    network.advance(seconds=2)
    await network.settle()

    sender, receiver = numbers(await scrape(alpha)), numbers(await scrape(beta))

    assert sender['covey_messages_total{direction="out"}'] == 1
    assert receiver['covey_messages_total{direction="in"}'] == 1
    accepted = 'covey_inbox_requests_total{outcome="accepted"}'
    assert receiver[accepted] == before[accepted] + 1
    assert receiver["covey_inbox_seconds_count"] >= receiver[accepted]
    assert sender['covey_deliveries_total{outcome="delivered"}'] >= 1
    assert sender['covey_delivery_seconds_bucket{le="+Inf"}'] >= 1
    assert sender["covey_delivery_seconds_sum"] >= 2
    assert sender['covey_api_seconds_count{route="POST /api/covey/v1/conversations"}'] == 1
    assert sender["covey_db_commit_batch_count"] > 0
    assert receiver['covey_key_fetch_total{outcome="found"}'] >= 1
    assert abs(sender["covey_clock_offset_seconds"]) < 10**9
    assert (receiver["covey_conversations"], receiver["covey_gaps_open"]) == (1, 0)
    assert (receiver["covey_db_up"], receiver["covey_restored"]) == (1, 0)


async def test_a_host_that_is_away_shows_in_the_queue(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await beta.stop()
    await al.say(room, "hello")
    await network.settle()
    network.advance(seconds=90)

    told = numbers(await scrape(alpha))

    assert told["covey_hosts_backing_off"] == 1
    assert told['covey_delivery_queue_rows{state="pending"}'] == 1
    assert told['covey_peer_queue_rows{host="beta.test"}'] == 1
    assert told['covey_delivery_queue_age_seconds{lane="any"}'] == pytest.approx(90, abs=1)
    assert told['covey_delivery_queue_age_seconds{lane="healthy"}'] == 0
    assert told['covey_deliveries_total{outcome="host_failed"}'] >= 1


async def test_a_signature_that_does_not_hold_is_counted_by_its_fault(network: Network):
    (alpha,) = await network.start("alpha.test")

    status, _ = await alpha.call("POST", "/inbox", headers=ACTIVITY, json={})

    told = numbers(await scrape(alpha))
    assert status == 401
    assert told['covey_signature_failures_total{reason="unsigned"}'] == 1
    assert told['covey_inbox_requests_total{outcome="refused"}'] == 1


async def test_no_label_is_a_person_an_address_or_a_text(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await beta.stop()
    await al.say(room, "what nobody else may read")
    await network.settle()

    text = await scrape(alpha)

    assert "nobody else" not in text
    assert "://" not in text.replace("# HELP", "")
    labels = {
        (name, value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        for name, value in sample.labels.items()
    }
    assert {value for name, value in labels if name == "host"} == {"beta.test"}
    assert not [value for _, value in labels if value in {"al", "bo"} or "@" in value]


async def test_an_alarm_is_logged_when_it_begins_and_when_it_ends(
    network: Network, caplog: pytest.LogCaptureFixture
):
    (alpha,) = await network.start("alpha.test")
    parts, known = alpha.node.parts, Alarms()
    instruments = instruments_of(parts)
    parts.tally.offsets.heard("beta.test", 3600.0)
    for _ in range(2):
        await alpha.inside(look(known, instruments, parts.tally))
    parts.tally.offsets.heard("beta.test", 0.0)
    await alpha.inside(look(known, instruments, parts.tally))

    told = [one for one in caplog.records if getattr(one, "alarm", "") == "clock"]
    assert [one.getMessage() for one in told] == ["An alarm begins", "An alarm ends"]
    assert {one.levelname for one in told} == {"WARNING"}
