"""The chat can be installed, and what the browser keeps of it is nobody's in particular."""

import json
import re
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from node.web.draw_icons import ICONS, draw
from node.web.static_files import load_files
from tests.support.page_browser import PASSWORD, Browser, token_in

STATIC = load_files()


async def test_the_manifest_names_the_node_and_icons_that_are_there(browser: Browser):
    _, page = await browser.get("/sign-in")
    _, headers = await browser.headers("/manifest.webmanifest")

    manifest = json.loads((await browser.get("/manifest.webmanifest"))[1])

    assert 'href="/manifest.webmanifest"' in page
    assert headers["Content-Type"] == "application/manifest+json"
    assert (manifest["name"], manifest["start_url"]) == ("Covey", "/chat")
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    assert "maskable" in {icon["purpose"] for icon in manifest["icons"]}
    for icon in manifest["icons"]:
        status, served = await browser.headers(icon["src"])
        assert (status, served["Content-Type"]) == (200, icon["type"])


async def test_the_colours_of_both_themes_are_those_of_the_pages(browser: Browser):
    manifest = json.loads((await browser.get("/manifest.webmanifest"))[1])
    _, page = await browser.get("/sign-in")

    sheets = [STATIC.files[f"css/{name}.css"].body.decode() for name in ("tokens", "dark")]
    light, dark = [re.findall(r"--ground: (#[0-9a-f]{6})", sheet)[0] for sheet in sheets]
    said = dict(re.findall(r'content="(#[0-9a-f]+)" media="\(prefers-color-scheme: (\w+)', page))
    assert said == {light: "light", dark: "dark"}
    assert {manifest["theme_color"], manifest["background_color"]} == {light}


async def test_the_worker_keeps_every_file_of_the_chat_and_one_page(browser: Browser):
    status, script = await browser.get("/service-worker.js")

    found = re.match(r"self\.SHELL = (\{.*\});\n", script)
    assert status == 200
    assert found
    kept = json.loads(found[1])
    assert kept["page"] == "/chat-shell"
    for address in (*map(STATIC.address, STATIC.modules), STATIC.address("css/room.css")):
        assert address in kept["files"]
    for address in kept["files"]:
        _, headers = await browser.headers(address)
        assert "immutable" in headers["Cache-Control"]


async def test_a_browser_asks_for_the_worker_each_time_and_lets_it_run_nothing_else(
    browser: Browser,
):
    _, headers = await browser.headers("/service-worker.js")

    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]


async def test_the_page_that_is_kept_has_nobody_in_it(browser: Browser, setup_path: str):
    await browser.fill_in(setup_path, name="alice", password=PASSWORD, again=PASSWORD)
    _, own = await browser.get("/chat")

    _, kept = await browser.get("/chat-shell")

    assert csrf_in(own)
    assert csrf_in(kept) == ""
    assert kept == own.replace(csrf_in(own), "")


async def test_signing_out_forgets_what_the_browser_keeps(browser: Browser, setup_path: str):
    await browser.fill_in(setup_path, name="alice", password=PASSWORD, again=PASSWORD)
    _, page = await browser.get("/chat")

    _, _, headers = await browser.post("/sign-out", {"csrf": token_in(page)})

    assert headers["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_what_the_program_draws(name: str):
    side, is_maskable = ICONS[name]

    kept = Image.open(BytesIO(STATIC.files[f"icons/{name}"].body))

    assert kept.size == (side, side)
    difference = ImageChops.difference(kept, draw(side, is_maskable=is_maskable))
    assert difference.getbbox() is None


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]*)"', page)
    assert found
    return found[1]
