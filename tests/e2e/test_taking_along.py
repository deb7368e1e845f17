"""Somebody takes everything along from the settings, by keys alone, and is told what happens."""

import zipfile
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.desk import Desk
from tests.e2e.journeys import PASSWORD, PATIENCE_MS
from tests.e2e.test_keyboard import tab_to

pytestmark = pytest.mark.browser


async def test_everything_is_downloaded_and_the_page_says_so(desk: Desk, tmp_path: Path) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "Chapter two?")
    await desk.open("/settings")
    part = page.get_by_role("region", name="Take your data along")
    await page.get_by_role("link", name="Take your data along").focus()
    await page.keyboard.press("Enter")
    await tab_to(page, part.get_by_label("Present password"))
    await page.keyboard.type(PASSWORD)

    async with page.expect_download() as begun:
        await page.keyboard.press("Enter")
    download = await begun.value
    await download.save_as(tmp_path / "alice.zip")

    assert download.suggested_filename.startswith("covey-alice-")
    await expect(part.get_by_text("your browser is downloading")).to_be_visible()
    await expect(part.get_by_label("Present password")).to_have_value("")
    with zipfile.ZipFile(tmp_path / "alice.zip") as archive:
        said = archive.read(f"conversations/{room}/messages.jsonl")
    assert b"Chapter two?" in said
    await part.get_by_label("Present password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text(
        "You can again in 60 minutes.", timeout=PATIENCE_MS
    )
    assert all("429" in one for one in desk.complaints)


async def test_an_archive_is_brought_by_keys_alone_and_what_is_none_is_refused(
    desk: Desk, tmp_path: Path
) -> None:
    page = desk.page
    await desk.open("/settings")
    part = page.get_by_role("region", name="Take your data along")
    await part.get_by_label("Present password").fill(PASSWORD)
    async with page.expect_download() as begun:
        await page.keyboard.press("Enter")
    await (await begun.value).save_as(tmp_path / "alice.zip")
    (tmp_path / "none.zip").write_bytes(b"no archive")
    arriving = page.get_by_role("region", name="Bring your data along")

    await arriving.get_by_label("ZIP file").set_input_files(tmp_path / "none.zip")
    await page.get_by_role("button", name="Take it over").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("This is no archive")
    await arriving.get_by_label("ZIP file").set_input_files(tmp_path / "alice.zip")
    await page.get_by_role("button", name="Take it over").press("Enter")

    await expect(arriving.get_by_role("status")).to_contain_text("Your data was taken over.")
    assert all("422" in one for one in desk.complaints)
