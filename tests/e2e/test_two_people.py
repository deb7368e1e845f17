"""alice on alpha and bob on beta talk, each in a browser of their own."""

import pytest
from playwright.async_api import Browser, expect

from tests.e2e import journeys
from tests.e2e.conftest import Processes, TwoNodes
from tests.e2e.journeys import DESK, PASSWORD, PHONE, Complaints, page_of

pytestmark = pytest.mark.browser


async def test_two_people_on_two_nodes_talk(chromium: Browser, two_nodes: TwoNodes) -> None:
    alpha, beta = two_nodes
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, PHONE, complaints)

    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.start_group(alice, "Book circle", f"bob@{beta.domain}")
    await journeys.accept_request(bob, "Book circle", f"alice@{alpha.domain}")
    await journeys.say(bob, "Hello from beta")
    await journeys.hears(alice, "Hello from beta")
    await journeys.say(alice, "Hello from alpha")
    await journeys.hears(bob, "Hello from alpha")
    await journeys.is_delivered(alice, "Hello from alpha")

    assert complaints == []


async def test_one_writes_to_two_people_directly(
    chromium: Browser, processes: Processes, two_nodes: TwoNodes
) -> None:
    alpha, beta = two_nodes
    await processes[1].covey("user", "add", "carol")
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, PHONE, complaints)

    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.write_to(alice, f"bob@{beta.domain}", f"carol@{beta.domain}")
    await journeys.say(alice, "Hello you two")
    await bob.get_by_role("link", name=f"Request from alice@{alpha.domain}").click(
        timeout=journeys.PATIENCE_MS
    )
    await bob.get_by_role("button", name="Accept").click()
    await journeys.hears(bob, "Hello you two")
    await journeys.say(bob, "Hello alice and carol")
    await journeys.hears(alice, "Hello alice and carol")

    await expect(alice.get_by_role("heading", name="bob and carol")).to_be_visible()
    assert complaints == []


async def test_who_signs_out_and_in_again_finds_everything(
    chromium: Browser, two_nodes: TwoNodes
) -> None:
    alpha, beta = two_nodes
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, PHONE, complaints)

    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.start_group(alice, "Shopping", f"bob@{beta.domain}")
    await journeys.say(alice, "Bread, cheese")
    await journeys.sign_out(alice)
    await journeys.sign_in(alice, alpha.base_url, "alice", PASSWORD)
    await alice.get_by_role("link", name="Shopping").click()
    await journeys.hears(alice, "Bread, cheese")

    assert complaints == []
