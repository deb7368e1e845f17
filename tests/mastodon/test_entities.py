"""What is written of each thing: every key, and null where there is nothing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace as changed

from federation.queries.numbered_views import AnsweredView, FaceView
from federation.queries.views import (
    AttachmentView,
    CardView,
    ConversationView,
    MemberView,
    MessageView,
    PersonView,
    PreferencesView,
    ReactionView,
)
from node.mastodon.entities.account import account, acct
from node.mastodon.entities.conversation import conversation
from node.mastodon.entities.media import shown_file
from node.mastodon.entities.names import Names
from node.mastodon.entities.site import Site
from node.mastodon.entities.status import status

AT = datetime(2026, 9, 3, 12, tzinfo=UTC)
SITE = Site("https://alpha.test", "alpha.test", "alpha.test", "Covey", "https://alpha.test/x.png")
AL, BO, TEA = ("https://alpha.test/u/al", "https://beta.test/u/bo", "https://alpha.test/c/1")
FACE = FaceView(
    number=7,
    uri=AL,
    username="al",
    domain="alpha.test",
    name="Al",
    icon="",
    is_local=True,
    is_bot=False,
    is_group=False,
    is_deleted=False,
    known_since=AT,
)
OTHER = replace(
    FACE, number=8, uri=BO, username="bo", domain="xn--bcher-kva.example", is_local=False
)
GROUP = replace(FACE, number=9, uri=TEA, username="c-1", is_group=True)
MESSAGE = MessageView(
    id="m1",
    uri="https://beta.test/n/1",
    conversation_id="c1",
    author=PersonView("bo@beta.test", BO, "Bo"),
    media_type="text/html",
    text="hello",
    html="<p>hello</p>",
    placed_at=AT,
    edited_at=None,
    deleted_at=None,
    reply_to="",
    addressed_to=(AL,),
    provenance="verified",
    delivery=(),
)
NAMES = Names(
    viewer=AL,
    faces={AL: FACE, BO: OTHER, TEA: GROUP},
    statuses={"m1": 11, "m0": 10},
    conversations={"c1": 12},
    answered={"m1": AnsweredView("m0", AL)},
)
STATUS_KEYS = {
    *("id", "created_at", "in_reply_to_id", "in_reply_to_account_id", "sensitive"),
    *("spoiler_text", "visibility", "language", "uri", "url", "replies_count", "reblogs_count"),
    *("favourites_count", "edited_at", "content", "reblog", "application", "account"),
    *("media_attachments", "mentions", "tags", "emojis", "card", "poll", "favourited"),
    *("reblogged", "muted", "bookmarked", "pinned", "filtered"),
}
ACCOUNT_KEYS = {
    *("id", "username", "acct", "display_name", "note", "url", "uri", "avatar", "avatar_static"),
    *("header", "header_static", "locked", "bot", "group", "discoverable", "noindex", "indexable"),
    *("hide_collections", "created_at", "last_status_at", "followers_count", "following_count"),
    *("statuses_count", "emojis", "fields", "roles", "moved"),
}


def test_an_account_has_every_key():
    shown = account(FACE, SITE)

    assert set(shown) == ACCOUNT_KEYS
    assert shown["id"] == "7"
    assert shown["created_at"] == "2026-09-03T12:00:00.000Z"
    assert shown["avatar"] == "https://alpha.test/x.png"
    assert account(replace(FACE, is_deleted=True), SITE)["suspended"] is True


def test_a_handle_has_a_domain_where_it_is_another_one():
    assert [acct(each) for each in (FACE, OTHER)] == ["al", "bo@bücher.example"]


def test_a_status_has_every_key():
    shown = status(MESSAGE, NAMES, SITE)

    assert set(shown) == STATUS_KEYS
    assert (shown["id"], shown["in_reply_to_id"], shown["in_reply_to_account_id"]) == (
        "11",
        "10",
        "7",
    )
    assert shown["visibility"] == "direct"
    assert shown["content"] == "<p>hello</p>"
    assert shown["account"]["id"] == "8"
    assert shown["mentions"] == [
        {"id": "7", "username": "al", "url": AL, "acct": "al"},
    ]
    assert shown["application"] is None
    assert [shown[key] for key in ("edited_at", "reblog", "card", "poll", "language")] == [None] * 5


@pytest.mark.parametrize(
    ("html", "text", "content"),
    [
        ("<p>x</p>", "x", "<p>x</p>"),
        (None, "a < b", "<p>a &lt; b</p>"),
        (None, None, ""),
    ],
)
def test_content_is_safe_and_never_null(html: str | None, text: str | None, content: str):
    shown = status(changed(MESSAGE, html=html, text=text), NAMES, SITE)

    assert shown["content"] == content


def test_reactions_are_favourites():
    view = changed(
        MESSAGE,
        reactions=(ReactionView("❤", 2, is_mine=True), ReactionView("🦅", 3, is_mine=False)),
    )
    other = changed(MESSAGE, reactions=(ReactionView("🦅", 1, is_mine=True),))

    assert (
        status(view, NAMES, SITE)["favourites_count"],
        status(view, NAMES, SITE)["favourited"],
    ) == (5, True)
    assert status(other, NAMES, SITE)["favourited"] is False


def test_a_card_has_every_key_a_client_reads():
    view = changed(MESSAGE, card=CardView("https://x.test/", "X", "about"))

    assert status(view, NAMES, SITE)["card"]["type"] == "link"
    assert status(view, NAMES, SITE)["card"]["html"] == ""


@pytest.mark.parametrize(
    ("media_type", "url", "kind"),
    [
        ("image/webp", "https://alpha.test/1", "image"),
        ("video/mp4", "https://alpha.test/1", "video"),
        ("audio/ogg", "https://alpha.test/1", "audio"),
        ("application/pdf", "https://alpha.test/1", "unknown"),
        ("image/webp", "", "unknown"),
    ],
)
def test_what_kind_a_file_is(media_type: str, url: str, kind: str):
    view = AttachmentView(media_type, "", 4, 2, "", None, url, "", "")

    shown = shown_file(view, 11, 0)

    assert (shown["id"], shown["type"], shown["url"]) == ("110", kind, url or None)
    assert shown["meta"]["original"] == {"width": 4, "height": 2, "size": "4x2", "aspect": 2.0}
    assert shown["description"] is None


def room(kind: str, uri: str) -> ConversationView:
    members = tuple(
        MemberView(PersonView("x", person, ""), "member", state, aware=True)
        for person, state in ((AL, "joined"), (BO, "joined"), ("https://gone.test/u/x", "left"))
    )
    return ConversationView(
        "c1", uri, kind, "Tea" if uri else "", 1, "member", "joined", 0, members, None, MESSAGE, {}
    )


def test_a_group_stands_before_its_members():
    shown = conversation(room("group", TEA), NAMES, SITE)

    assert (shown["id"], shown["unread"]) == ("12", False)
    assert [each["id"] for each in shown["accounts"]] == ["9", "8"]
    assert shown["accounts"][0]["display_name"] == "Tea"
    assert shown["last_status"]["id"] == "11"


def test_what_is_unread_is_so_by_its_messages_or_by_hand():
    one = room("direct", "")

    marked = replace(one, preferences=PreferencesView(is_unread=True))

    assert [
        conversation(each, NAMES, SITE)["unread"] for each in (one, replace(one, unread=1), marked)
    ] == [False, True, True]
    assert [each["id"] for each in conversation(one, NAMES, SITE)["accounts"]] == ["8"]
