"""Every condition has a case in which it holds and one in which it does not."""

from datetime import timedelta

import pytest

from federation.policy.facts import FACTS, HEADER, Stage, Value, Window, find_fact
from federation.policy.rule import Action
from tests.support.rules import decide, rule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAST = Window(timedelta(minutes=10), 10)
ANA = ("https://Bad.example/u/ana", "@ana@bad.example")

# A condition as it is written, the fact, a value that meets it and one that does not.
CASES: list[tuple[str, str, Value, Value]] = [
    ('when.cidr = ["192.0.2.0/24"]', "cidr", "192.0.2.9", "192.0.3.9"),
    ('when.cidr = "192.0.2.0/24"', "cidr", "::ffff:192.0.2.9", "::ffff:192.0.3.9"),
    ('when.cidr = "2001:db8::/32"', "cidr", "2001:db8::1", "2001:db9::1"),
    ('when.cidr_list = "tor"', "cidr", "198.51.100.7", "198.51.101.7"),
    ('when.path = ["/auth/sign_up"]', "path", "/auth/sign_up", "/auth/sign_in"),
    ('when.user_agent = "^curl/"', "user_agent", "curl/8", "Mozilla"),
    ('when.header.X-Thing = "a+"', "header.x-thing", "xaax", "b"),
    ("when.body_size = '>1000'", "body_size", 1001, 1000),
    ('when.domain = "bad.example"', "domain", "bad.example", "worse.example"),
    ('when.domain = ["a.example", "bad.example"]', "domain", "x.y.bad.example", "abad.example"),
    ('when.domain = "BAD.example."', "domain", "Bad.Example.", "example"),
    ('when.domain = "bad.example"', "domain", "bad.example:8443", "bad.example.org:8443"),
    ('when.domain = "bücher.example"', "domain", "xn--bcher-kva.example", "bucher.example"),
    ('when.domain = "*.x.example"', "domain", "a.x.example", "x.example"),
    ('when = { domain = "x.example", exact = true }', "domain", "x.example", "a.x.example"),
    ('when.domain_first_seen = "<72h"', "domain_first_seen", 71 * HOUR, 72 * HOUR),
    ('when.software = ["Mastodon"]', "software", "mastodon", "misskey"),
    ('when.software_version = "4.2.0"', "software_version", "4.2.0", "4.2.1"),
    ("when.aware = true", "aware", True, False),
    ('when.label = ["spam"]', "label", ("old", "spam"), ("old",)),
    ("when.federation_known = false", "federation_known", False, True),
    ('when.actor = "@ana@bad.example"', "actor", ANA, ("https://x.example/1", "@ana@x.example")),
    ('when.actor = "https://bad.example/u/ana"', "actor", ANA, ("https://bad.example/u/bo",)),
    ('when.actor = "@an*@*.example"', "actor", ANA, ("@bo@bad.example",)),
    ('when.actor = "@*a@bad*"', "actor", ANA, ("@bo@bad.example",)),
    ('when.actor = "@ana@*bad.example"', "actor", "@ana@bad.example", "@ana@bad.example.org"),
    ("when.actor = '@a*b*c@x.example'", "actor", "@a1b2c@x.example", "@a1c2b@x.example"),
    ("when.actor_name = '(?i)^support$'", "actor_name", ("Bo", "SUPPORT"), ("Bo", "bo")),
    ('when.actor_type = "Service"', "actor_type", "Service", "Person"),
    ('when.actor_first_seen = ">=7d"', "actor_first_seen", 7 * DAY, 6 * DAY),
    ('when.actor_published = "<1d"', "actor_published", HOUR, DAY),
    ("when.has_icon = false", "has_icon", False, True),
    ("when.bot = true", "bot", True, False),
    ('when.instrument = "https://app.example/"', "instrument", "https://app.example/", "x"),
    ('when.type = ["Flag", "Follow"]', "type", "Follow", "Create"),
    ('when.object_type = "Note"', "object_type", "Note", "Question"),
    ('when.relation = "stranger"', "relation", "stranger", "contact"),
    ('when.recipients = ">20"', "recipients", 21, 20),
    ('when.local_recipients = "<=5"', "local_recipients", 5, 6),
    ('when.mentions = ">= 3"', "mentions", 3, 2),
    ("when.group_size = 7", "group_size", 7, 8),
    ('when.object_age = ">30d"', "object_age", 31 * DAY, 30 * DAY),
    ('when.links = "=2"', "links", 2, 1),
    ('when.attachments = ">0"', "attachments", 1, 0),
    ('when.reports = ">3"', "reports", 4, 3),
    (
        'when.similar = { window = "10m", local_recipients = 5 }',
        "similar",
        {FAST: 5},
        {FAST: 4, Window(timedelta(minutes=10), 9): 9},
    ),
    ('when.local_account_age = "<7d"', "local_account_age", 6 * DAY, 7 * DAY),
    ('when.new_contacts = ">10"', "new_contacts", 11, 10),
    ("when.text = '(?i)casino.{0,20}bonus'", "text", "Casino: a big BONUS", "casino"),
    ("when.text = ['a{3}', 'b{3}']", "text", "bbb", "aabb"),
    (r"when.text = '\pL\d'", "text", "é7", "é"),
    ('when.text_length = "<10"', "text_length", 9, 10),
    ('when.language = "de"', "language", ("en", "de"), ("en",)),
    ('when.link_domain = "short.example"', "link_domain", ("www.short.example",), ("a.example",)),
    ('when.media_type = ["image/*"]', "media_type", ("image/png",), ("video/mp4",)),
    ('when.media_digest = "abc"', "media_digest", ("ABC",), ("abd",)),
    ('when.hashtag = ["spam"]', "hashtag", ("Spam",), ("ham",)),
    ('when.emoji = ":x:"', "emoji", (":x:",), (":y:",)),
    ("when.encrypted = false", "encrypted", False, "unknown"),
    ("when.any = [{ links = 1 }, { links = 3 }]", "links", 3, 2),
    ("when.any = [{ links = '>1', mentions = 0 }, { links = 3 }]", "links", 3, 2),
    ("when.all = [{ links = '>1' }, { links = '<4' }]", "links", 2, 4),
    ("when.none = [{ links = 1 }, { links = 3 }]", "links", 2, 3),
    ("when.none = [{ any = [{ links = 1 }, { links = 2 }] }]", "links", 3, 2),
]


@pytest.mark.parametrize(("written", "key", "met", "unmet"), CASES, ids=[c[0] for c in CASES])
def test_a_condition_holds_and_does_not(written: str, key: str, met: Value, unmet: Value) -> None:
    fact = find_fact(key)
    stage = Stage.CONTENT if fact is None else fact.stage
    # Nothing can be held at the stage of the connection.
    action = Action.DROP if stage is Stage.CONNECTION else Action.HOLD
    text = rule(f'stage = "{stage.word}"\naction = "{action}"\n{written}')
    if "tor" in written:
        text += '[[list]]\nid = "tor"\nformat = "cidr"\nfile = "tor.txt"\n'
    entries = {"tor": "# exits\n198.51.100.0/24 # one\n\n"}

    assert decide(text, {key: met}, entries=entries).action is action
    assert decide(text, {key: unmet}, entries=entries).action is Action.ACCEPT
    assert decide(text, {}, entries=entries).action is (
        Action.HOLD if "none" in written else Action.ACCEPT
    )


def test_every_fact_has_a_case() -> None:
    written = " ".join(case[0] for case in CASES)

    assert [key for key in (*FACTS, HEADER) if key not in written] == []


def test_conditions_are_joined_by_and() -> None:
    text = rule('stage = "behaviour"\naction = "hold"\nwhen = { links = 1, mentions = 2 }')

    assert decide(text, {"links": 1, "mentions": 2}).action is Action.HOLD
    assert decide(text, {"links": 1, "mentions": 3}).action is Action.ACCEPT


def test_no_address_is_a_domain() -> None:
    text = rule('stage = "domain"\naction = "hold"\nwhen.domain = "example"')

    hosts = ("192.0.2.1", "192.0.2.1:8443", "[2001:db8::1]", "[2001:db8::1]:8443")
    assert {decide(text, {"domain": host}).action for host in hosts} == {Action.ACCEPT}
