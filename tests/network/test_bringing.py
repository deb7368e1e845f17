"""Somebody leaves one node with an archive and is themselves again on another."""

import io
import zipfile

import aiohttp

from tests.network.test_archives import Pages, archive_of, read_json
from tests.support.network import Network

PATH = "/settings/import"


async def bring(pages: Pages, data: bytes, *, token: bool = True) -> tuple[int, str, str]:
    """The status, where the answer leads, and the page."""
    _, page = await pages.ask("GET", "/settings")
    form = aiohttp.FormData()
    csrf = page.split(b'name="csrf" value="')[1].split(b'"')[0].decode()
    form.add_field("csrf", csrf if token else "wrong")
    form.add_field("file", io.BytesIO(data), filename="a.zip", content_type="application/zip")
    cookie = "; ".join(f"{name}={value}" for name, value in pages.cookies.items())
    headers = {"Cookie": cookie, "Origin": pages.node.base_url}
    async with pages.session.post(PATH, data=form, headers=headers, allow_redirects=False) as got:
        return got.status, got.headers.get("Location", ""), await got.text()


def without_its_folders(archive: zipfile.ZipFile) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as smaller:
        for name in archive.namelist():
            if "/" not in name:
                smaller.writestr(name, archive.read(name))
    return out.getvalue()


async def test_who_comes_from_another_node_is_who_they_were(network: Network) -> None:
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, di, eve = alpha.person("al"), alpha.person("bo"), beta.person("di"), beta.person("eve")
    for one in (al, bo, di, eve):
        await one.arrive()
    await al.follow(bo.acct)
    await network.settle()
    async with Pages(alpha) as pages:
        await pages.sign_in(al)
        await pages.fill_in("/settings/profile", of="/settings", name="Al", bio="I was there")
    old = await archive_of(al)

    async with Pages(beta) as pages:
        await pages.sign_in(eve)
        status, place, _ = await bring(pages, without_its_folders(old))
    await network.settle()
    new = await archive_of(eve)

    assert (status, place) == (303, "/settings?done=brought#import")
    assert read_json(new, "profile.json")["name"] == "Al"
    assert read_json(new, "profile.json")["bio"] == "I was there"
    assert read_json(new, "profile.json")["acct"] == eve.acct
    assert bo.acct in new.read("following_accounts.csv").decode()


async def test_what_is_no_archive_or_not_from_the_page_changes_nothing(network: Network) -> None:
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    old = without_its_folders(await archive_of(al))
    before = await al.must("GET", "/me")

    async with Pages(alpha) as pages:
        await pages.sign_in(al)
        nothing, _, page = await bring(pages, b"no archive")
        foreign, _, _ = await bring(pages, old, token=False)
        large, _, too_large = await bring(pages, bytes(16 * 1024 * 1024 + 1))

    assert (nothing, foreign, large) == (422, 403, 413)
    assert "This is no archive" in page
    assert "larger than 16 MB" in too_large
    assert await al.must("GET", "/me") == before
