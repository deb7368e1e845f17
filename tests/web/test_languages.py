"""English and German are complete, everything that is said is in them, and people choose."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from federation.commands import (
    appoint,
    block_domain,
    end_account,
    keep_out,
    profile,
    register_account,
    report,
    sign_ups,
)
from federation.groups.software import SENTENCES
from federation.outbound.outcome import Fault, HostTrouble, Reason
from federation.policy import domains
from federation.policy.domains import NOT_DELIVERED, NOT_DELIVERED_BECAUSE
from federation.protocol.verdict import Refused
from federation.queries.messages import TAKEN_BACK
from node.admin import staff
from node.http.problem import WORDS
from node.identity import appearance
from node.identity.passwords import LENGTH_MAX, judge_password
from node.identity.scope_words import READS_MESSAGES, words_for
from node.identity.scopes import SCOPES
from node.oauth import authorize, question
from node.web.forms import FOREIGN
from node.web.languages import FOLDER, SAID, is_for_browsers, load_languages
from node.web.pages.new_account import SPENT
from node.web.pages.sign_up import CLOSED
from storage.delivery_upkeep import EXPIRED
from tests.support.every_page import PSEUDO, TOLD, every_page, pseudo_languages
from tests.support.page_browser import PASSWORD, Browser

WEB = FOLDER.parent
# Whose pages say what is in the catalogues.
SPEAKING = (WEB, WEB.parent / "admin")
LANGUAGES = load_languages()
ENGLISH = LANGUAGES.english.texts
KEY = re.compile(r"[\"'`]([a-z_]+(?:\.[a-z_]+)+)[\"'`]")
ASKED = re.compile(r"(?:text|[Ww]ords)\(\s*\"([a-z_.]+)\"")
# What keys begin with that the modules put together from the API's words.
BUILT = (
    *("delivery.", "details.delivery.", "details.state.", "details.role."),
    *("change.", "emoji.", "files.problem.", "filter.", "group.invite.", "group.history."),
    *("members.", "menu.", "new.", "people.", "row.", "told."),
)
# What is read in a page by a person or a screen reader.
READ_ATTRIBUTES = frozenset({"aria-label", "title", "alt", "placeholder"})
NAMES = re.compile(
    r"Covey|alpha\.test|@?alice(@alpha\.test)?|Alice|Tusky|app\.example|192\.0\.2\.1"
)


def catalogue(tag: str) -> Catalog:
    with (FOLDER / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag, abort_invalid=True)


def sources(*suffixes: str) -> Iterator[str]:
    for path in sorted(each for folder in SPEAKING for each in folder.rglob("*")):
        if path.suffix in suffixes:
            yield path.read_text()


def places(text: object) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", str(text)))


def test_every_language_can_be_chosen():
    assert set(appearance.LANGUAGES) == set(LANGUAGES.by_tag)


@pytest.mark.parametrize("tag", LANGUAGES.by_tag)
def test_a_catalogue_says_everything_that_english_says(tag: str):
    catalog, texts = catalogue(tag), LANGUAGES.by_tag[tag].texts

    assert set(texts) == set(ENGLISH)
    assert [key for key, text in texts.items() if not text] == []
    assert [
        key for key in texts if isinstance(texts[key], str) != isinstance(ENGLISH[key], str)
    ] == []
    assert [each.id for each in catalog if each.fuzzy and each.id] == []
    assert list(catalog.obsolete) == []


@pytest.mark.parametrize("tag", LANGUAGES.by_tag)
def test_a_catalogue_counts_as_its_language_does(tag: str):
    catalog, usual = catalogue(tag), Catalog(locale=tag)

    assert (catalog.num_plurals, catalog.plural_expr) == (usual.num_plurals, usual.plural_expr)


@pytest.mark.parametrize("tag", LANGUAGES.by_tag)
def test_a_message_and_a_person_are_removed_by_two_names(tag: str):
    texts = LANGUAGES.by_tag[tag].texts

    assert texts["menu.remove"] != texts["members.remove"]


@pytest.mark.parametrize("tag", LANGUAGES.by_tag)
def test_a_text_has_the_places_that_english_has(tag: str):
    texts = LANGUAGES.by_tag[tag].texts

    differing = [
        key
        for key, text in texts.items()
        # A form for one thing may do without the number.
        if isinstance(text, str) and places(text) != places(ENGLISH[key])
    ]
    strange = [
        (key, form)
        for key, text in texts.items()
        if not isinstance(text, str)
        for form, each in text.items()
        if places(ENGLISH[key]) - {"n"} != places(each) - {"n"}
    ]
    assert (differing, strange) == ([], [])


def test_every_text_that_is_asked_for_is_there_and_the_other_way_round():
    code = "".join(sources(".py", ".js", ".html"))
    asked = set(KEY.findall(code)) & set(ENGLISH)

    missing = set(ASKED.findall(code)) - set(ENGLISH)
    unused = {
        key
        for key in set(ENGLISH) - asked
        if not key.startswith(SAID) and not key.startswith(BUILT)
    }

    assert (missing, unused) == (set(), set())


def test_modules_and_pages_keep_to_their_own_texts():
    modules, pages = "".join(sources(".js")), "".join(sources(".py", ".html"))

    assert [
        key for key in set(KEY.findall(modules)) & set(ENGLISH) if not is_for_browsers(key)
    ] == []
    assert [key for key in set(KEY.findall(pages)) & set(ENGLISH) if is_for_browsers(key)] == []


def said_below() -> set[str]:
    """The sentences that the layers below make, and pages show."""
    refusals = [
        *(judge_password(each) for each in ("short", "x" * (LENGTH_MAX + 1))),
        *(each for each in vars(register_account).values() if isinstance(each, Refused)),
        *(each for each in vars(profile).values() if isinstance(each, Refused)),
        appearance.UNKNOWN,
        Refused(staff.NOT_OPERATORS.detail),
        Refused(staff.NOT_STAFF.detail),
        end_account.ALREADY,
        end_account.NOT_SUSPENDED,
        end_account.TOO_LONG,
        *(each for each in vars(block_domain).values() if isinstance(each, Refused)),
        domains.UNREADABLE,
        keep_out.TOO_LONG,
        report.CLOSED,
        report.NO_REPORT,
        *(each for each in vars(sign_ups).values() if isinstance(each, Refused)),
        *(each for each in vars(appoint).values() if isinstance(each, Refused)),
    ]
    misled = [
        *(question.REPEATED, question.TOO_LONG, question.UNKNOWN_APP, question.FOREIGN_ADDRESS),
        *(authorize.TITLE, authorize.OVER, authorize.UNREADABLE.reason),
    ]
    return {
        *(each.reason for each in refusals if isinstance(each, Refused)),
        *misled,
        *(sentence for scope in SCOPES for sentence in words_for({scope})),
        READS_MESSAGES,
        *(
            CLOSED.detail,
            SPENT.detail,
            FOREIGN.detail,
            "This address takes a form.",
            "The form cannot be read.",
        ),
    }


def test_every_sentence_from_below_is_known_and_the_other_way_round():
    known = {text for key, text in ENGLISH.items() if key.startswith(SAID)}

    assert said_below() == known


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr,de;q=0.4,en;q=0.7", "en"),
        ("en;q=0.5,DE", "de"),
        ("de;q=0,en;q=0.1", "en"),
        ("fr-CA, pt", "en"),
        ("*", "en"),
        ("de;q=x,;;,\0", "en"),
        ("zz," * 30 + "de", "en"),
    ],
)
def test_a_browser_says_which_language_it_wants(header: str, tag: str):
    assert LANGUAGES.accepted(header).tag == tag


async def test_a_page_is_in_the_language_that_the_browser_asks_for(browser: Browser, owner: str):
    _, page = await browser.get("/sign-in", **{"Accept-Language": "de-DE,en;q=0.5"})
    _, headers = await browser.headers("/sign-in", **{"Accept-Language": "de"})

    assert '<html lang="de">' in page
    assert "<h1>Anmelden</h1>" in page
    assert headers["Content-Language"] == "de"


async def test_what_a_form_has_against_something_is_said_in_that_language_too(
    browser: Browser, setup_path: str
):
    _, page = await browser.get(setup_path)
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]

    _, answer, _ = await browser.post(
        setup_path,
        {"csrf": token, "name": "alice", "password": "kurz", "again": "kurz"},
        **{"Accept-Language": "de"},
    )

    assert "Ein Passwort hat mindestens 8 Zeichen." in answer


async def test_what_no_catalogue_knows_is_marked_as_english(browser: Browser, owner: str):
    _, page = await browser.get("/sign-in")
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]

    large = {"csrf": token, "name": "alice", "password": PASSWORD * 1000}
    status, answer, _ = await browser.post("/sign-in", large, **{"Accept-Language": "de"})

    assert status == 413
    assert '<span lang="en">The limit is' in answer


async def test_the_chat_gets_its_texts_as_a_module_that_may_be_kept(browser: Browser, owner: str):
    await browser.fill_in("/sign-in", name="alice", password=PASSWORD)
    _, page = await browser.get("/chat", **{"Accept-Language": "de"})
    (address,) = re.findall(r'href="(/static/\w+/texts/\w+\.js)"', page)

    _, module = await browser.get(address)
    status, headers = await browser.headers(address)

    assert address.endswith("/de.js")
    assert (status, headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert "immutable" in headers["Cache-Control"]
    assert "Noch keine Unterhaltungen" in module
    assert "page.sign_in.title" not in module


class Seen(HTMLParser):
    """What a page shows or says aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.is_code = False

    # The name is the library's.
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value or "" for name, value in attrs if name in READ_ATTRIBUTES]
        self.texts.append("\n")
        self.is_code = tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.is_code = self.is_code and tag != "code"

    def handle_data(self, data: str) -> None:
        # What is written so in every language, such as a key of the configuration.
        if not self.is_code:
            self.texts.append(data)


def test_every_template_is_among_the_pages_that_are_looked_at():
    bases = {"layout.html", "form_page.html", "admin_layout.html", "admin_parts.html"}
    bases |= {"admin_rule_parts.html", "account_fields.html"}
    folders = [folder / "templates" for folder in SPEAKING]

    assert set(TOLD) | bases == {path.name for folder in folders for path in folder.iterdir()}


@pytest.mark.parametrize("template", TOLD)
def test_a_page_says_nothing_but_what_is_in_the_catalogue(template: str):
    page = dict(every_page(PSEUDO, pseudo_languages()))[template]
    seen = Seen()
    seen.feed(page)
    shown = "".join(seen.texts)

    while (less := re.sub(r"⟦[^⟦⟧]*⟧", "", shown)) != shown:
        shown = less
    for value in ("otpauth://\\S+", "https://\\S+", "[a-z]{4}-[a-z]{4}", "\\d{10}"):
        shown = re.sub(value, "", shown)

    assert f'lang="{PSEUDO}"' in page
    assert re.findall(r"\w+", NAMES.sub("", shown)) == []


@pytest.mark.parametrize("tag", LANGUAGES.by_tag)
def test_every_page_can_be_drawn(tag: str):
    for _, page in every_page(tag, LANGUAGES):
        assert f'<html lang="{tag}">' in page


def test_every_title_of_a_problem_is_known_and_the_other_way_round():
    known = {text for key, text in ENGLISH.items() if key.startswith("told.problem.")}

    assert {title for _, title in WORDS.values()} == known


def constant_parts(sentence: str) -> list[str]:
    """What stands in the code of a sentence into which values are put."""
    return [part.strip(" .") for part in re.split(r"\{\w+\}", sentence) if part.strip(" .")]


def test_what_the_api_tells_is_said_in_the_code_that_answers():
    folders = [WEB.parents[1] / name for name in ("federation", "storage")]
    code = "".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))
    code = re.sub(r'"\s*\n\s*f?"', "", code)

    # A title is looked for above.
    told = {key: str(text) for key, text in ENGLISH.items() if re.match(r"told\.(?!problem)", key)}
    unsaid = [
        key for key, text in told.items() if any(part not in code for part in constant_parts(text))
    ]

    assert unsaid == []


def test_why_a_message_waits_or_ended_is_said_in_every_language():
    reasons = {each.value for kind in (Reason, HostTrouble, Fault) for each in kind}
    known = {text for key, text in ENGLISH.items() if key.startswith("told.delivery.")}

    assert reasons | {EXPIRED, TAKEN_BACK, NOT_DELIVERED, NOT_DELIVERED_BECAUSE} <= known


def test_what_is_to_be_known_of_other_software_is_said_in_every_language():
    known = {text for key, text in ENGLISH.items() if key.startswith("told.warning.")}

    assert set(SENTENCES.values()) == known


def test_only_who_reads_another_language_gets_what_the_api_tells():
    assert "told.away" not in LANGUAGES.english.module(ENGLISH)
    assert "told.away" in LANGUAGES.by_tag["de"].module(ENGLISH)
