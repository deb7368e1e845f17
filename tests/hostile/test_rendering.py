"""Group X of the corpus: what people write is shown, and nothing of it runs."""

import re

import pytest

from tests.hostile.browser import Browser
from tests.hostile.cast import HANA, Actor
from tests.hostile.stage import introduce
from tests.hostile.trial import Trial
from tests.hostile.wire import plain

ACTIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVa\tScRiPt:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="https://evil.test"></iframe>',
    '<form action="https://evil.test"><input name=a><button>go</button></form>',
    "<style>@import 'https://evil.test/x.css';</style>",
    '<p style="position:fixed" id="composer" data-x="1" class="button">x</p>',
    "<math><mtext><table><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<base href='https://evil.test/'><link rel=stylesheet href=x><meta http-equiv=refresh>",
    "<object data=x><embed src=x><audio src=x onerror=alert(1)><video><source onerror=alert(1)>",
    "<xmp><script>alert(1)</script></xmp><plaintext>x",
    "<p>" * 3000 + "deep",
    "<![CDATA[<script>alert(1)</script>]]><?php echo 1 ?><!--<img onerror=1>-->",
]
ALLOWED = {
    "p",
    "br",
    "a",
    "span",
    "strong",
    "b",
    "em",
    "i",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
}
TAG = re.compile(r"<\s*/?\s*([a-zA-Z0-9:-]+)([^>]*)>")


async def shown(trial: Trial, uri: str) -> dict[str, object]:
    """A message as Otto's client gets it."""
    (row,) = trial.stage.rows("SELECT id, conversation_id FROM message WHERE uri = ?", uri)
    path = f"/conversations/{row['conversation_id']}/messages?limit=50"
    items = (await trial.stage.otto.must("GET", path))["items"]
    (found,) = [one for one in items if one["id"] == row["id"]]
    return found


@pytest.mark.parametrize("number", range(len(ACTIVE)))
async def test_x01_active_content(trial: Trial, number: int):
    trial.has_an_effect()
    create = HANA.create(trial.stage.otto.uri)
    create["object"]["content"] = f"<p>before</p>{ACTIVE[number]}<p>after</p>"
    await trial.send(HANA.post(create))
    await trial.shows_once(create)

    html = str((await shown(trial, create["object"]["id"]))["html"] or "")
    for tag, attributes in TAG.findall(html):
        assert tag.lower() in ALLOWED
        assert not re.search(
            r"\bon\w+\s*=|style\s*=|\bid\s*=|data-|javascript:", attributes, re.IGNORECASE
        )
        assert "href" not in attributes or 'href="http' in attributes
    assert "before" in str(await shown(trial, create["object"]["id"]))


@pytest.mark.parametrize("markup", ["<b>x</b><script>alert(1)</script>", '"><img src=x onerror=1>'])
async def test_x03_markup_in_names(trial: Trial, markup: str):
    stage = trial.stage
    number = len(markup)
    odd = Actor(f"https://x03.test/users/n{number}", other={"name": markup, "summary": markup})
    introduce(stage.peer, odd)
    trial.has_an_effect()
    trial.may_change("actor", "remote_key", "repair")
    emoji = {
        "type": "Emoji",
        "name": f":{markup}:",
        "icon": {"type": "Image", "url": "https://x.test/e"},
    }
    create = odd.create(stage.otto.uri, summary=markup, tag=[emoji], name=markup)
    await trial.send(odd.post(create))
    await trial.shows_once(create)

    found = await shown(trial, create["object"]["id"])
    assert "<script" not in str(found["html"])
    browser = Browser(stage)
    await browser.sign_in("otto")
    trial.may_change("session", "known_device", "account")
    for path in ("/chat", "/", f"/u/{markup}", "/u/otto"):
        page = (
            await browser.get(
                path.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20").replace('"', "%22")
            )
        ).body
        assert markup.encode() not in page


LINKS = [
    ('<a href="https://evil.test/login">https://bank.test/login</a>', "evil.test"),
    ('<a href="https://evil.test/">bank.test</a>', "evil.test"),
    (f'<a href="https://{"a" * 60}.evil.test/">https://bank.test</a>', "evil.test"),
    (
        '<a href="https://evil.test/">https://bank.test<span class="invisible">.x</span></a>',
        "evil.test",
    ),
    ('<a href="https://evil.test/">https://\u202etset.knab</a>', "evil.test"),
]


@pytest.mark.parametrize(("link", "host"), LINKS, ids=range(len(LINKS)))
async def test_x04_a_misleading_link(trial: Trial, link: str, host: str):
    trial.has_an_effect()
    create = HANA.create(trial.stage.otto.uri)
    create["object"]["content"] = f"<p>see {link}</p>"
    await trial.send(HANA.post(create))
    await trial.shows_once(create)

    html = str((await shown(trial, create["object"]["id"]))["html"])
    text = re.sub(r"<[^>]*>", "", html)
    assert host in text
    assert "\u202e" not in html


PAGES = [
    "/",
    "/chat",
    "/sign-in",
    "/setup",
    "/u/otto",
    "/u/nobody",
    "/nothing",
    "/m/x",
    "/c/x",
    "/static/x",
]


@pytest.mark.parametrize("path", PAGES)
async def test_x06_the_content_security_policy(trial: Trial, path: str):
    answer = await trial.stage.send(plain("GET", path, {"Accept": "text/html"}))
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers.get("content-security-policy", "").split(";")
    )
    if "text/html" in answer.headers.get("content-type", ""):
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert policy["require-trusted-types-for"] == "'script'"
        assert "unsafe" not in str(policy)
        assert not re.search(rb"<script(?![^>]*\bsrc=)[^>]*>\s*\S", answer.body)
    assert answer.headers["x-content-type-options"] == "nosniff"


MARKUP = "%3Cscript%3Ealert(1)%3C/script%3E"


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{MARKUP}", f"/u/{MARKUP}", f"/m/{MARKUP}", f"/search?q={MARKUP}", f"/chat/{MARKUP}"),
        *(f"/sign-in?to={MARKUP}", f"/sign-in?error_description={MARKUP}", f"/?x={MARKUP}"),
        *(f"/oauth/authorize?redirect_uri={MARKUP}", f"/.well-known/webfinger?resource={MARKUP}"),
        *(
            "/sign-in?to=https://evil.test/",
            "/sign-in?to=//evil.test/",
            "/sign-in?to=/%5Cevil.test/",
        ),
    ],
)
async def test_x07_reflected_input(trial: Trial, path: str):
    for kind in ("text/html", "*/*"):
        answer = await trial.stage.send(plain("GET", path, {"Accept": kind}))
        assert answer.status in {200, 303, 400, 404}
        assert b"<script>alert(1)" not in answer.body
        assert "evil.test" not in answer.headers.get("location", "")
        if "text/html" in answer.headers.get("content-type", ""):
            assert b'"https://evil.test' not in answer.body
