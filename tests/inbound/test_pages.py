"""However a collection goes on, it is read to an end: so many pages, so many items, none twice."""

from collections.abc import Sequence

import pytest

from federation.inbound.pages import ITEMS_MAX, PAGES_MAX, Unread, pages
from tests.support.origins import Origins

LOG = "https://beta.test/log"


def serve(origins: Origins, name: str, *, next_page: str, items: int = 1) -> str:
    """A page that names the one that follows."""
    url = f"{LOG}?after={name}"
    origins.served[url] = {
        "id": url,
        "type": "OrderedCollectionPage",
        "orderedItems": [f"{LOG}/{name}.{number}" for number in range(items)],
        "next": f"{LOG}?after={next_page}" if "://" not in next_page else next_page,
    }
    return url


async def read(origins: Origins, url: str, *, most: int = PAGES_MAX) -> Sequence[int]:
    """How many items were read of each page."""
    found = []
    async for page in pages(origins, url, allow_http=False, most=most):  # type: ignore[arg-type]
        assert not isinstance(page, Unread)
        found.append(len(page.items))
    return found


@pytest.mark.parametrize("ring", ["0", "01", "0123"])
async def test_no_page_is_read_twice(ring: str):
    origins = Origins()
    for name, following in zip(ring, ring[1:] + ring[0], strict=True):
        serve(origins, name, next_page=following)

    assert await read(origins, f"{LOG}?after=0") == [1] * len(ring)
    assert len(origins.asked) == len(ring)


async def test_pages_without_end_are_read_up_to_a_number():
    origins = Origins()
    for number in range(2 * PAGES_MAX):
        serve(origins, str(number), next_page=str(number + 1))

    assert len(await read(origins, f"{LOG}?after=0")) == PAGES_MAX
    assert len(await read(origins, f"{LOG}?after=0", most=10)) == 10


async def test_of_a_page_only_so_many_items_are_looked_at():
    origins = Origins()
    url = serve(origins, "0", next_page="", items=ITEMS_MAX + 1)
    origins.served[url] = {**origins.served[url], "next": ""}

    assert await read(origins, url) == [ITEMS_MAX]


async def test_the_next_page_is_on_the_same_origin():
    origins = Origins()
    url = serve(origins, "0", next_page="https://evil.test/log")

    await read(origins, url)

    assert origins.asked == [url]
