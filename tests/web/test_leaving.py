"""Who deletes their own account says so, knows the password, and is out at once."""

import pytest
import pytest_asyncio

from storage.accounts import DELETED, find_account
from storage.audit import listed
from storage.database import insert_many
from tests.support.page_browser import PASSWORD, Browser, Fields, token_in
from tests.support.page_site import BASE_URL

ALICE = f"{BASE_URL}/u/alice"
PATH = "/settings/account/delete"


@pytest_asyncio.fixture
async def alice(browser: Browser, owner: str) -> Browser:
    """Signed in; somebody else owns the node as well."""
    await insert_many(
        "account",
        ("name", "actor_uri", "role", "password_hash", "created_at"),
        [("olga", f"{BASE_URL}/u/olga", "owner", "", 0)],
    )
    await browser.fill_in("/sign-in", name=owner, password=PASSWORD)
    return browser


async def delete(browser: Browser, **fields: str) -> tuple[int, str]:
    _, page = await browser.get("/settings")
    status, page, _ = await browser.post(PATH, Fields(csrf=token_in(page)) | fields)
    return status, page


async def test_an_account_is_deleted_by_its_person(alice: Browser):
    status, _ = await delete(alice, current=PASSWORD, sure="on")

    assert status == 303
    account = await find_account("alice")
    assert account is not None
    assert account.state == DELETED
    newest, *_ = await listed(before=2**31, limit=1)
    assert (newest["act"], newest["face"], newest["who"]) == ("account.deleted", "web", ALICE)
    assert (await alice.get("/settings"))[0] == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"current": PASSWORD}, "Say that you know"),
        ({"current": "something else", "sure": "on"}, "another one"),
        ({"sure": "on"}, "another one"),
    ],
)
async def test_without_password_or_saying_so_nothing_happens(
    alice: Browser, fields: dict[str, str], words: str
):
    status, page = await delete(alice, **fields)

    assert status == 422
    assert words in page
    account = await find_account("alice")
    assert account is not None
    assert account.state == "active"


async def test_the_only_owner_stays(browser: Browser, owner: str):
    await browser.fill_in("/sign-in", name=owner, password=PASSWORD)

    status, page = await delete(browser, current=PASSWORD, sure="on")

    assert status == 422
    assert "only owner" in page
    assert (await browser.get("/settings"))[0] == 200
