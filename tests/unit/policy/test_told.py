"""What an activity tells of itself, and what somebody adds by hand."""

from datetime import timedelta
from typing import Any

import pytest

from federation.policy.explain import explain, if_enforced, in_words
from federation.policy.expressions import Wrong
from federation.policy.facts import Facts, Value, Window
from federation.policy.order import arrange
from federation.policy.told import facts_of, is_encrypted, read_fact
from federation.protocol.parse import parse_activity
from tests.support.rules import NOW, policy, rule

ANA = "https://a.example/u/ana"
NOTE: dict[str, Any] = {
    "id": "https://a.example/n/1",
    "type": "Note",
    "attributedTo": ANA,
    "published": "2026-12-01T11:00:00Z",
    "content": (
        '<p><a href="https://b.example/@bo">@bo</a> see <a href="https://shop.example/x">this</a>'
        ' and <a href="https://shop.example/y">that</a></p>'
    ),
    "contentMap": {"en": "…"},
    "attachment": [{"type": "Image", "mediaType": "image/png"}, {"type": "Link"}, "x"],
    "tag": [
        {"type": "Mention", "href": "https://b.example/@bo", "name": "@bo@b.example"},
        {"type": "Hashtag", "name": "#tea"},
        {"type": "Emoji", "name": ":cat:"},
        "x",
    ],
}


def create(**changed: object) -> dict[str, Any]:
    return {
        "id": "https://a.example/n/1/create",
        "type": "Create",
        "actor": ANA,
        "to": ["https://own.test/u/al", "https://own.test/u/al"],
        "cc": ["https://b.example/@bo"],
        "object": NOTE | changed,
    }


def test_a_message_tells_what_is_in_it() -> None:
    document = create() | {"instrument": {"id": "https://app.example/"}}

    known = facts_of(parse_activity(document), NOW)

    assert known == {
        "domain": ("a.example",),
        "actor": (ANA,),
        "type": "Create",
        "object_type": "Note",
        "instrument": "https://app.example/",
        "recipients": 2,
        "object_age": timedelta(hours=1),
        "mentions": 1,
        "links": 2,
        "attachments": 2,
        "text": known["text"],
        "text_length": len(str(known["text"])),
        "link_domain": ("shop.example",),
        "media_type": ("image/png",),
        "hashtag": ("tea",),
        "emoji": (":cat:",),
        "language": ("en",),
        "encrypted": False,
        "media_digest": (),
    }
    assert str(known["text"]).startswith("@bo")


def test_what_is_not_there_is_not_known() -> None:
    bare = create(content=3, contentMap=3, tag=[], attachment=[], published="soon")
    follow = {"id": f"{ANA}/f", "type": "Follow", "actor": ANA, "object": "https://own.test/u/al"}

    told = facts_of(parse_activity(bare), NOW)

    assert (told["text"], told["links"], told["link_domain"]) == ("", 0, ())
    assert "language" not in told
    assert "object_age" not in told
    dated = facts_of(parse_activity(follow | {"published": "2026-12-01T10:00:00Z"}), NOW)
    assert (dated["object_age"], "text" in dated) == (timedelta(hours=2), False)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("relation=stranger", ("relation", "stranger")),
        ("domain_first_seen=3h", ("domain_first_seen", timedelta(hours=3))),
        ("bot=true", ("bot", True)),
        ("links=3", ("links", 3)),
        ("header.x=a=b", ("header.x", "a=b")),
        ("domain_first_seen=3", Wrong('domain_first_seen is no length of time like "72h"')),
        ("bot=yes", Wrong("bot is true or false")),
        ("links=-1", Wrong("links is a whole number")),
        ("colour=red", Wrong("colour is no fact that can be told")),
        ("similar=3", Wrong("similar is no fact that can be told")),
    ],
)
def test_a_fact_is_read(written: str, read: object) -> None:
    assert read_fact(written) == read


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("links", None, "not known"),
        ("text", "secret words", "12 characters"),
        ("actor_name", ("ab", "c"), "3 characters"),
        ("object_age", timedelta(days=2), "48 h"),
        ("similar", {Window(timedelta(hours=1), 10): 4}, "4 people"),
        ("similar", {}, "0 people"),
        ("domain", ("a", "b"), "a, b"),
        ("software", "x" * 300, "x" * 200 + "…"),
    ],
)
def test_a_fact_is_shown_but_never_words(key: str, value: Value | None, words: str) -> None:
    assert in_words(key, value) == words


RULES = (
    rule('stage = "domain"\naction = "hold"\nmode = "off"\nwhen.domain = "example"', "off")
    + rule('stage = "domain"\naction = "drop"\ndirection = "out"\nwhen.domain = "example"', "out")
    + rule('stage = "domain"\naction = "hold"\nexpires = 2026-01-01', "over")
    + rule('stage = "domain"\naction = "hold"\nmode = "observe"\nwhen.domain = "example"', "seen")
    + rule('stage = "behaviour"\naction = "hold"\nwhen.any = [{ links = 1 }]', "any")
    + rule('stage = "behaviour"\naction = "hold"\nwhen.mentions = 1', "unknown")
    + rule('stage = "behaviour"\naction = "hold"\nwhen.recipients = ">1"', "failing")
    + rule('stage = "behaviour"\naction = "hold"\nwhen.type = "Flag"', "unmet")
    + rule('stage = "content"\naction = "hold"\nwhen.text = "x"', "secret")
    + rule('stage = "content"\naction = "hold"', "unasked")
)


def test_each_rule_is_explained() -> None:
    known: dict[str, Value] = {
        "domain": "a.example",
        "type": "Create",
        "links": 0,
        "recipients": "x",
        "encrypted": True,
    }
    chain = arrange(policy(RULES))

    told = {
        each.rule.id: (each.outcome, each.reason)
        for each in explain(chain, Facts(NOW, known), [each.stage for each in chain.policy.rules])
    }

    assert told.pop("failing")[0] == "failed"
    assert told == {
        "off": ("not tried", "it is off"),
        "out": ("not tried", "it is for what goes out"),
        "over": ("not tried", "it has expired"),
        "seen": ("matched", ""),
        "any": ("not matched", "when.any is not met"),
        "unknown": ("not matched", "mentions is not known here"),
        "unmet": ("not matched", "when.type is not met"),
        "secret": ("not tried", "the content is encrypted"),
        "unasked": ("not tried", "the content is encrypted"),
    }


def test_it_is_said_what_observing_rules_would_do() -> None:
    facts = Facts(NOW, {"domain": "a.example"})
    rules = rule('stage = "domain"\naction = "hold"\nmode = "observe"\nwhen.domain = "example"')

    for mode, action in (("enforce", "hold"), ("observe", "hold"), ("off", "accept")):
        chain = arrange(policy(f'[policy]\nmode = "{mode}"\n{rules}'))
        assert if_enforced(chain, facts, list(chain.stages)).action == action


DIGEST = "zQm" + "a" * 43


def test_what_has_a_digest_tells_it() -> None:
    document = create()
    file = {"type": "Image", "url": "https://a.example/1.png", "mediaType": "image/png"}
    note = {**document["object"], "attachment": [file | {"digestMultibase": DIGEST}, file]}

    known = facts_of(parse_activity(document | {"object": note}), NOW)

    assert known["media_digest"] == (DIGEST,)


@pytest.mark.parametrize(
    ("thing", "encrypted"),
    [
        ({"type": "Note"}, False),
        ({"type": "Note", "mediaType": "text/plain"}, False),
        ({"type": "Note", "mediaType": 3}, False),
        ({"type": "PrivateMessage"}, True),
        ({"type": "Note", "mediaType": "message/mls"}, True),
    ],
)
def test_what_only_its_readers_can_read(thing: dict[str, Any], *, encrypted: bool) -> None:
    assert is_encrypted(thing) is encrypted
