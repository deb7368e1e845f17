"""What docs/admin/other-systems.md writes as rules does what those policies do elsewhere."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from federation.policy.enforced import not_enforced
from federation.policy.facts import Direction, Value, Window
from federation.policy.rule import Action, Effect
from tests.support.rules import decide, policy

PAGE = Path(__file__).parents[3] / "docs" / "admin" / "other-systems.md"
BLOCK = re.compile(r"^### (.+?)\n(?:(?!^#).)*?^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WRITTEN = dict(BLOCK.findall(PAGE.read_text()))
STRANGER: dict[str, Value] = {"relation": "stranger", "type": "Create"}
NEW: dict[str, Value] = {**STRANGER, "actor_first_seen": timedelta(hours=3)}
REMOVED, HIDDEN = (
    frozenset({Effect.STRIP_MEDIA}),
    frozenset({Effect.STRIP_MEDIA, Effect.NO_PREVIEW}),
)
NO_EFFECT = frozenset[Effect]()
ALIKE = Window(timedelta(hours=24), 10)


def of(domain: str, name: str = "ana", **more: Value) -> dict[str, Value]:
    actor = (f"https://{domain}/users/{name}", f"@{name}@{domain}")
    return {"domain": domain, "actor": actor, **more}


def text(said: str, **more: Value) -> dict[str, Value]:
    return of("any.example", text=said, **more)


# What it is about, what becomes of that, what is shown of it, and what it is not about.
Case = tuple[dict[str, Value], Action, frozenset[Effect], dict[str, Value]]
OTHER = of("good.example", type="Create", relation="stranger")
REJECTED, DROPPED = (Action.REJECT, NO_EFFECT), (Action.DROP, NO_EFFECT)
HELD, ASKED = (Action.HOLD, NO_EFFECT), (Action.REQUEST, NO_EFFECT)
FLAG = of("floods.example", type="Flag")
CASES: dict[str, Case] = {
    "Suspend": (of("sub.bad.example"), *REJECTED, OTHER),
    "Limit": (of("rude.example", **STRANGER), Action.REQUEST, HIDDEN, OTHER),
    "Reject media": (of("pictures.example"), Action.ACCEPT, HIDDEN, OTHER),
    "Reject reports": (FLAG, *DROPPED, of("floods.example", type="Create")),
    "Limited federation mode": (OTHER, *REJECTED, of("friends.example")),
    "IP rules": (
        {"cidr": "192.0.2.7", "path": "/sign-in"},
        *REJECTED,
        {"cidr": "192.0.2.7", "path": "/"},
    ),
    "SimplePolicy: reject": (of("a.worse.example"), *REJECTED, of("worse.example")),
    "SimplePolicy: accept": (OTHER, *REJECTED, of("friends.example")),
    "SimplePolicy: media, avatar, banner and background removal": (
        of("pictures.example"),
        Action.ACCEPT,
        REMOVED,
        OTHER,
    ),
    "SimplePolicy: report removal": (FLAG, *DROPPED, of("good.example", type="Flag")),
    "DropPolicy": (OTHER, *DROPPED, of("good.example", type="Delete")),
    "TagPolicy": (
        of("bad.example", "rude", **STRANGER),
        Action.REQUEST,
        REMOVED,
        of("bad.example", **STRANGER),
    ),
    "SubchainPolicy": (
        of("pictures.example", attachments=1),
        *HELD,
        of("good.example", attachments=1),
    ),
    "UserAllowListPolicy": (of("school.example"), *REJECTED, of("school.example", "teacher")),
    "VocabularyPolicy": (
        of("a.example", object_type="Question"),
        *DROPPED,
        of("a.example", object_type="Note"),
    ),
    "RejectNonPublic": (
        of("public.example", type="Create"),
        *REJECTED,
        of("public.example", type="Follow"),
    ),
    "HellthreadPolicy": (
        of("a.example", recipients=1, mentions=21),
        *HELD,
        of("a.example", recipients=20, mentions=20),
    ),
    "KeywordPolicy": (
        text("the CASINO with a bonus"),
        *DROPPED,
        text("a casino and, much, much later, a bonus"),
    ),
    "HashtagPolicy": (text("", hashtag=("spam",)), *HELD, text("", hashtag=("ham",))),
    "EmojiPolicy": (text("", emoji=(":rude_cat:",)), *DROPPED, text("", emoji=(":cat:",))),
    "MentionPolicy": (of("floods.example", mentions=1), *DROPPED, of("floods.example", mentions=0)),
    "ObjectAgePolicy": (
        of("a.example", object_age=timedelta(days=8)),
        *DROPPED,
        of("a.example", object_age=timedelta(days=6)),
    ),
    "AntiLinkSpamPolicy": (of("a.example", links=1, **NEW), *HELD, of("a.example", links=0, **NEW)),
    "AntiMentionSpamPolicy, RejectNewlyCreatedAccountNotesPolicy": (
        of("a.example", **NEW),
        *HELD,
        of("a.example", **(NEW | {"actor_first_seen": timedelta(days=2)})),
    ),
    "AntiDuplicationPolicy": (
        of("a.example", similar={ALIKE: 8}, **STRANGER),
        *HELD,
        of("a.example", similar={ALIKE: 7}, **STRANGER),
    ),
    "AntiFollowbotPolicy": (
        of("a.example", type="Follow", bot=True),
        *REJECTED,
        of("a.example", type="Follow", bot=False),
    ),
    "DNSRBLPolicy": ({"cidr": "2001:db8::7"}, *REJECTED, {"cidr": "203.0.113.1"}),
    "Domain block": (of("bad.example"), *REJECTED, OTHER),
    "Allowlist mode": (OTHER, *REJECTED, of("friends.example")),
    "HTTP header filter": (
        {"header.user-agent": ("A Scraper/1",)},
        *REJECTED,
        {"header.user-agent": ("Mastodon/4",)},
    ),
    "Blocked instances": (of("sub.bad.example"), *REJECTED, OTHER),
    "Silenced instances": (
        of("rude.example", **STRANGER),
        *ASKED,
        of("rude.example", relation="contact"),
    ),
    "Media-silenced instances": (of("pictures.example"), Action.ACCEPT, REMOVED, OTHER),
    "Prohibited words": (text("a casino here"), *REJECTED, text("casinos there")),
}
BOTH_WAYS = {"Suspend", "Domain block", "Blocked instances"}


def test_every_policy_on_the_page_is_tried() -> None:
    headings = re.findall(r"^### (.+)$", PAGE.read_text(), re.MULTILINE)

    assert list(WRITTEN) == headings == list(CASES)


@pytest.mark.parametrize("name", CASES)
def test_what_is_written_is_enforced_and_does_what_the_policy_did(name: str) -> None:
    about, action, shown, other = CASES[name]

    assert not_enforced(policy(WRITTEN[name])) == ()
    decision = decide(WRITTEN[name], about)
    assert (decision.action, decision.show) == (action, shown)
    beside = decide(WRITTEN[name], other)
    assert (beside.action, beside.show) == (Action.ACCEPT, NO_EFFECT)
    out = decide(WRITTEN[name], about, direction=Direction.OUT)
    assert (out.action is Action.REJECT) == (name in BOTH_WAYS or "allowlist" in WRITTEN[name])
