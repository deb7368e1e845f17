"""What other servers have a policy of their own for is a rule here."""

from datetime import timedelta

import pytest

from federation.policy.facts import Value, Window
from tests.support.rules import decide, rule

DAY = timedelta(days=1)
B = {"type": "Create", "relation": "stranger", "domain": "x.example"}

# Name there, the rule, what it is for, what it does, and what it leaves alone.
REPLACED: list[tuple[str, str, dict[str, Value], str, dict[str, Value]]] = [
    (
        "Drop",
        "stage='domain'\naction='drop'\nwhen.domain='x.example'",
        {},
        "drop",
        {"domain": "y.example"},
    ),
    (
        "Simple: reject",
        "stage='domain'\naction='reject'\nwhen.domain='x.example'",
        {},
        "reject",
        {"domain": "y.example"},
    ),
    (
        "Simple: media_removal",
        "stage='domain'\nshow=['strip_media']\nwhen.domain='x.example'",
        {},
        "strip_media",
        {"domain": "y.example"},
    ),
    (
        "RemoteReport",
        "stage='behaviour'\naction='drop'\nwhen.type='Flag'",
        {"type": "Flag"},
        "drop",
        {},
    ),
    (
        "Tag",
        "stage='actor'\naction='request'\nwhen.actor='@a@x.example'",
        {"actor": ("@a@x.example",)},
        "request",
        {"actor": ("@b@x.example",)},
    ),
    (
        "Subchain",
        "stage='behaviour'\naction='hold'\nwhen.actor='https://x.example/*'\nwhen.links='>0'",
        {"actor": ("https://x.example/a",), "links": 1},
        "hold",
        {"actor": ("https://x.example/a",), "links": 0},
    ),
    (
        "UserAllowList",
        "stage='actor'\naction='reject'\nwhen.domain='x.example'\nwhen.none=[{actor=['@a@x.example']}]",
        {"actor": ("@b@x.example",)},
        "reject",
        {"actor": ("@a@x.example",)},
    ),
    (
        "Vocabulary",
        "stage='behaviour'\naction='drop'\nwhen.none=[{type=['Create','Follow']}]",
        {"type": "Like"},
        "drop",
        {},
    ),
    (
        "Hellthread",
        "stage='behaviour'\naction='drop'\nwhen.any=[{recipients='>20'},{mentions='>10'}]",
        {"mentions": 11},
        "drop",
        {"mentions": 10},
    ),
    (
        "Keyword",
        "stage='content'\naction='reject'\nwhen.text='(?i)casino'",
        {"text": "Casino"},
        "reject",
        {"text": "tea"},
    ),
    (
        "Hashtag",
        "stage='content'\naction='hold'\nwhen.hashtag='ad'",
        {"hashtag": ("Ad",)},
        "hold",
        {"hashtag": ()},
    ),
    (
        "Emoji",
        "stage='content'\naction='hold'\nwhen.emoji=':ad:'",
        {"emoji": (":ad:",)},
        "hold",
        {"emoji": (":b:",)},
    ),
    (
        "Mention",
        "stage='behaviour'\naction='drop'\nwhen.actor='@a@x.example'\nwhen.mentions='>0'",
        {"actor": ("@a@x.example",), "mentions": 1},
        "drop",
        {"actor": ("@a@x.example",), "mentions": 0},
    ),
    (
        "ObjectAge",
        "stage='behaviour'\naction='reject'\nwhen.object_age='>7d'",
        {"object_age": 8 * DAY},
        "reject",
        {"object_age": DAY},
    ),
    (
        "AntiLinkSpam",
        "stage='behaviour'\naction='reject'\nwhen.relation='stranger'\nwhen.links='>0'\nwhen.actor_first_seen='<1d'",
        {"links": 1, "actor_first_seen": DAY / 2},
        "reject",
        {"links": 1, "actor_first_seen": DAY},
    ),
    (
        "AntiMentionSpam",
        "stage='behaviour'\naction='hold'\nwhen.relation='stranger'\nwhen.actor_first_seen='<1d'",
        {"actor_first_seen": DAY / 2},
        "hold",
        {"relation": "acquainted", "actor_first_seen": DAY / 2},
    ),
    (
        "AntiDuplication",
        "stage='behaviour'\naction='hold'\nwhen.similar={window='1h',local_recipients=5}",
        {"similar": {Window(DAY / 24, 10): 5}},
        "hold",
        {"similar": {Window(DAY / 24, 10): 4}},
    ),
    (
        "AntiFollowbot",
        "stage='behaviour'\naction='reject'\nwhen.type='Follow'\nwhen.bot=true",
        {"type": "Follow", "bot": True},
        "reject",
        {"type": "Follow", "bot": False},
    ),
    (
        "DNSRBL",
        "stage='connection'\naction='reject'\nwhen.cidr_list='bad'",
        {"cidr": "192.0.2.1"},
        "reject",
        {"cidr": "198.51.100.1"},
    ),
    (
        "RejectNonPublic",
        "stage='behaviour'\naction='reject'\nwhen.type='Create'\nwhen.domain='x.example'",
        {},
        "reject",
        {"type": "Update"},
    ),
]
LIST = "[[list]]\nid = 'bad'\nformat = 'cidr'\nfile = 'bad.txt'\n"


@pytest.mark.parametrize(
    ("name", "lines", "known", "does", "spared"), REPLACED, ids=[row[0] for row in REPLACED]
)
def test_a_policy_of_another_server_is_a_rule(
    name: str, lines: str, known: dict[str, Value], does: str, spared: dict[str, Value]
) -> None:
    text, entries = rule(lines) + LIST, {"bad": "192.0.2.0/24"}

    for_it = decide(text, B | known, entries=entries)
    for_others = decide(text, B | spared, entries=entries)

    assert does in {for_it.action, *for_it.show}
    assert for_others.action == "accept"
    assert not for_others.show


def test_accepting_only_some_domains_is_the_allowlist() -> None:
    text = "[policy]\nfederation = 'allowlist'\n" + rule(
        "stage='domain'\naction='accept'\nwhen.domain='x.example'"
    )

    assert decide(text, B).action == "accept"
    assert decide(text, B | {"domain": "y.example"}).action == "reject"
    assert decide("", B).action == "accept"
