"""A tag in a comment is spelled one way and says where it comes from."""

import re

import pytest

from tests.architecture.conftest import PACKAGES, ROOT, named, sources

TAGS = {
    "SPEC": re.compile(r"SPEC\([^()]+( §[0-9A-Za-z.]+| [0-9][0-9.]*)[^()]*\): \S"),
    "COMPAT": re.compile(r"COMPAT\([a-z0-9-]+\): \S"),
    "SECURITY": re.compile(r"SECURITY: .*"),
    "PERF": re.compile(r"PERF: .*"),
}
RECORDED = re.compile(r"tests/wire/[\w./-]*\w")
TEST_NAME = re.compile(r"test_\w+(?:\.py)?")


def comments(tag: str) -> list[tuple[str, str]]:
    """Each comment or docstring paragraph that begins with this tag, with its place."""
    found = []
    for path in sources(*PACKAGES):
        text = path.read_text().splitlines()
        for number, line in enumerate(text):
            if re.match(rf'\s*(#|"""|[^#]+ #)?\s*{tag}[:(]', line):
                block = [line.strip()]
                for follower in text[number + 1 :]:
                    if "#" in line and not follower.strip().startswith("#"):
                        break
                    if not follower.strip() or block[-1].endswith('"""'):
                        break
                    block.append(follower.strip().lstrip("# "))
                found.append((f"{named(path)}:{number + 1}", " ".join(block)))
    return found


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_is_spelled_one_way(tag: str) -> None:
    assert [place for place, text in comments(tag) if not TAGS[tag].search(text)] == []


def test_a_compat_names_the_document_that_needs_it() -> None:
    missing = []
    for place, text in comments("COMPAT"):
        recorded = RECORDED.findall(text)
        is_there = bool(recorded) and all((ROOT / each).exists() for each in recorded)
        if not is_there and "https://" not in text:
            missing.append(place)
    assert missing == []


def test_a_security_line_names_a_test_that_exists() -> None:
    known = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    known |= {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    wrong = []
    for place, text in comments("SECURITY"):
        names = TEST_NAME.findall(text)
        if not names or not all(name in known or f"def {name}(" in tests for name in names):
            wrong.append(place)
    assert wrong == []
