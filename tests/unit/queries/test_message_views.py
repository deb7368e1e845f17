from typing import Any

from federation.queries.life import Aftermath
from federation.queries.messages import Shelf
from federation.queries.notices import Notices
from federation.queries.travel import NoticeView
from federation.queries.views import DeliveryView
from storage.times import from_ms
from storage.viewing import Viewers

ANA, BO = "https://alpha.test/u/ana", "https://alpha.test/u/bo"
DELIVERY = DeliveryView("beta.test", "waiting", ("cy@beta.test",), "", from_ms(5))


def row(**changed: object) -> dict[str, Any]:
    return {
        "id": "01M",
        "uri": f"{ANA}/n/01M",
        "conversation_id": "01C",
        "author_uri": ANA,
        "t": 1000,
        "media_type": "text/html",
        "html": "<p>hi</p>",
        "text": "hi",
        "provenance": "verified",
        "late": False,
        "notices": "",
        "home_host": "",
        "addressed_to": f'["{BO}"]',
        "edited_at": None,
        "deleted_at": None,
        "removed_at": None,
        "reply_to": "",
        "username": "ana",
        "domain": "alpha.test",
        "name": "Ana",
        "icon": f"{ANA}/icon.png",
        "actor_state": "active",
    } | changed


def shelf(**changed: object) -> Shelf:
    return Shelf({"01M": row(**changed)}, {"01M": (DELIVERY,)})


def accepted_by(person: str) -> Shelf:
    viewers = Viewers(accepted=frozenset({(person, "01C")}))
    return Shelf({"01M": row()}, {}, aftermath=Aftermath(viewers=viewers))


def test_only_its_author_sees_what_became_of_a_message() -> None:
    own, other = shelf().view("01M", ANA), shelf().view("01M", BO)

    assert own is not None
    assert other is not None
    assert own.delivery == (DELIVERY,)
    assert other.delivery == ()


def test_a_deleted_message_has_no_body() -> None:
    view = shelf(deleted_at=2000).view("01M", BO)

    assert view is not None
    assert (view.text, view.html, view.deleted_at) == (None, None, from_ms(2000))


def test_an_author_nobody_knows_has_no_handle() -> None:
    view = shelf(username="", domain="", name="").view("01M", BO)

    assert view is not None
    assert (view.author.acct, view.author.uri) == ("", ANA)


def test_what_is_not_on_the_shelf_is_not_shown() -> None:
    assert shelf().view("01N", ANA) is None


def test_whom_a_message_names_is_told_in_its_order() -> None:
    view = shelf(addressed_to=f'["{BO}", "{ANA}"]').view("01M", ANA)

    assert view is not None
    assert view.addressed_to == (BO, ANA)


def test_who_has_not_accepted_gets_the_words_alone() -> None:
    before = shelf().view("01M", BO)
    afterwards = accepted_by(BO).view("01M", BO)

    assert before is not None
    assert afterwards is not None
    assert (before.text, before.html) == ("hi", None)
    assert (afterwards.text, afterwards.html) == ("hi", "<p>hi</p>")


def test_a_message_says_how_it_came() -> None:
    kept = {
        "also": "public",
        "also_to": [BO],
        "only_to": ["https://x.test/u/x"],
        "aside": "01G",
        "unheard": "https://beta.test/c/1",
    }
    told = Notices(
        {"01M": kept},
        {BO: "bo@alpha.test", "https://x.test/u/x": "https://x.test/u/x"},
        {(ANA, "01G"): ("01G", "tea"), (ANA, "https://beta.test/c/1"): ("01H", "jam")},
    )
    relayed = row(provenance="relayed", late=True, home_host="beta.test")

    assert told.views(relayed, ANA) == (
        NoticeView("relayed", host="beta.test"),
        NoticeView("late"),
        NoticeView("public"),
        NoticeView("also-to", people=("bo@alpha.test",)),
        NoticeView("only-to", people=("https://x.test/u/x",)),
        NoticeView("aside", conversation_id="01G", title="tea"),
        NoticeView("unheard-answer", conversation_id="01H", title="jam"),
    )
    assert [one.kind for one in told.views(row(), BO)] == ["public", "also-to", "only-to"]
