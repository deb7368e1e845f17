"""The modules that decide what is shown keep their promises in a browser, under our policy."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, async_playwright

from node.http.routes import register, unguarded
from node.http.security_headers import security_headers
from node.web.rendering import Site, renderer
from node.web.static_files import load_files, static_endpoint
from tests.e2e.journeys import CHROMIUM, CHROMIUM_ARGS
from tests.support.qr_reader import read_qr

# One browser for all: nothing here changes the page.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

STATIC = load_files()
ALICE = {"uri": "https://alpha.test/u/alice", "acct": "alice@alpha.test"}
BOB = {"uri": "https://beta.test/u/bob", "acct": "bob@beta.test"}

REBUILD = """async ([module, html]) => {
  const { fragmentOf } = await import(module);
  const holder = document.createElement("div");
  holder.append(fragmentOf(html));
  return holder.innerHTML;
}"""

# Take steps, each a function of state.js and its arguments; answer what is then to be seen.
WALK = """async ([stateModule, timelineModule, steps]) => {
  const reducers = await import(stateModule);
  const { timeline } = await import(timelineModule);
  let state = reducers.EMPTY;
  for (const [name, ...values] of steps) state = reducers[name](state, ...values);
  const shown = timeline(state, "c").filter((item) => item.kind !== "day");
  return {
    texts: shown.map((item) => item.message?.text ?? item.outgoing.text),
    kinds: shown.map((item) => item.outgoing?.state ?? "message"),
    unread: state.conversations.c?.unread,
    delivery: shown.map((item) => item.message?.delivery ?? []),
    hasNewer: reducers.historyOf(state, "c").hasNewer,
  };
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page() -> AsyncIterator[Page]:
    render = renderer(Site("Covey", "alpha.test", "alpha.test"), STATIC)

    async def show(request: web.Request) -> web.Response:
        return render(request, "welcome.html", is_awaiting_owner=False)

    app = web.Application()
    app.on_response_prepare.append(security_headers(is_https=False))
    app.router.add_get("/", show)
    register(app, [static_endpoint(STATIC)], unguarded)
    async with TestServer(app) as server, async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGS)
        )
        page = await chromium.new_page()
        await page.goto(str(server.make_url("/")))
        yield page
        await chromium.close()


async def walk(page: Page, *steps: list[Any]) -> dict[str, Any]:
    begin = [
        ["withMe", ALICE],
        ["withConversations", [{"id": "c", "unread": 0, "members": []}]],
        ["withNewest", "c", [message("1", BOB, "first", minute=1)], 50],
    ]
    modules = [STATIC.address("state.js"), STATIC.address("timeline.js")]
    answer: dict[str, Any] = await page.evaluate(WALK, [*modules, [*begin, *steps]])
    return answer


def message(message_id: str, author: dict[str, str], text: str, *, minute: int) -> dict[str, Any]:
    published = f"2026-09-03T12:{minute:02}:00.000Z"
    base = {"id": message_id, "conversation": "c", "author": author, "delivery": []}
    return base | {"text": text, "html": None, "published": published}


def outgoing(key: str, text: str) -> dict[str, str]:
    return {"key": key, "conversation": "c", "text": text, "at": "2026-09-03T12:30:00.000Z"}


READ_LINK = (
    '<a href="https://b.test/?q=%22" rel="nofollow noopener noreferrer" target="_blank"'
    ' dir="auto">a</a>'
)
HOSTILE = [
    ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
    ('<img src="/x" onerror="alert(1)">', ""),
    (
        '<p style="color:red" id="x" data-x="y" class="mention pill">a</p>',
        '<p class="mention">a</p>',
    ),
    ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
    ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
    ("<svg><script>alert(1)</script></svg>", ""),
    ("<math><mtext><p>a</p></mtext></math>", ""),
    ("<template><p>a</p></template>", ""),
    ("<section><h1>a</h1></section>", "a"),
    ("<!-- a --><p>b</p>", "<p>b</p>"),
    ('<form action="/x"><input name="y"><button>a</button></form>', "a"),
]


# What a browser reports of a document that is only read.
OFFENCES = (
    '<p onclick="alert(1)" style="color:red">a</p>',
    "<p title='>' onclick=alert(1)>a</p>",
    "<style>p { color: red }</style>",
    '<link rel="stylesheet" href="https://evil.test/x.css">',
    '<base href="https://evil.test/">',
    '<svg><style>p { color: red }</style><a onclick="alert(1)">a</a></svg>',
)
READ_AS_TEXT = [
    ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
    ('<img src="x onerror=alert(1)>', '&lt;img src="x onerror=alert(1)&gt;'),
    ("<3 <p>a</p>", "&lt;3 <p>a</p>"),
    ("a &lt;b&gt; c", "a &lt;b&gt; c"),
    ("<a href='https://b.test/?q=\"'>a</a>", READ_LINK),
]
WATCH = """() => {
  window.offences = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    window.offences.push(event.effectiveDirective);
  });
}"""


@pytest.mark.parametrize(("html", "rebuilt"), HOSTILE)
async def test_only_what_the_list_allows_survives(page: Page, html: str, rebuilt: str):
    answer = await page.evaluate(REBUILD, [STATIC.address("trusted.js"), html])

    assert answer == rebuilt


@pytest.mark.parametrize("html", [*OFFENCES, *(html for html, _ in HOSTILE)])
async def test_what_is_read_offends_no_policy(page: Page, html: str):
    await page.evaluate(WATCH)
    await page.evaluate(REBUILD, [STATIC.address("trusted.js"), html])

    assert await page.evaluate("() => window.offences") == []


@pytest.mark.parametrize(("html", "rebuilt"), READ_AS_TEXT)
async def test_what_is_no_tag_is_text(page: Page, html: str, rebuilt: str):
    answer = await page.evaluate(REBUILD, [STATIC.address("trusted.js"), html])

    assert answer == rebuilt


async def test_a_link_that_names_another_host_shows_its_own(page: Page):
    html = '<a href="https://evil.test/x">bank.example</a>'

    answer = await page.evaluate(REBUILD, [STATIC.address("trusted.js"), html])

    assert '<span class="true-host" dir="ltr"> (evil.test)</span></a>' in answer
    assert 'rel="nofollow noopener noreferrer"' in answer


async def test_a_send_is_shown_once_though_the_stream_is_faster_than_the_answer(page: Page):
    sent = message("2", ALICE, "hello", minute=2)

    before = await walk(
        page,
        ["withOutgoing", outgoing("k", "hello")],
        ["withNewMessage", sent],
    )
    after = await walk(
        page,
        ["withOutgoing", outgoing("k", "hello")],
        ["withNewMessage", sent],
        ["withSent", "k", sent],
    )

    assert before["texts"] == ["first", "hello"]
    assert before["kinds"] == ["message", "sending"]
    assert after["texts"] == ["first", "hello"]
    assert after["kinds"] == ["message", "message"]


async def test_a_delivery_that_was_faster_than_the_answer_stays_delivered(page: Page):
    waiting = {"host": "beta.test", "state": "waiting", "reason": ""}
    sent = message("2", ALICE, "hello", minute=2) | {"delivery": [waiting]}

    shown = await walk(
        page,
        ["withOutgoing", outgoing("k", "hello")],
        ["withNewMessage", sent],
        ["withDelivery", {"message": "2", **waiting, "state": "delivered"}],
        ["withSent", "k", sent],
    )

    assert [row["state"] for row in shown["delivery"][1]] == ["delivered"]


def many(first: int, last: int) -> list[dict[str, Any]]:
    return [
        message(f"{number:04}", BOB, str(number), minute=0)
        | {"published": f"2026-09-03T12:{number // 60:02}:{number % 60:02}.000Z"}
        for number in range(first, last + 1)
    ]


async def test_a_long_conversation_is_held_in_a_window_that_moves(page: Page):
    upwards = [
        ["withNewest", "c", many(951, 1000), 50],
        *(["withOlder", "c", many(first, first + 49), 50] for first in range(901, 600, -50)),
    ]

    up = await walk(page, *upwards)
    gone_on = await walk(page, *upwards, ["withNewMessage", many(1001, 1001)[0]])
    down = await walk(page, *upwards, ["withNewer", "c", many(851, 900), 50])
    around = await walk(page, ["withAround", "c", many(1, 50), many(51, 51)[0], many(52, 60), 50])

    assert (up["texts"][0], len(up["texts"]), up["hasNewer"]) == ("601", 250, True)
    assert gone_on["texts"] == up["texts"]
    assert (down["texts"][0], down["texts"][-1], len(down["texts"])) == ("651", "900", 250)
    assert (len(around["texts"]), around["hasNewer"]) == (60, False)


async def test_what_comes_while_a_page_is_fetched_is_not_lost(page: Page):
    late = many(1001, 1001)[0]
    newest = await walk(
        page,
        ["withConversations", [{"id": "d", "unread": 0, "members": []}]],
        ["withLoading", "c", True],
        ["withNewMessage", late],
        ["withNewest", "c", many(951, 1000), 50],
    )
    newer = await walk(
        page,
        ["withAround", "c", many(1, 50), many(51, 51)[0], many(52, 101), 50],
        ["withNewMessage", late],
        ["withNewer", "c", many(102, 110), 50],
    )

    assert newest["texts"][-1] == "1001"
    assert newer["hasNewer"]


KINDS = """async ([stateModule, timelineModule, wordsModule, steps]) => {
  const reducers = await import(stateModule);
  const { timeline } = await import(timelineModule);
  const { changeText, gapText } = await import(wordsModule);
  let state = reducers.EMPTY;
  for (const [name, ...values] of steps) state = reducers[name](state, ...values);
  const words = {
    message: ({ message, readers }) =>
      [message.text, ...readers.map(({ acct }) => acct)].join(" < "),
    change: ({ change }) => changeText(change),
    gap: ({ gap }) => gapText(gap),
  };
  return timeline(state, "c").map((item) => words[item.kind]?.(item) ?? item.kind);
}"""


async def test_what_happened_stands_between_the_messages_of_its_time(page: Page):
    def change(epoch: int, kind: str, minute: int, **more: str) -> dict[str, Any]:
        at = f"2026-09-03T12:{minute:02}:00.000Z"
        return {"epoch": epoch, "at": at, "kind": kind, "person": BOB, "by": ALICE} | more

    gap = {"person": BOB | {"name": "Bo"}, "count": 3, "since": "2026-09-03T12:04:00.000Z"}
    room = {"id": "c", "unread": 0, "members": [BOB], "gaps": [gap]}
    said = [message(str(n), BOB, f"word {n}", minute=n) for n in (1, 3, 5)]
    steps = [
        ["withMe", ALICE],
        ["withConversations", [room]],
        ["withOpened", "c", said, 50, 1],
        ["withChanges", "c", [change(3, "role", 2, role="admin"), change(4, "left", 9)], 50],
        ["withRead", {"conversation": "c", "acct": BOB["acct"], "up_to": "3"}],
    ]
    modules = [STATIC.address(f"{name}.js") for name in ("state", "timeline", "room-words")]

    kinds = await page.evaluate(KINDS, [*modules, steps])

    assert kinds == [
        *("day", "word 1", "alice made bob an admin", "word 3 < bob@beta.test"),
        *("3 messages from Bo are missing", "unread", "word 5", "bob left"),
    ]


MARKS = """async ([module, ...rest]) => (await import(module)).markTexts(...rest)"""


@pytest.mark.parametrize(
    ("notice", "words", "is_warning"),
    [
        ({"kind": "late"}, "arrived late", False),
        ({"kind": "public"}, "also posted publicly", True),
        ({"kind": "relayed", "host": "h.test"}, "relayed by h.test, not verifiable", False),
        ({"kind": "also-to", "people": ["x@y.test"]}, "also sent to x@y.test, not a member", True),
        (
            {"kind": "only-to", "people": [ALICE["acct"], "x@y.test"]},
            "Only sent to you and x@y.test.",
            False,
        ),
    ],
)
async def test_a_message_says_how_it_came(
    page: Page, notice: dict[str, Any], words: str, *, is_warning: bool
):
    told = {"host": None, "people": [], "conversation": None, "title": None} | notice
    said = message("1", BOB, "hello", minute=1) | {"provenance": "relayed", "notices": [told]}
    if notice["kind"] != "relayed":
        said["provenance"] = "verified"

    marks = await page.evaluate(MARKS, [STATIC.address("room-words.js"), said, {}, ALICE])

    assert marks == [{"words": words, "isWarning": is_warning}]


KEPT_OUT = "async ([module, ...rest]) => (await import(module)).keptOutText(...rest)"


async def test_a_room_says_since_when_and_why_a_server_is_kept_out(page: Page):
    server = {"host": "bad.test", "since": "2026-12-01T12:00:00.000Z", "reason": None}
    titles = STATIC.address("room-words.js")

    plain = await page.evaluate(KEPT_OUT, [titles, server])
    why = await page.evaluate(KEPT_OUT, [titles, server | {"reason": "Harassment"}])

    said = "Our server stopped exchanging messages with bad.test on December 1, 2026."
    assert (plain, why) == (said, f"{said} Reason: Harassment")


WORDS = "async ([module, ...rest]) => (await import(module)).wordAt(...rest)"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Hi @bo", {"sign": "@", "asked": "bo", "from": 3}),
        ("@", {"sign": "@", "asked": "", "from": 0}),
        (":he", {"sign": ":", "asked": "he", "from": 0}),
        (":h", None),
        ("at 12:30", None),
        ("bob@beta.test", None),
        ("Hi @bo ", None),
    ],
)
async def test_a_word_can_be_completed_where_one_begins(
    page: Page, text: str, word: dict[str, Any] | None
):
    assert await page.evaluate(WORDS, [STATIC.address("completion.js"), text, len(text)]) == word


async def test_who_is_no_member_is_a_stranger(page: Page):
    ask = "async ([module, ...rest]) => (await import(module)).strangersIn(...rest)"
    text = "@bob@beta.test and @Eva@b.test, @eva, mail x@y.test (@z@a.b.test)."

    found = await page.evaluate(ask, [STATIC.address("completion.js"), text, {"members": [BOB]}])

    assert found == ["Eva@b.test", "z@a.b.test"]


HEIR = """async ([module, ...rest]) => {
  const { isLast, heir } = (await import(module)).heirOf(...rest);
  return isLast ? heir?.acct ?? "nobody" : "";
}"""


@pytest.mark.parametrize(
    ("others", "heir"),
    [
        ([("a", "admin", True)], ""),
        ([("a", "member", True), ("b", "moderator", True)], "b"),
        ([("a", "moderator", False), ("b", "member", True)], "b"),
        ([("a", "member", False)], "nobody"),
        ([], "nobody"),
    ],
)
async def test_the_last_admin_is_told_who_takes_over(
    page: Page, others: list[tuple[str, str, bool]], heir: str
):
    people = [
        {"acct": name, "uri": name, "role": role, "aware": aware, "state": "joined"}
        for name, role, aware in others
    ]
    room = {"members": [ALICE | {"role": "admin", "state": "joined"}, *people]}

    assert await page.evaluate(HEIR, [STATIC.address("actions.js"), room, ALICE]) == heir


@pytest.mark.parametrize(
    ("asked", "first"), [("thumbs up", "👍"), ("daum", "👍"), ("HEART", "❤️"), ("rakete", "🚀")]
)
async def test_an_emoji_is_found_by_its_words_in_both_languages(page: Page, asked: str, first: str):
    ask = "async ([module, asked]) => (await import(module)).findEmoji(asked).map((e) => e.emoji)"

    found = await page.evaluate(ask, [STATIC.address("emoji.js"), asked])

    assert first in found[:6]
    assert await page.evaluate(ask, [STATIC.address("emoji.js"), "nosuchthing"]) == []


@pytest.mark.parametrize(
    ("role", "author", "author_role", "may"),
    [
        ("member", BOB, "member", {"reply", "react", "copy", "forward", "report"}),
        ("moderator", BOB, "member", {"reply", "react", "copy", "forward", "report", "remove"}),
        ("moderator", BOB, "admin", {"reply", "react", "copy", "forward", "report"}),
        ("admin", BOB, "admin", {"reply", "react", "copy", "forward", "report", "remove"}),
        (
            "member",
            ALICE,
            "member",
            {"reply", "react", "copy", "forward", "edit", "details", "delete"},
        ),
    ],
)
async def test_the_menu_offers_what_a_role_may_do(
    page: Page, role: str, author: dict[str, str], author_role: str, may: set[str]
):
    ask = "async ([module, ...rest]) => (await import(module)).actionsOn(...rest)"
    people = {BOB["uri"]: BOB | {"role": author_role}, ALICE["uri"]: ALICE | {"role": role}}
    room = {"kind": "group", "state": "joined", "members": list(people.values())}
    said = message("1", author, "hello", minute=1)

    actions = await page.evaluate(ask, [STATIC.address("actions.js"), said, room, ALICE])

    assert set(actions) == may


async def test_a_failed_send_stays_and_can_be_tried_again(page: Page):
    failed = ["withFailed", "k", {"reason": "busy", "isPassing": True}]

    once = await walk(page, ["withOutgoing", outgoing("k", "hello")], failed)
    again = await walk(
        page,
        ["withOutgoing", outgoing("k", "hello")],
        failed,
        ["withOutgoing", outgoing("k", "hello")],
    )

    assert once["kinds"] == ["message", "failed"]
    assert again["kinds"] == ["message", "sending"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("closed", "This conversation is closed"),
        ("left", "You have left"),
        ("removed", "You are no longer here"),
        ("joining", "Waiting to be let in"),
    ],
)
async def test_a_row_says_why_nobody_writes_there(page: Page, state: str, words: str):
    ask = """async ([titles, conversation]) => {
      const { lastLine } = await import(titles);
      return lastLine(conversation, null);
    }"""

    told = await page.evaluate(ask, [STATIC.address("titles.js"), {"state": state}])

    assert told == words


@pytest.mark.parametrize(("hours", "is_passing"), [(0, True), (22, True), (23, False), (48, False)])
async def test_what_the_node_may_have_forgotten_is_not_sent_by_itself(
    page: Page, *, hours: int, is_passing: bool
):
    ask = """async ([module, hours]) => {
      const { EMPTY, withUnsent } = await import(module);
      const at = "2026-09-03T12:00:00.000Z";
      const entry = { key: "k", conversation: "c", text: "hello", at };
      const now = Date.parse(at) + hours * 3_600_000;
      const { outbox } = withUnsent({ ...EMPTY, conversations: { c: {} } }, [entry], now);
      return outbox.map(({ state, isPassing }) => [state, isPassing]);
    }"""

    told = await page.evaluate(ask, [STATIC.address("state.js"), hours])

    assert told == [["failed", is_passing]]


async def test_what_waits_for_the_node_is_overtaken_by_nothing(page: Page):
    ask = """async ([sendingModule, storeModule, stateModule, conversation]) => {
      const [{ Sending }, { Store }, { withConversation }] = await Promise.all(
        [sendingModule, storeModule, stateModule].map((module) => import(module)));
      const [asked, taken, real] = [[], [], window.fetch];
      let isAway = true;
      window.fetch = async (url, { body }) => {
        const { text } = JSON.parse(body);
        asked.push(text);
        if (isAway) throw new TypeError("away");
        taken.push(text);
        return Response.json({ id: text, conversation: "c", published: "2026-09-03T12:00:00Z" });
      };
      const store = new Store();
      store.step(withConversation, conversation);
      const sending = new Sending(store);
      const settled = async () => {
        const isSending = () => store.state.outbox.some(({ state }) => state === "sending");
        while (isSending()) await new Promise((later) => setTimeout(later));
      };
      sending.send("c", { text: "first", preview: { url: "https://example.org/" } });
      sending.send("c", { text: "second" });
      await settled();
      const waiting = store.state.outbox.map(
        ({ state, isPassing, preview }) => [state, isPassing, preview?.url ?? null]);
      isAway = false;
      sending.send("c", { text: "third" });
      await settled();
      window.fetch = real;
      return { waiting, taken, asked };
    }"""
    modules = [STATIC.address(name) for name in ("sending.js", "store.js", "state.js")]

    told = await page.evaluate(
        ask, [*modules, {"id": "c", "unread": 0, "members": [], "mode": "plain"}]
    )

    assert told["waiting"] == [["failed", True, "https://example.org/"], ["failed", True, None]]
    assert told["asked"] == ["first", "first", "second", "third"]
    assert told["taken"] == ["first", "second", "third"]


async def test_what_is_of_one_moment_stands_by_the_id_that_it_has_everywhere(page: Page):
    said = [
        message("2", BOB, "second", minute=2) | {"uri": "https://beta.test/m/2"},
        message("3", ALICE, "first of two", minute=2) | {"uri": "https://alpha.test/m/1"},
    ]

    shown = await walk(page, ["withNewest", "c", said, 50])

    assert shown["texts"] == ["first of two", "second"]


async def test_late_messages_take_their_place_and_repeats_are_one(page: Page):
    late, newer = message("3", BOB, "second", minute=2), message("2", BOB, "third", minute=3)

    shown = await walk(
        page,
        ["withNewMessage", newer],
        ["withNewMessage", late],
        ["withNewMessage", late],
    )

    assert shown["texts"] == ["first", "second", "third"]
    assert shown["unread"] == 2


async def test_a_newest_page_that_does_not_meet_what_is_held_replaces_it(page: Page):
    far = [message(str(n), BOB, f"far {n}", minute=n) for n in range(40, 42)]

    shown = await walk(page, ["withNewest", "c", far, 2])

    assert shown["texts"] == ["far 40", "far 41"]


@pytest.mark.parametrize(
    ("html", "text", "line"),
    [
        (
            "<p>Hello <strong>world</strong></p><p>and all</p>",
            "Hello **world**",
            "Hello world and all",
        ),
        ("<ul><li>milk</li><li>eggs</li></ul>", "- milk", "milk eggs"),
        (None, "by  a\nstranger", "by a stranger"),
        (None, None, None),
    ],
)
async def test_a_row_shows_words_and_not_how_they_were_typed(
    page: Page, html: str | None, text: str | None, line: str | None
):
    ask = """async ([module, message]) =>
      (await import(module)).codecFor("plain").preview(message)"""

    assert (
        await page.evaluate(ask, [STATIC.address("codec.js"), {"html": html, "text": text}]) == line
    )


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Maria Bell", "AB"),
        ("ana@example.org", "A"),
        ("  “zoë” ", "Z"),
        ("e\u0301ric ßmith", "E\u0301S"),
        ("\U0001f33b Bob \U0001f33b", "B"),
        (
            "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f33b",
            "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        ),
        ("\u0301", "?"),
        ("\u202eboB", "B"),
        ("\u0639\u0644\u064a \u062d\u0633\u0646", "\u0639"),
        ("\u738b\u5c0f\u660e", "\u738b"),
        ("", "?"),
    ],
)
async def test_a_name_is_shortened_to_letters_that_can_be_read(page: Page, name: str, letters: str):
    ask = "async ([module, name]) => (await import(module)).initials(name)"

    assert await page.evaluate(ask, [STATIC.address("initials.js"), name]) == letters


async def test_a_name_from_right_to_left_moves_nothing_beside_it(page: Page):
    say = """async ([module, name]) => {
      const { text } = await import(module);
      return text("list.author", { name, text: "hi" });
    }"""

    arabic = await page.evaluate(say, [STATIC.address("strings.js"), "\u0639\u0644\u064a"])
    turned = await page.evaluate(say, [STATIC.address("strings.js"), "\u202eboB"])
    plain = await page.evaluate(say, [STATIC.address("strings.js"), "Bob"])

    assert arabic == "\u2068\u0639\u0644\u064a\u2069: hi"
    assert turned == "\u2068\u202eboB\u2069: hi"
    assert plain == "Bob: hi"


@pytest.mark.parametrize(
    ("typed", "acct"),
    [
        ("ana@example.org", "ana@example.org"),
        (" @ana@example.org ", "ana@example.org"),
        ("https://example.org/@ana", "ana@example.org"),
        ("https://example.org/@ana@other.example", "ana@other.example"),
        ("https://example.org/users/ana", "ana@example.org"),
        ("https://example.org/u/ana/", "ana@example.org"),
        ("https://example.org/@ana/1234", ""),
        ("https://example.org/", ""),
        ("ana", ""),
        ("https://", ""),
    ],
)
async def test_an_address_is_found_in_a_handle_or_a_link(page: Page, typed: str, acct: str):
    ask = "async ([module, typed]) => (await import(module)).addressIn(typed)"

    assert await page.evaluate(ask, [STATIC.address("people.js"), typed]) == acct


async def test_what_keeps_people_from_one_conversation_is_told_before(page: Page):
    ask = """async ([module, people]) => {
      const { fitText, obstacleText, sizeText } = await import(module);
      const direct = obstacleText(people, { isGroup: false });
      return [fitText(people[0]), obstacleText(people), sizeText(people), direct];
    }"""
    one = {"acct": "ana@example.org", "aware": False, "software": "lemmy", "takes_one": True}
    many = {"acct": "bo@example.org", "aware": False, "software": "misskey", "people_max": 20}

    async def told(*people: dict[str, object]) -> list[str]:
        answer: list[str] = await page.evaluate(ask, [STATIC.address("people.js"), list(people)])
        return answer

    assert (await told(BOB))[0] == ""
    assert "uses Lemmy" in (await told(one))[0]
    assert (await told(one))[1] == ""
    assert "join groups" in (await told(one, BOB))[1]
    # They and oneself.
    unknown = {"acct": "cy@example.org", "aware": False, "software": "", "people_max": 20}
    assert (await told(*[many] * 18))[2] == ""
    assert "With 20 people" in (await told(*[many] * 19))[2]
    assert "With 20 people" in (await told(unknown, *[BOB] * 18))[2]
    assert (await told(*[BOB] * 30))[1:3] == ["", ""]
    assert (await told(*[many] * 49))[1] == ""
    assert "at most 50 people" in (await told(*[BOB] * 49, many))[1]
    assert (await told(*[BOB] * 999))[1] == ""
    assert "at most 1000 people" in (await told(*[BOB] * 1000))[1]
    assert (await told(*[BOB] * 49))[3] == ""
    assert "at most 50 people" in (await told(*[BOB] * 50))[3]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1 kB"),
        (16 << 20, "16 MB"),
        ((16 << 20) + (512 << 10), "16.5 MB"),
        (1 << 30, "1 GB"),
    ],
)
async def test_a_size_is_said_in_the_units_of_the_configuration(page: Page, size: int, words: str):
    ask = "async ([module, size]) => (await import(module)).fileSize(size)"

    assert await page.evaluate(ask, [STATIC.address("times.js"), size]) == words


@pytest.mark.parametrize("length", [1, 17, 18, 53, 78, 106, 107, 134, 154, 155, 192, 230, 231, 271])
async def test_a_code_says_what_was_written_into_it(page: Page, length: int):
    ask = "async ([module, words]) => (await import(module)).qrModules(words)"
    words = ("https://alpha.test/join/äb" * 12).encode()[:length].decode(errors="ignore")

    rows = await page.evaluate(ask, [STATIC.address("qr.js"), words])

    assert read_qr(rows) == words


async def test_what_is_too_long_for_a_code_gives_none(page: Page):
    ask = "async ([module, words]) => (await import(module)).qrModules(words)"

    assert await page.evaluate(ask, [STATIC.address("qr.js"), "x" * 272]) is None


ANA = {"acct": "ana@example.org", "name": "Ana"}
BO = {"acct": "bo@example.org", "name": "Bo"}
REQUEST = "Your first message to Ana may wait as a request until they say yes."
NO_MESSAGE = "Ana does not take messages from people they don't know."
NO_INVITATION = "Ana does not take invitations from people they don't know."


@pytest.mark.parametrize(
    ("people", "taken", "obstacle"),
    [
        ([], ["Everybody decides how"], ""),
        ([{"writing": "open", "inviting": "closed"}], ["arrives at once"], ""),
        ([{"writing": "asks", "inviting": "closed"}], [REQUEST], ""),
        ([{"writing": "closed", "inviting": "open"}], [], NO_MESSAGE),
        ([{"writing": None}], ["to Ana is shown, their software decides"], ""),
        ([{"writing": "open"}, {"writing": "open"}], ["arrives at once"], ""),
        ([{"writing": "asks"}, {"writing": "open"}], [REQUEST], ""),
        ([{"writing": "asks"}, {"writing": "asks"}], ["to Ana and Bo may wait as requests"], ""),
        (
            [{"writing": "closed"}, {"writing": "asks"}],
            ["to Bo may wait as a request", f"{NO_MESSAGE[:-1]}: nothing"],
            "",
        ),
        ([{"writing": "closed"}, {"writing": "closed"}], [], "None of these people"),
    ],
)
async def test_what_becomes_of_a_first_message_is_said(
    page: Page, people: list[dict[str, Any]], taken: list[str], obstacle: str
):
    ask = """async ([module, people]) => {
      const { obstacleText, takenTexts } = await import(module);
      return [takenTexts(people), obstacleText(people, { isGroup: false })];
    }"""
    asked = [one | door for one, door in zip((ANA, BO), people, strict=False)]

    said, kept = await page.evaluate(ask, [STATIC.address("people.js"), asked])

    assert len(said) == len(taken)
    assert all(words in one for words, one in zip(taken, said, strict=True)), said
    assert obstacle in kept
    assert bool(obstacle) == bool(kept)


@pytest.mark.parametrize(
    ("people", "obstacle"),
    [
        ([{"inviting": "open", "writing": "closed"}], ""),
        ([{"inviting": "asks", "writing": "closed"}], ""),
        ([{"inviting": None}], ""),
        ([{"inviting": "closed", "writing": "open"}], f"{NO_INVITATION} You can write to them"),
        ([{"inviting": "closed", "writing": "asks"}], f"{NO_INVITATION} You can write to them"),
        ([{"inviting": "closed", "writing": "closed"}], f"{NO_INVITATION} Leave them out"),
        ([{"inviting": "closed"}, {"inviting": "open"}], f"{NO_INVITATION} Leave them out"),
        ([{"inviting": "closed"}, {"inviting": "closed"}], "Ana and Bo do not take invitations"),
    ],
)
async def test_who_takes_no_invitation_is_said_before_a_group_begins(
    page: Page, people: list[dict[str, Any]], obstacle: str
):
    ask = "async ([module, people]) => (await import(module)).obstacleText(people)"
    asked = [one | door for one, door in zip((ANA, BO), people, strict=False)]

    kept = await page.evaluate(ask, [STATIC.address("people.js"), asked])

    assert kept.startswith(obstacle)
    assert bool(obstacle) == bool(kept)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            {"detail": "The server of eva@b.test cannot be reached now."},
            "Der Server von eva@b.test ist gerade nicht zu erreichen.",
        ),
        (
            {"detail": "Our server does not exchange messages with b.test. Reason: spam"},
            "Unser Server tauscht mit b.test keine Nachrichten aus. Grund: spam",
        ),
        (
            {"detail": "Our server does not exchange messages with b.test."},
            "Unser Server tauscht mit b.test keine Nachrichten aus.",
        ),
        (
            {"detail": "Eva's software can't join groups. You can write to them alone."},
            "Die Software von Eva kann keinen Gruppen beitreten. Du kannst einzeln schreiben.",
        ),
        (
            {"detail": "not delivered: blocked domain (spam)"},
            "nicht zugestellt: gesperrte Domain (spam)",
        ),
        ({"title": "You may not do this"}, "Das darfst du nicht"),
        (
            {"detail": "This group is full (1000 people)."},
            "Diese Gruppe ist voll (1000 Personen).",
        ),
        (
            {"detail": "Something else."},
            "Unser Server hat das nicht angenommen. Er sagt: Something else.",
        ),
    ],
)
async def test_what_the_api_says_is_read_in_german(page: Page, problem: dict[str, str], words: str):
    ask = """async ([strings, api, problem]) => {
      document.documentElement.lang = "de";
      const { errorText } = await import(`${strings}?de`);
      document.documentElement.lang = "en";
      const { ApiError } = await import(api);
      return errorText(new ApiError(422, problem));
    }"""

    modules = [STATIC.address("strings.js"), STATIC.address("api.js")]
    assert await page.evaluate(ask, [*modules, problem]) == words


@pytest.mark.parametrize(
    ("status", "problem", "code", "words"),
    [
        (409, {"detail": "the group is closed"}, "", "The group is closed."),
        (500, {}, "", "Something went wrong here. Your text is kept."),
        (500, {}, "01K", "Something went wrong here. Your text is kept. Code 01K"),
    ],
)
async def test_what_goes_wrong_is_said_in_a_sentence_and_our_fault_with_its_code(
    page: Page, status: int, problem: dict[str, str], code: str, words: str
):
    ask = """async ([strings, api, status, problem, code]) => {
      const { errorText } = await import(strings);
      const { ApiError } = await import(api);
      const headers = { "X-Request-Id": code };
      return errorText(new ApiError(status, problem, (name) => headers[name] ?? null));
    }"""

    modules = [STATIC.address("strings.js"), STATIC.address("api.js")]
    assert await page.evaluate(ask, [*modules, status, problem, code]) == words


GERMAN = {
    "von": "from",
    "vor": "before",
    "nach": "after",
    "mit": "has",
    "datei": "file",
    "mir": "me",
}
KNOWN = {
    "me": "alice@alpha.test",
    "spoken": GERMAN,
    "people": [
        {"acct": "bob@beta.test", "name": "Bob Bee"},
        {"acct": "eve@beta.test", "name": "Eve"},
        {"acct": "eve@alpha.test", "name": ""},
    ],
    "rooms": [
        {"id": "01A", "title": "Book circle", "acct": ""},
        {"id": "01B", "title": "Book", "acct": ""},
        {"id": "01C", "title": "Choir", "acct": ""},
        {"id": "01D", "title": "Choir", "acct": ""},
        {"id": "01E", "title": "Bob Bee", "acct": "bob@beta.test"},
    ],
}
UNDERSTAND = """async ([module, written, known]) => {
  const { parse, settle } = await import(module);
  const { words, asked } = parse(written, known.spoken);
  const { filters, wrong } = settle(asked, known);
  const shown = (all) => all.map(({ name, value }) => `${name} ${value}`);
  return [words, shown(filters), shown(wrong)];
}"""


@pytest.mark.parametrize(
    ("written", "words", "filters", "wrong"),
    [
        ("grey heron", "grey heron", [], []),
        ("from:@bob@beta.test heron", "heron", ["from bob@beta.test"], []),
        ("heron FROM:bob", "heron", ["from bob@beta.test"], []),
        ('von:"Bob Bee" in:"book circle"', "", ["from bob@beta.test", "in 01A"], []),
        ("von:„Bob Bee“ x", "x", ["from bob@beta.test"], []),
        ("from:me", "", ["from alice@alpha.test"], []),
        ("von:mir", "", ["from alice@alpha.test"], []),
        ("from:zoe@elsewhere.example", "", ["from zoe@elsewhere.example"], []),
        ("from:eve", "", [], ["from eve"]),
        ("from:nobody x", "x", [], ["from nobody"]),
        ("in:book", "", ["in 01B"], []),
        ("in:boo", "", [], ["in boo"]),
        ("in:choir", "", [], ["in choir"]),
        ("in:@bob@beta.test", "", ["in 01E"], []),
        ("before:2026-11-01 nach:1.9.2026", "", ["before 2026-11-01", "after 2026-09-01"], []),
        ("vor:2026-2-28", "", ["before 2026-02-28"], []),
        ("before:2026-02-30 x", "x", [], ["before 2026-02-30"]),
        ("before:tomorrow", "", [], ["before tomorrow"]),
        ("before:0026-01-01", "", [], ["before 0026-01-01"]),
        ("has:file mit:link has:datei", "", ["has file", "has link"], []),
        ("has:poll", "", [], ["has poll"]),
        ("from:bob from:me", "", ["from alice@alpha.test"], []),
        ('from: in:"" x', "x", [], []),
        ("https://a.example constructor:x 12:30 :) from", None, [], []),
        ('say "grey heron', 'say "grey heron', [], []),
        ("", "", [], []),
    ],
)
async def test_a_search_is_understood(
    page: Page, written: str, words: str | None, filters: list[str], wrong: list[str]
) -> None:
    answer = await page.evaluate(UNDERSTAND, [STATIC.address("find-query.js"), written, KNOWN])

    assert answer == [written if words is None else words, filters, wrong]


async def test_a_search_is_told_to_the_node_and_a_filter_taken_from_the_field(page: Page) -> None:
    told, left = await page.evaluate(
        """async (module) => {
          const { parse, queryOf, without } = await import(module);
          const written = 'a from:"Bob Bee" b from:x';
          const { asked } = parse(written);
          const filters = [["before", "2026-11-01"], ["has", "file"]];
          const day = queryOf("a b&c", filters.map(([name, value]) => ({ name, value })));
          const moment = encodeURIComponent(new Date(2026, 10, 1).toISOString());
          return [day.replace(moment, "MOMENT"), without(written, asked[0])];
        }""",
        STATIC.address("find-query.js"),
    )

    assert told == "q=a+b%26c&before=MOMENT&has=file"
    assert left == "a b from:x"
