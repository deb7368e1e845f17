"""What only a check can make is made by that check alone."""

import ast

import pytest

from tests.architecture.conftest import PACKAGES, named, sources


def makers(name: str) -> set[str]:
    """The modules that call this class, whatever they call it by."""
    found = set()
    for path in sources(*PACKAGES):
        tree = ast.parse(path.read_text())
        names = {name} | {
            alias.asname
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if alias.name == name and alias.asname
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node.func) in names:
                found.add(named(path))
    return found


def called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("Verified", "federation/protocol/signature/verify.py"),
        ("Authenticated", "federation/protocol/ownership.py"),
        ("ProvenPasskey", "node/identity/passkeys.py"),
    ],
)
def test_there_is_one_maker(name: str, maker: str) -> None:
    assert makers(name) == {maker}


@pytest.mark.parametrize("name", ["Verified", "Authenticated"])
def test_nobody_makes_one_by_copying_another(name: str) -> None:
    for path in sources(*PACKAGES):
        text = path.read_text()
        assert not (name in text and "dataclasses.replace" in text), named(path)
