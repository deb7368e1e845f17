"""People say who they are; others see it, and how they stand to them, and change nothing there."""

import pytest

from storage.database import insert_many
from tests.support.api_node import ApiNode, Person

DANA = "https://gts.test/u/dana"
ACTOR = (*("uri", "host", "local", "kind", "username", "domain", "name", "document", "created_at"),)
SAID = """{"id": "https://gts.test/u/dana", "type": "Person",
  "summary": "<p>Hi <script>x</script><a href='https://dana.example'>me</a></p>",
  "attachment": [{"type": "PropertyValue", "name": "Page", "value": "<b>here</b>"},
    {"type": "PropertyValue", "name": 7, "value": "no"}, "odd", {"type": "Image"}]}"""


async def test_what_one_says_of_oneself_is_shown_to_others(ana: Person, bo: Person) -> None:
    fields = [{"name": "Page", "value": "https://ana.example/"}]

    changed = await ana.call(
        "PATCH", "/me", {"name": " Ana  B. ", "bio": "I *read*.", "fields": fields}
    )

    assert changed.status == 200
    assert (changed.body["name"], changed.body["bio"]) == ("Ana B.", "I *read*.")
    assert changed.body["fields"] == fields
    seen = (await bo.get(f"/people/{ana.acct}")).body
    assert (seen["name"], seen["bio"]) == ("Ana B.", "<p>I <em>read</em>.</p>")
    ((label, value),) = [(each["name"], each["value"]) for each in seen["fields"]]
    assert label == "Page"
    assert 'href="https://ana.example/"' in value
    assert (seen["host"], seen["software"], seen["aware"]) == ("alpha.test", "covey", True)


async def test_what_is_not_named_stays(ana: Person) -> None:
    await ana.call("PATCH", "/me", {"name": "Ana", "bio": "Reads.", "theme": "dark"})

    await ana.call("PATCH", "/me", {"bio": ""})

    me = (await ana.get("/me")).body
    assert (me["name"], me["bio"], me["theme"], me["language"]) == ("Ana", "", "dark", None)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x" * 61},
        {"name": 7},
        {"bio": "x" * 501},
        {"bio": None},
        {"fields": "none"},
        {"fields": [{"name": "x"}]},
        {"fields": [{"name": "x", "value": "y"}] * 5},
        {"fields": [{"name": "x", "value": "y" * 201}]},
        {"theme": "plaid"},
        {"language": "tlh"},
        {"text_size": 12},
    ],
)
async def test_what_cannot_be_said_changes_nothing(ana: Person, body: dict[str, object]) -> None:
    await ana.call("PATCH", "/me", {"name": "Ana", "bio": "Reads."})
    before = (await ana.get("/me")).body

    answer = await ana.call("PATCH", "/me", {"receipts": True, **body})

    assert answer.status == 422
    assert (await ana.get("/me")).body == before


async def test_a_profile_says_how_one_stands_to_somebody(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo, title="tea")
    await bo.post(f"/conversations/{room}/accept")
    await bo.post("/follows", acct=ana.acct)

    seen = (await ana.get(f"/people/{bo.acct}")).body

    assert (seen["following"], seen["follows_me"], seen["blocked"]) == (None, True, False)
    assert seen["shared"] == [{"id": room, "kind": "group", "title": "tea"}]
    await ana.post("/follows", acct=bo.acct)
    await ana.post("/blocks", acct=bo.acct)
    seen = (await ana.get(f"/people/{bo.acct}")).body
    assert (seen["following"], seen["blocked"]) == ("accepted", True)


async def test_only_conversations_that_both_are_in_are_shared(
    ana: Person, bo: Person, cy: Person
) -> None:
    asked = await ana.start_group(bo, title="asked")
    other = await bo.start_group(cy, title="others")
    await cy.post(f"/conversations/{other}/accept")

    seen = (await ana.get(f"/people/{bo.acct}")).body

    assert asked
    assert seen["shared"] == []


async def test_markup_from_elsewhere_is_made_safe(node: ApiNode, ana: Person) -> None:
    row = (DANA, "gts.test", False, "person", "dana", "gts.test", "Dana", SAID, 0)
    await insert_many("actor", ACTOR, [row])

    seen = (await ana.get("/people/dana@gts.test")).body

    assert "script" not in seen["bio"]
    assert 'href="https://dana.example"' in seen["bio"]
    assert [each["name"] for each in seen["fields"]] == ["Page"]
    assert (seen["host"], seen["software"], seen["aware"]) == ("gts.test", None, False)


@pytest.mark.parametrize("acct", ["nobody@alpha.test", "nobody", "x@nowhere.test"])
async def test_nobody_is_not_found(ana: Person, acct: str) -> None:
    assert (await ana.get(f"/people/{acct}")).status == 404


async def test_followers_are_listed_with_who_is_followed_back(
    ana: Person, bo: Person, cy: Person
) -> None:
    await bo.post("/follows", acct=ana.acct)
    await cy.post("/follows", acct=ana.acct)
    await ana.post("/follows", acct=bo.acct)

    first = await ana.get("/followers", limit="1")
    whole = (await ana.get("/followers")).items
    (followed,) = (await ana.get("/follows")).items

    assert [one["acct"] for one in first.items] == [cy.acct]
    assert [(one["acct"], one["mutual"]) for one in whole] == [(cy.acct, False), (bo.acct, True)]
    assert followed["mutual"] is True
    assert (await bo.get("/followers")).items[0]["acct"] == ana.acct
