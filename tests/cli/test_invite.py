"""Invitations to a node are made, listed and ended at its machine."""

from pathlib import Path

import pytest

from federation.protocol import strict_json
from tests.cli.conftest import Covey


def listed(covey: Covey, node: Path) -> list[dict[str, object]]:
    out = covey("invite", "list", "--json", "--config", node).out
    items: list[dict[str, object]] = strict_json.loads(b'{"items": %s}' % out.encode())["items"]
    return items


def test_a_link_is_printed_and_nothing_else(covey: Covey, node: Path) -> None:
    made = covey("invite", "create", "--config", node)

    assert made.status == 0
    assert made.out.startswith("https://alpha.test/sign-up/")
    assert len(made.out.splitlines()) == 1
    assert [(one["uses"], one["uses_left"]) for one in listed(covey, node)] == [(1, 1)]


def test_the_list_has_no_secrets(covey: Covey, node: Path) -> None:
    made = covey("invite", "create", "--uses", "20", "--days", "30", "--json", "--config", node)
    link = strict_json.loads(made.out.encode())
    shown = covey("invite", "list", "--config", node).out

    assert link["id"] in shown
    assert "20 of 20 left" in shown
    assert link["url"].rpartition("/")[2] not in shown


def test_a_link_is_ended(covey: Covey, node: Path) -> None:
    made = covey("invite", "create", "--json", "--config", node)
    link_id = str(strict_json.loads(made.out.encode())["id"])

    assert covey("invite", "revoke", link_id, "--config", node).status == 0
    assert listed(covey, node) == []
    again = covey("invite", "revoke", link_id, "--config", node)
    assert (again.status, len(again.err.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    "option", [("--uses", "0"), ("--uses", "1001"), ("--days", "0"), ("--days", "91")]
)
def test_what_is_out_of_bounds_is_wrong_usage(
    covey: Covey, node: Path, option: tuple[str, str]
) -> None:
    assert covey("invite", "create", *option, "--config", node).status == 2
    assert listed(covey, node) == []
