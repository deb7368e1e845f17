"""A search is narrowed by who, where, when and what is shown, and reaches nothing else by that."""

import re
from datetime import timedelta

import pytest
from yarl import URL

from federation.protocol.timestamps import format_time
from federation.queries import search
from tests.covey_api.test_search import group
from tests.media.sharing import Sharer
from tests.support.api_node import START, Answer, ApiNode, Person

DAY = timedelta(days=1)
NOTHING = {"items": [], "people": [], "conversations": []}


async def ask(person: Person, query: str) -> Answer:
    answer = await person.get(f"/search?{query}")
    assert answer.status == 200, answer.body
    return answer


async def texts(person: Person, query: str) -> list[str]:
    return [message["text"] for message in (await ask(person, query)).items]


async def test_each_filter_narrows_and_all_of_them_together(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    tea, jam = await group(ana, bo), await group(ana, bo)
    await ana.say(tea, "heron one")
    await bo.say(tea, "heron two https://heron.example/a")
    node.mint.clock.at += 2 * DAY
    await bo.say(tea, "heron three")
    await bo.say(jam, "heron four, see HTTP://heron.example")
    await bo.say(jam, "stork")

    one, two, three = "heron one", "heron two https://heron.example/a", "heron three"
    four = "heron four, see HTTP://heron.example"
    assert await texts(ana, f"q=heron&from={bo.acct}") == [four, three, two]
    assert await texts(ana, f"q=heron&from=@{ana.acct}") == [one]
    assert await texts(ana, f"q=heron&from={ana.uri}") == [one]
    assert await texts(ana, f"q=heron&in={tea}") == [three, two, one]
    assert await texts(ana, "q=heron&has=link") == [four, two]
    assert await texts(ana, "q=heron&before=2026-09-05") == [two, one]
    assert await texts(ana, "q=heron&after=2026-09-05") == [four, three]
    assert await texts(ana, f"from={bo.acct}&in={jam}") == ["stork", four]
    assert await texts(ana, f"q=HERON&from={bo.acct}&in={tea}&after=2026-09-03&has=link") == [two]
    assert await texts(ana, f"q=heron&in={jam}&before=2026-09-05") == []


async def test_a_day_begins_in_utc_and_a_moment_is_taken_as_it_is(
    node: ApiNode, ana: Person
) -> None:
    room = await ana.start_group()
    node.mint.clock.at = START.replace(hour=23, minute=59)
    await ana.say(room, "late")
    node.mint.clock.at = START.replace(hour=0) + DAY
    said = await ana.say(room, "early")
    moment = str(said["published"])

    assert await texts(ana, "before=2026-09-04") == ["late"]
    assert await texts(ana, "after=2026-09-04") == ["early"]
    assert await texts(ana, f"after={moment}") == ["early"]
    assert await texts(ana, f"before={moment}") == ["late"]
    assert await texts(ana, "after=2026-09-04T01:00:00%2B02:00&before=2026-09-04") == ["late"]
    assert await texts(ana, "after=2026-09-05&before=2026-09-04") == []


async def test_filters_find_messages_alone_and_nothing_is_found_by_none(
    ana: Person, bo: Person
) -> None:
    room = await ana.start_group(bo, title="bog")
    await ana.say(room, "bog")

    found = (await ask(ana, f"q=bo&in={room}")).body

    assert [one["text"] for one in found["items"]] == ["bog"]
    assert (found["people"], found["conversations"]) == ([], [])
    assert (await ask(ana, "q=&from=&in=&before=&after=")).body == NOTHING


async def test_filters_reach_nothing_that_a_person_may_not_read(
    ana: Person, bo: Person, cy: Person
) -> None:
    room = await group(ana, bo)
    deleted = await bo.say(room, "https://a.example deleted")
    removed = await bo.say(room, "https://a.example removed")
    await bo.say(room, "https://a.example said")
    await bo.call("DELETE", f"/messages/{deleted['id']}")
    assert (await ana.call("DELETE", f"/messages/{removed['id']}")).status == 200
    queries = (f"in={room}", f"from={bo.acct}", "after=2026-01-01", "before=2027-01-01", "has=link")

    for query in queries:
        assert await texts(ana, query) == ["https://a.example said"], query
        assert (await ask(cy, query)).body == NOTHING

    await ana.post("/blocks", acct=bo.acct)
    for query in queries:
        assert await texts(ana, query) == [], query


async def test_a_file_is_found_by_who_is_shown_it(ana: Person, bo: Person) -> None:
    room = await group(ana, bo)
    await ana.say(room, "no file, https://a.example")
    files = Sharer(ana)
    sent = await files.posted(room, (await files.uploaded())["id"])
    gone = await files.posted(room, (await files.uploaded())["id"])
    await ana.call("DELETE", f"/messages/{gone['id']}")

    for person in (ana, bo):
        assert [one["id"] for one in (await ask(person, "has=file")).items] == [sent["id"]]
        assert await texts(person, "has=file&has=link") == []
        assert await texts(person, "q=nothing&has=file") == []


async def test_a_request_tells_of_no_file_before_it_is_accepted(ana: Person, bo: Person) -> None:
    files = Sharer(bo)
    made = await bo.post("/conversations", kind="direct", members=[ana.acct], text="hello")
    room = str(made.body["id"])
    sent = await files.posted(room, (await files.uploaded())["id"])
    assert await ana.state_of(room) == "requested"

    assert await texts(ana, "has=file") == []
    assert await texts(ana, f"in={room}&q=hello") == ["hello"]
    await ana.post(f"/conversations/{room}/accept")

    assert [one["id"] for one in (await ask(ana, "has=file")).items] == [sent["id"]]


async def test_pages_keep_their_filters(ana: Person, bo: Person) -> None:
    room = await group(ana, bo)
    for number in range(5):
        await ana.say(room, f"heron {number}")
        await bo.say(room, f"heron of bo {number}")
    before, after = format_time(START + DAY), format_time(START - DAY)
    query = f"q=heron&from={ana.acct}&before={before}&after={after}&limit=2"

    said = []
    while query:
        answer = await ask(ana, query)
        said += [one["text"] for one in answer.items]
        found = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        query = URL(found[1]).raw_query_string if found else ""

    assert said == [f"heron {number}" for number in (4, 3, 2, 1, 0)]


async def test_what_does_not_fit_is_read_and_led_past(
    ana: Person, bo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await group(ana, bo)
    await ana.say(room, "one")
    for _ in range(4):
        await bo.say(room, "of bo")
    monkeypatch.setattr(search, "BATCH", 2)
    monkeypatch.setattr(search, "ROWS_MAX", 4)

    first = await ask(ana, f"from={ana.acct}")

    assert first.items == []
    assert 'rel="next"' in first.headers["Link"]


@pytest.mark.parametrize(
    "query",
    [
        "from=ana",
        "from=not+an+address",
        "from=https://",
        "from=a@alpha.test&from=b@alpha.test",
        "in=tea",
        "in=01",
        "before=yesterday",
        "before=2026-02-30",
        "before=2026-11-01&before=2026-11-02",
        "before=2026-11-01T25:00:00Z",
        "after=2026-13-01",
        "after=1",
        "after=20261101",
        "has=poll",
        "has=file&has=",
    ],
)
async def test_a_filter_that_says_nothing_is_refused_in_words(ana: Person, query: str) -> None:
    answer = await ana.get(f"/search?q=heron&{query}")

    assert (answer.status, answer.word) == (400, "bad-request")
    assert query.partition("=")[0] in answer.body["detail"]


async def test_nobody_is_told_who_is_known_here(ana: Person) -> None:
    room = await ana.start_group()
    await ana.say(room, "heron")

    for name in ("nobody@alpha.test", "somebody@beta.test", "https://beta.test/u/x", room):
        query = f"in={'0' * 26}" if name == room else f"from={name}"
        assert (await ask(ana, query)).body == NOTHING
