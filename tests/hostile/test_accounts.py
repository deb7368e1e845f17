"""Group A of the corpus: an account is opened by its owner, and nothing else acts in its name."""

from dataclasses import replace

import pytest

from node.clock import Clock
from node.entropy import Entropy
from tests.hostile.browser import FORM, ORIGIN, Browser
from tests.hostile.trial import Trial
from tests.hostile.wire import plain
from tests.support.person import API
from tests.support.process_node import NodeDiedError

SESSIONS = ("session", "known_device", "account", "token")


async def test_a05_brute_force_on_one_account(fresh: Trial):
    stage = fresh.stage
    owner = Browser(stage, "127.5.0.1")
    assert (await owner.sign_in("dee")).status == 303
    fresh.may_change(*SESSIONS)
    statuses = []
    for n in range(60):
        guesser = Browser(stage, f"127.4.{n // 250}.{n % 250 + 1}")
        statuses.append((await guesser.sign_in("dee", f"guess {n}")).status)
    assert statuses[-1] == 429
    assert statuses.count(403) <= 20

    owner.cookies = {name: value for name, value in owner.cookies.items() if "device" in name}
    assert (await owner.sign_in("dee")).status == 303


async def test_a05_brute_force_from_one_address(fresh: Trial):
    guesses = [Browser(fresh.stage, fresh.source).sign_in(f"name{n}", "guess") for n in range(30)]
    statuses = [(await guess).status for guess in guesses]
    assert statuses[-1] == 429
    assert statuses.count(403) <= 20


async def signed_in(trial: Trial, name: str = "lena") -> Browser:
    """Somebody's browser, before the case begins."""
    browser = Browser(trial.stage, trial.source)
    assert (await browser.sign_in(name)).status == 303
    trial.begin()
    trial.may_change("session")
    return browser


async def test_a06_cross_site_requests(trial: Trial):
    browser = await signed_in(trial)
    room = (await trial.stage.lena.see(trial.stage.group))["id"]
    path = f"{API}/conversations/{room}/messages"
    trial.may_change("session", "token")
    csrf = await browser.token_of("/chat")
    for origin, kind, extra in (
        ("https://evil.test", "application/json", {"X-CSRF-Token": csrf}),
        ("null", "application/json", {"X-CSRF-Token": csrf}),
        ("", "application/json", {"X-CSRF-Token": csrf}),
        (ORIGIN, "application/json", {}),
        (ORIGIN, "application/json", {"X-CSRF-Token": "x"}),
        ("https://evil.test", "text/plain", {}),
        ("https://evil.test", FORM, {}),
    ):
        headers = {"Content_Type": kind, **({"Origin": origin} if origin else {}), **extra}
        answer = await browser.ask("POST", path, b'{"text":"forged"}', **headers)
        assert answer.status in trial.entry.statuses
    for target in ("/api/v1/statuses", "/inbox", "/u/lena/outbox"):
        answer = await browser.ask(
            "POST", target, b"{}", Origin=ORIGIN, Content_Type="application/json"
        )
        assert answer.status in trial.entry.statuses | {404}
    for target in ("/sign-out", f"{API}/conversations/{room}/leave"):
        answer = await browser.get(target)
        assert answer.status in {404, 405}
    cross = await browser.ask(
        "POST", "/sign-out", b"", Origin="https://evil.test", Content_Type=FORM
    )
    assert cross.status in trial.entry.statuses


async def test_a07_session_cookie_hygiene(trial: Trial):
    browser = Browser(trial.stage, trial.source)
    trial.may_change(*SESSIONS)
    browser.cookies["__Host-covey"] = "fixed-by-somebody-else"
    fixed = dict(browser.cookies)
    answer = await browser.sign_in("lena")
    assert answer.status == 303
    (cookie,) = [one for one in answer.cookies if one.startswith("__Host-covey=")]
    attributes = cookie.lower()
    assert "httponly" in attributes
    assert "secure" in attributes
    assert "samesite=" in attributes
    name, _, rest = cookie.partition("=")
    value = rest.partition(";")[0]
    assert value not in fixed.values()
    assert value not in "\n".join(trial.log_lines())
    kept = trial.stage.kept
    for table in kept.tables():
        # The name comes from the database.
        assert value not in str(kept.rows(f'SELECT * FROM "{table}"', ()))  # noqa: S608
    for path in ("/chat", "/"):
        assert value.encode() not in (await browser.get(path)).body
    await browser.fill_in_at("/chat", "/sign-out", {})
    browser.cookies[name] = value
    headers = {"Cookie": f"{name}={value}", "Accept": "application/json"}
    assert (await trial.stage.send(plain("GET", f"{API}/me", headers))).status == 401


async def test_a14_predictable_secrets(trial: Trial):
    entropy = Entropy(Clock().now)
    tokens = {entropy.hexadecimal() for _ in range(10_000)}
    assert len(tokens) == 10_000
    assert min(len(token) for token in tokens) * 4 >= 128
    # Of so many every digit is as frequent as any other, at every place.
    for place in range(16):
        counts = [sum(token[place] == digit for token in tokens) for digit in "0123456789abcdef"]
        assert 450 < min(counts) <= max(counts) < 800
    config = trial.stage.folder / "home.test" / "config.toml"
    text = config.read_text()
    without = "\n".join(line for line in text.splitlines() if "secret_key" not in line)
    folder = trial.stage.folder / "no-secret"
    folder.mkdir()
    (folder / "config.toml").write_text(without)
    with pytest.raises(NodeDiedError, match="secret"):
        await replace(trial.stage.node, folder=folder).covey("user", "list")
