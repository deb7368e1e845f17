"""D01 of the corpus: a collection that goes on for ever is read up to a number, and nowhere else.

Of a state log ten pages are read. Author logs and histories may have fifty (delivery.md 6.3), and
a list of members is one document.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import parse_qs, urlsplit

from federation.protocol.build import conversation as build
from tests.hostile.cast import CONTEXT, Actor, body_of
from tests.hostile.gathering import AwayGroup, away_group, invitation, seat
from tests.hostile.peer import Act, told
from tests.hostile.stage import introduce
from tests.hostile.trial import Trial
from tests.support.gate import Exchange
from tests.support.person import Room

AWAY = ("actor", "remote_key", "repair", "delivery", "state_link", "invitation", "group_request")

# From the number at which a page begins and the number of its last item to that of the next.
STATE_PAGES, LOG_PAGES = 10, 50
Step = Callable[[int, int], object]
STEPS: dict[str, Step] = {
    "itself": lambda after, _: after,
    "back and forth": lambda after, _: 1 - after % 2,
    "for ever": lambda after, last: max(after, last) + 100,
    "another origin": lambda *_: "https://evil.test/pages",
}


def leading(url: str, owner: str, step: Step, items: Sequence[object]) -> Act:
    """Pages of a collection that go on by a step, the first one embedded in the collection."""

    def page(after: int) -> dict[str, Any]:
        to = step(after, after + 100)
        return {
            "id": f"{url}?after={after}",
            "type": "OrderedCollectionPage",
            "partOf": url,
            "attributedTo": owner,
            "orderedItems": items,
            "next": to if isinstance(to, str) else f"{url}?after={to}",
        }

    async def act(exchange: Exchange, writer: asyncio.StreamWriter) -> None:
        query = parse_qs(urlsplit(exchange.target).query)
        after = int((query.get("after") or query.get("state") or ["0"])[0])
        whole = page(after) if query else {"id": url, "type": "OrderedCollection"}
        first = {} if query else {"attributedTo": owner, "first": f"{url}?after=0"}
        document = {"@context": CONTEXT, **whole, **first}
        await told(body=body_of(document))(exchange, writer)

    return act


def serve(trial: Trial, url: str, act: Act) -> None:
    """Let an act answer a collection and all its pages."""
    host, _, path = url.removeprefix("https://").partition("/")
    trial.stage.peer.act(host, f"/{path}", act)


def check(trial: Trial, url: str, owner: str, how: str) -> None:
    """Of each reading: so many pages, none twice, one origin. A reading may begin at the owner."""
    asked = [one for one in trial.fetched() if one.partition("?")[0] in {url, owner}]
    by_kind = groupby(asked, lambda one: f"{url}?" in one)
    found = [list(pages) for is_page, pages in by_kind if is_page]
    longest = max(map(len, found))
    most = STATE_PAGES if url.endswith("/state") else LOG_PAGES
    assert longest == most if how == "for ever" else 1 <= longest <= 3
    assert all(len(pages) == len(set(pages)) for pages in found)
    assert trial.fetched("evil.test") == []


def foreign_entries(group: AwayGroup, count: int = 100) -> list[object]:
    """A page of what its home has signed and what belongs to no group: of no use, and large."""
    change = {**group.log[-1], "target": "https://b.test/c/none/affiliations", "context": None}
    names = (f"{group.home.uri}/x{n}" for n in range(count))
    return [group.home.proven({**change, "id": name, "summary": "x" * 3000}) for name in names]


async def groups_away(trial: Trial) -> dict[str, AwayGroup]:
    """A group elsewhere for each way to go on."""
    groups = {how: await away_group(trial) for how in STEPS}
    trial.begin()
    trial.has_an_effect()
    trial.may_change(*AWAY)
    return groups


async def test_d01_a_state_log(fresh: Trial):
    groups = await groups_away(fresh)
    for how, group in groups.items():
        url, items = f"{group.home.uri}/state", foreign_entries(group)
        add = group.added("https://b.test/u/later")
        serve(fresh, url, leading(url, group.home.uri, STEPS[how], items))
        ahead = group.home.proven({**add, "chatEpoch": add["chatEpoch"] + 5})
        await fresh.send(group.home.post(ahead))
        await fresh.stage.idle()

        check(fresh, url, group.home.uri, how)


async def test_d01_a_history(fresh: Trial):
    groups = await groups_away(fresh)
    stage = fresh.stage
    for how, group in groups.items():
        url, items = f"{group.home.uri}/history", foreign_entries(group, 1)
        serve(fresh, url, leading(url, group.home.uri, STEPS[how], items))
    # A node that starts asks what it has missed.
    await stage.node.kill()
    stage.advance(hours=7)
    await stage.node.start()
    for how, group in groups.items():
        url = f"{group.home.uri}/history"
        await stage.until(lambda url=url: url in str(fresh.fetched()))  # type: ignore[misc]
        await stage.idle()
        check(fresh, url, url, how)


async def test_d01_an_author_s_log(fresh: Trial):
    stage = fresh.stage
    members = {how: await seat(fresh, "d01") for how in STEPS}
    fresh.has_an_effect()
    fresh.may_change(*AWAY)
    junk = [{"type": "Note", "chatSeq": 2, "content": "x"}]
    for how, member in members.items():
        serve(fresh, member.log, leading(member.log, member.actor.uri, STEPS[how], junk))
        sent = [member.says(f"number {n}") for n in range(1, 5)]
        for number in (0, 3):
            assert await fresh.status_of(member.actor.post(sent[number])) == 202
    await stage.idle()
    stage.advance(seconds=11)
    for how, member in members.items():
        await stage.until(lambda log=member.log: log in str(fresh.fetched()))  # type: ignore[misc]
        await stage.idle()
        check(fresh, member.log, member.log, how)
        assert await stage.otto.texts(Room(uri=member.group)) == ["number 1", "number 4"]


async def test_d01_a_list_of_members(fresh: Trial):
    stage = fresh.stage
    fresh.has_an_effect()
    fresh.may_change(*AWAY)
    for number, how in enumerate(STEPS):
        founder = Actor(f"https://b.test/u/d01-{number}", is_aware=True)
        group = AwayGroup(stage, founder, Actor(f"https://b.test/c/d01-{number}", is_aware=True))
        introduce(stage.peer, founder)
        group.found()
        url, to = f"{group.home.uri}/affiliations", STEPS[how](0, 1)
        more = to if isinstance(to, str) else f"{url}?after={to}"
        whole = build.affiliations(group.now.to_json())
        page = {**whole, "type": "OrderedCollectionPage", "next": more}
        stage.peer.serve(url, {**whole, "first": page, "next": more})
        await fresh.send(founder.post(invitation(group, stage.otto.uri)))
        await stage.idle()

        assert 1 <= fresh.fetched("b.test").count(url) <= 2
        assert not [one for one in fresh.fetched() if f"{url}?" in one or "evil.test" in one]
