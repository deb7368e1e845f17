"""Every template with what it is told, so that a test can look at all pages in any language."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp.test_utils import make_mocked_request

from federation.queries.lost_contacts import LostView, Why
from federation.queries.policy import LimitedServer
from federation.queries.profiles import SharedView
from federation.queries.views import PersonView
from node.contexts import TEMPLATES
from node.web.device_words import device_words
from node.web.languages import Language, Languages, Words, languages_of, load_languages
from node.web.pages.new_account import WAYS
from node.web.pages.out_of_reach import shown_lost, shown_server
from node.web.rendering import Site, renderer
from node.web.static_files import FOLDER, StaticFiles, with_texts
from storage.doors import Choices
from storage.habits import Habits
from storage.profiles import Profile
from tests.support import admin_pages

AT = datetime(2026, 9, 3, 12, tzinfo=UTC)
MOMENT = {
    "at": AT.isoformat(timespec="minutes"),
    "words": Words("page.settings.moment", {"date": AT.date(), "time": "12:00"}),
}
FORM = {"csrf": "token", "failure": Words("page.too_fast")}
ADDRESS = "otpauth://totp/alpha.test:alice?secret=JBSWY3DPEHPK3PXP"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
SESSION = {"id": "1", "address": "192.0.2.1", "used": MOMENT, "is_current": True}
APP = {"id": "1", "name": "Tusky", "address": "", "since": MOMENT, "used": MOMENT}
BOB = PersonView("alice@alpha.test", "https://alpha.test/u/alice", "Alice")
TOGETHER = (SharedView("1", "direct", ""), SharedView("2", "group", "Tusky"))
SCOPES = ["See your name and your picture"]

TOLD: Mapping[str, Mapping[str, Any]] = {
    **admin_pages.TOLD,
    "blocks.html": {
        "csrf": "token",
        "blocked": [BOB],
        "muted": [],
        "hosts": ["alpha.test"],
        "failure": "",
        "notices": [Words("page.blocks.taken", {"n": 1}), Words("page.blocks.left", {"n": 2})],
    },
    "chat.html": {"csrf": "token"},
    "consent.html": {
        "csrf": "token",
        "account": "alice",
        "app": "Tusky",
        "host": "app.example",
        "place": "app.example",
        "can": SCOPES,
        "warning": "This app can read your private messages.",
        "asked": {"client_id": "1"},
        "again": "/sign-in",
    },
    "error.html": {"title": "This is gone", "words": Words("page.error.again")},
    "join_link.html": {"name": "", "link": "https://alpha.test/c/1/join/secret"},
    "oauth_code.html": {"app": "Tusky", "code": "0123456789"},
    "passkey.html": {
        "csrf": "token",
        "options": "{}",
        "device": device_words(FIREFOX),
        "name_max": 60,
    },
    "person.html": {"name": "Alice", "handle": "alice@alpha.test"},
    "recovery_codes.html": {"codes": ["abcd-efgh", "ijkl-mnop"]},
    "second_factor.html": {**FORM, "address": ADDRESS},
    "settings.html": {
        **FORM,
        "account": "alice",
        "is_staff": True,
        "part": "privacy",
        "notice": Words("page.settings.password_changed"),
        "sessions": [
            {**SESSION, "device": device_words(FIREFOX)},
            {**SESSION, "device": device_words(""), "is_current": False, "address": ""},
        ],
        "apps": [
            {**APP, "can": SCOPES},
            {**APP, "can": SCOPES, "address": "app.example", "used": None},
        ],
        "profile": Profile("Alice", "Tusky", ()),
        "picture": "/media/0/thumbnail.webp",
        "details": [("Tusky", "app.example"), ("", "")],
        "name_max": 60,
        "bio_max": 500,
        "detail_max": 200,
        "habits": Habits(receipts=True, typing=False),
        "doors": Choices(),
        "is_quiet": True,
        "was_quiet": True,
        "quiet_from": "",
        "quiet_to": "",
        "zone": "",
        "zones": [],
        "notified": [
            {"id": 1, "device": Words("page.settings.an_app"), "shows_text": True},
            {"id": 2, "device": Words("page.settings.an_app"), "shows_text": False},
        ],
        "languages": [],
        "password_min": 8,
        "passkeys": [
            {"id": "1", "name": "Tusky", "made": MOMENT, "used": None},
            {"id": "2", "name": "", "made": MOMENT, "used": MOMENT},
        ],
        "may_add_passkey": True,
        "passkey_name_max": 60,
        "has_second_factor": True,
        "codes_left": 8,
        "used_mib": 3,
        "room_mib": 1024,
        "archive_mib": 16,
    },
    "limited_servers.html": {
        "federation": "allowlist",
        "servers": [
            shown_server(LimitedServer("alpha.test", "Tusky", AT)),
            shown_server(LimitedServer("app.example", "", None)),
        ],
        "more": "/settings/limited-servers?after=app.example",
    },
    "lost_contacts.html": {
        "lost": [
            shown_lost(LostView(BOB, "alpha.test", why, reason, AT, TOGETHER))
            for why, reason in zip(Why, ("Tusky", "", "", ""), strict=True)
        ]
        + [shown_lost(LostView(None, "alpha.test", Why.WE_REFUSE, "", AT, TOGETHER[1:]))],
        "more": "",
    },
    "new_account.html": {
        **FORM,
        "name": "alice",
        "action": "/setup/1",
        "way": WAYS[0],
        "password_min": 8,
    },
    "sign_in.html": {**FORM, "name": "alice", "to": "/chat", "takes_people": True},
    "sign_in_code.html": FORM,
    "sign_up.html": {
        **FORM,
        "is_asked": False,
        "name": "alice",
        "reason": "Tusky",
        "needs_approval": True,
        "reason_max": 500,
        "password_min": 8,
    },
    "welcome.html": {"is_awaiting_owner": True},
}

# The pseudo-language goes by a tag for which plural rules and dates are known.
PSEUDO = "eo"
ACCENTED = str.maketrans("aeiouAEIOUcnsy", "àéîõüÀÉÎÕÜçñšý")
LONGER = 0.4


def pseudo_languages() -> Languages:
    """Ours, and one that says everything in brackets, with accents, 40 % longer than English."""
    spoken = load_languages()
    texts = {
        key: _stretched(text)
        if isinstance(text, str)
        else {form: _stretched(each) for form, each in text.items()}
        for key, text in spoken.english.texts.items()
    }
    return languages_of([*spoken.by_tag.values(), Language(PSEUDO, "Pseudo", texts)])


def every_page(tag: str, languages: Languages) -> Iterator[tuple[str, str]]:
    """Each template's name and its page in a language."""
    site = Site("Covey", "alpha.test", "alpha.test")
    render = renderer(site, static_in(languages), languages, packages=TEMPLATES)
    request = make_mocked_request("GET", "/", headers={"Accept-Language": tag})
    for template, told in TOLD.items():
        yield template, render(request, template, **told).text or ""


def static_in(languages: Languages) -> StaticFiles:
    """The static files with the texts of these."""
    return with_texts(FOLDER, languages)


def _stretched(text: str) -> str:
    parts = text.replace("{", "\0{").replace("}", "}\0").split("\0")
    said = "".join(each if each.startswith("{") else each.translate(ACCENTED) for each in parts)
    return f"⟦{said}{'~' * round(len(text) * LONGER)}⟧"
