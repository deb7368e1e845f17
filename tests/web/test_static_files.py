"""The browser gets the files of the page, and nothing else of the disk."""

import re

import pytest

from node.web.static_files import FOLDER, LATER, WORKER, load_files
from tests.support.page_browser import Browser

STATIC = load_files()
MAIN = STATIC.address("main.js")


async def test_a_module_is_served_for_ever(browser: Browser):
    status, headers = await browser.headers(MAIN)

    assert status == 200
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_another_version_is_asked_for_again(browser: Browser):
    status, headers = await browser.headers("/static/0123/main.js")

    assert (status, headers["Cache-Control"]) == (200, "no-cache")


async def test_an_unchanged_file_is_not_sent_again(browser: Browser):
    _, headers = await browser.headers(MAIN)

    status, _ = await browser.headers(MAIN, **{"If-None-Match": headers["Etag"]})

    assert status == 304


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/../routes.py",
        "/static/x/%2e%2e/routes.py",
        "/static/x/..%2froutes.py",
        "/static/x//etc/passwd",
        "/static/x/%2fetc%2fpasswd",
        "/static/x/..\\routes.py",
        "/static/x/elements",
        "/static/x/main.js%00.css",
        "/static/x/",
        "/static/main.js",
    ],
)
async def test_there_is_no_way_out_of_the_folder(browser: Browser, path: str):
    status, text = await browser.get(path)

    assert status in {400, 404}
    assert "import" not in text


def test_every_import_names_a_file_that_is_served():
    for path in STATIC.modules:
        here = (FOLDER / path).parent
        for target in re.findall(r'(?:from|import) "(\.[^"]+)"', text_of(path)):
            assert (here / target).resolve().relative_to(FOLDER).as_posix() in STATIC.files


def test_the_first_view_is_small():
    packed = sum(len(STATIC.files[path].packed) for path in STATIC.files if is_of_first_view(path))

    assert packed < 100_000


def test_the_list_takes_little_script():
    assert sum(len(STATIC.files[path].body) for path in STATIC.modules) < 150_000


def test_what_is_fetched_with_the_page_is_what_the_page_imports():
    reached, asked = set(), ["main.js"]
    while asked:
        path = asked.pop()
        if path not in reached:
            reached.add(path)
            named = re.findall(
                r'^(?:import|\} from|import .*? from) "(\.[^"]+)"', text_of(path), re.MULTILINE
            )
            here = (FOLDER / path).parent
            asked += [(here / one).resolve().relative_to(FOLDER).as_posix() for one in named]

    assert reached == set(STATIC.modules)


def is_of_first_view(path: str) -> bool:
    """Not another language's texts, nor what is for installing or fetched when it is wanted."""
    is_foreign = path.startswith("texts/") and "en" not in path
    return not is_foreign and not path.startswith("icons/") and path not in {*LATER, WORKER}


def text_of(path: str) -> str:
    return STATIC.files[path].body.decode()
