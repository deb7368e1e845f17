"""The templates of the administration with what they are told, as in every_page.py."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from federation.commands.parting import Parting, Partings
from federation.commands.rule_change import Changed
from federation.policy.explain import Explained
from federation.policy.facts import Stage
from federation.policy.lists.entry import Entry
from federation.policy.lists.subscribed import Difference, Subscription
from federation.policy.rule import Action, Effect, Mode, Policy, Rule
from federation.policy.shields import Raised
from federation.queries.accounts import AccountView
from federation.queries.audit import DeedLine, DeedView
from federation.queries.decided import DecidedView
from federation.queries.held import HeldView
from federation.queries.lists import ListView
from federation.queries.media_use import MediaUse, MediaUser
from federation.queries.overview import Overview
from federation.queries.peers import PeerRow, ServerView
from federation.queries.policy import BlockedDomain
from federation.queries.reports import ReportView, ShownMessage
from federation.queries.rules_in_force import RuleLine
from federation.queries.views import PersonView
from node.admin.audit import KINDS
from node.web.languages import Words
from storage.accounts import Account
from storage.deliveries import QueuedRow
from storage.inbox_aside import SetAside
from storage.owed_hosts import OwedHost
from storage.peer_lists import ListedPeer
from storage.policy_lists import ListRow
from storage.sign_up_links import SignUpLink
from storage.sign_ups import SignUp

AT = datetime(2026, 9, 3, 12, tzinfo=UTC)
ALICE = Account("alice", "https://alpha.test/u/alice", "Alice", "admin", "suspended", AT)
PERSON = PersonView("alice@alpha.test", "https://alpha.test/u/alice", "Alice")
DEEDS = (
    DeedLine(AT, "alice@alpha.test", "web", "account.role", "member admin"),
    DeedLine(AT, "", "cli", "account.suspended", "Tusky"),
    DeedLine(AT, "", "system", "account.added", "owner"),
)
REPORT = ReportView(
    id="1",
    reporter=PERSON,
    accused=PERSON,
    is_local=True,
    is_forwarded=False,
    comment="Tusky",
    messages=(
        ShownMessage("https://alpha.test/m/1", "Tusky", AT),
        ShownMessage("https://alpha.test/m/2", None, None),
    ),
    created_at=AT,
    closed_at=None,
    closed_by=None,
)
PEER = ListedPeer(
    *("alpha.test", "failing", 3, AT, AT, AT, AT, "it does not accept connections", ""), "Tusky"
)
OWED = OwedHost("alpha.test", 2, 1, AT, AT, "")
QUEUED = QueuedRow("1", "x", "alpha.test", "x", "parked", 3, 0, "", AT, AT, None)
ASIDE = SetAside("1", "https://alpha.test/u/alice", "x", 5, "", "", AT)


HELD = HeldView(
    *("1", "https://alpha.test/u/alice", "alice", "alpha.test", "Tusky", "Create"),
    *({"links": 1}, AT, AT),
)
WISH = Subscription("alpha.test", "plain", "https://alpha.test/list")
LIST = ListRow(
    *("alpha.test", "", 5, 3, 2, "Tusky", 3, "Tusky", 1),
    *(AT, AT, AT, AT),
)
ENTRY = Entry("alpha.test", Action.REJECT, public_reason="Tusky", drops_reports=True)
SHOWN = Entry("alpha.test", show=frozenset({Effect.STRIP_MEDIA}))
RULE = Rule(
    "Tusky",
    Stage.DOMAIN,
    action=Action.REJECT,
    mode=Mode.OBSERVE,
    show=frozenset({Effect.NO_PREVIEW}),
    public_reason="Tusky",
    owner="alpha.test",
    expires=AT,
    review=AT,
)
PARTED = Partings((Parting("1", "alice"),), (Parting("2", "alice"), Parting("3", "alice")))
PREVIEWED = {
    "preview": Changed(("Tusky",), PARTED, 3, Policy()),
    "warned": ["Tusky"],
    "mark": "Tusky",
    "names": ("alpha.test",),
}


def framed(part: str, **values: object) -> Mapping[str, Any]:
    """What every one of them is told, and this."""
    frame: Mapping[str, Any] = {
        "csrf": "token",
        "account": "alice",
        "is_operator": True,
        "part": part,
        "failure": "",
        "notice": "",
    }
    return {**frame, **values}


TOLD: Mapping[str, Mapping[str, Any]] = {
    "admin_account.html": framed(
        "accounts",
        notice=Words("page.admin.account.suspended_now"),
        view=AccountView(ALICE, 1, passkeys=2, has_second_factor=True, files_bytes=1, deeds=DEEDS),
        files=1,
        reason_max=500,
        is_oneself=False,
        may_act=True,
        roles=("member", "moderator", "admin", "owner"),
    ),
    "admin_accounts.html": framed(
        "accounts",
        found=[ALICE],
        text_asked="alice",
        state="active",
        role_asked="",
        roles=("member", "moderator", "admin", "owner"),
        states=("active", "suspended", "deleted"),
        beginning="/",
        following="/",
    ),
    "admin_sign_ups.html": framed(
        "sign_ups", found=[SignUp("alice", "", "Tusky", "waiting", "", AT)], word_max=500
    ),
    "admin_invites.html": framed(
        "invites",
        made="https://alpha.test/sign-up/secret",
        links=[SignUpLink("1", 5, 3, AT, AT)],
        uses_max=1000,
        days_max=90,
        beginning="",
        following="",
    ),
    "admin_report.html": framed(
        "reports",
        view=REPORT,
        texts=REPORT.messages,
        attached=2,
        deeds_done=DEEDS,
        accused_name="alice",
        accused_host="alpha.test",
    ),
    "admin_reports.html": framed("reports", found=[REPORT], state="", beginning="", following=""),
    "admin_audit.html": framed(
        "audit",
        found=[
            (
                DeedView(
                    2, AT, "", "cli", "queue.retried", "alpha.test", "1 2", "", is_intact=False
                ),
                "",
            ),
            (
                DeedView(1, AT, "x", "web", "invite.created", "Tusky", "5", "", is_intact=True),
                "alice",
            ),
        ],
        kinds=KINDS,
        act_asked="",
        who_asked="alice",
        is_broken=True,
        beginning="/",
        following="/",
    ),
    "admin_media.html": framed(
        "media",
        users=[(MediaUser("alice", 2, 3), 1)],
        use=MediaUse(1, 1, 1, 1, 1, 1),
        own=1,
        remote=1,
        room=1,
        unsent=1,
        beginning="",
        following="",
    ),
    "admin_peer.html": framed(
        "peers",
        view=ServerView(
            host="alpha.test",
            health=PEER,
            owed=OWED,
            first_seen_at=AT,
            kept_out="",
            block=None,
            logs=(("https://alpha.test/u/alice/log/1", "gap"),),
            deeds=DEEDS,
        ),
        domain="alpha.test",
        counted={"removed": 1, "groups_here": 1, "leaving": 2, "groups_there": 2, "waiting": 3},
        reason_max=500,
        private_max=1000,
    ),
    "admin_peers.html": framed(
        "peers",
        found=[PeerRow(PEER, OWED)],
        blocked=[BlockedDomain("alpha.test", "Tusky", AT)],
        text_asked="alpha.test",
        state="failing",
        unknown="",
        beginning="",
        following="",
    ),
    "admin_queue.html": framed(
        "queue",
        host="",
        rows=[QUEUED],
        waiting=1,
        parked=1,
        oldest_at=AT,
        hosts=[OWED],
        set_aside=[ASIDE],
        is_due=lambda at: at is None,
        beginning="",
        following="",
    ),
    "admin_held.html": framed(
        "held",
        found=[HELD, replace(HELD, rule="", person="")],
        hosts=["alpha.test"],
        number=2,
        beginning="/",
        following="/",
    ),
    "admin_lists.html": framed(
        "lists",
        found=[
            ListView(WISH, LIST),
            ListView(None, LIST),
            ListView(WISH, ListRow("alpha.test")),
        ],
    ),
    "admin_list.html": framed(
        "lists",
        view=ListView(WISH, LIST),
        waits=Difference((ENTRY,), ((ENTRY, SHOWN),), (SHOWN,), (replace(ENTRY, unclear="Tusky"),)),
        shown=1,
        parted=PARTED,
        waiting=3,
        deeds_done=DEEDS,
    ),
    "admin_policy.html": framed(
        "policy",
        policy=Policy(),
        found=[
            RuleLine(RULE, source, ("alpha.test",) * 5, is_over)
            for source, is_over in (("file", True), ("database", False), ("list", False))
        ]
        + [RuleLine(RULE, "block", ("alpha.test",), is_over=False)],
        text_asked="alpha.test",
        kind="list",
        beginning="/",
        following="/",
    ),
    "admin_rule_new.html": framed(
        "policy",
        stages=("domain",),
        actions=("reject",),
        modes=("enforce",),
        reason_max=500,
        fields={"id": "alpha.test", "action": "reject", "category": "Tusky"},
        **PREVIEWED,
    ),
    "admin_rule.html": framed(
        "policy",
        name="alpha.test",
        reason_max=500,
        fields={"text": "Tusky"},
        deeds_done=DEEDS,
        **PREVIEWED | {"names": ()},
    ),
    "admin_explain.html": framed(
        "policy",
        fields={"about": "alpha.test"},
        recorded="https://alpha.test/m/1",
        decided=[
            DecidedView(
                *(AT, "hold", "alice", "behaviour", "Tusky", "Tusky"),
                [["Tusky", "matched", "enforce"]],
                {"links": 1},
            )
        ],
        judged={
            "result": "Tusky",
            "would": "Tusky",
            "facts": [("links", "1")],
            "tried": [Explained(RULE, "alpha.test", "matched", "Tusky", {"links": "1"})],
        },
        text_max=200,
    ),
    "admin_overview.html": framed(
        "overview",
        held=1,
        asking=1,
        worrying=1,
        seen=Overview(1, 2, 3, AT, 1, 1, 2, 3, 1, 4, 1, 1, 1, 1),
        shields=Raised(AT, AT),
        is_restored=True,
        is_disk_low=True,
        disk_free=1,
        disk=2,
        database=1,
        media=1,
        media_elsewhere=1,
    ),
}
