"""Lists come in pages whose neighbours are named."""

import pytest
from aiohttp.test_utils import make_mocked_request

from node.http.errors import DeclinedError
from node.http.paging import LIMIT_MAX, Page, link_header, read_page


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", Page(50)),
        ("limit=1", Page(1)),
        ("limit=100000000000000", Page(LIMIT_MAX)),
        ("before=01J", Page(50, before="01J")),
        ("after=01J&limit=7", Page(7, after="01J")),
    ],
)
def test_a_query_asks_for_a_page(query: str, page: Page) -> None:
    assert read_page(make_mocked_request("GET", f"/list?{query}")) == page


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=x", "limit=", "limit=%C2%B2", "before=a&after=b"]
)
def test_a_query_that_asks_for_nonsense_is_declined(query: str) -> None:
    with pytest.raises(DeclinedError) as caught:
        read_page(make_mocked_request("GET", f"/list?{query}"))
    assert caught.value.problem.status == 400


def test_a_cursor_has_an_end() -> None:
    with pytest.raises(DeclinedError):
        read_page(make_mocked_request("GET", "/list?before=" + "x" * 2049))


def test_neighbours_keep_the_rest_of_the_query() -> None:
    request = make_mocked_request("GET", "/list?state=joined&limit=2&before=M")

    link = link_header("https://alpha.test", request, older="C", newer="X")

    assert link == (
        '<https://alpha.test/list?state=joined&limit=2&before=C>; rel="next", '
        '<https://alpha.test/list?state=joined&limit=2&after=X>; rel="prev"'
    )


def test_without_neighbours_there_is_nothing_to_name() -> None:
    assert link_header("https://alpha.test", make_mocked_request("GET", "/list")) == ""
