"""Every address below /admin, each method, for everybody who may come with a browser."""

import pytest

from node.app import build_app
from node.roles import Role
from storage.database import fetch
from tests.support.console import Console, at_console
from tests.support.live_node import LiveNode
from tests.support.route_matrix import KINDS

# A page and a form of each kind, by role: what they are answered; "in" for anything but a refusal.
MAY = {
    "admin page": {"owner": "in", "admin": "in", "moderator": 403, "member": 403, "nobody": 303},
    "staff page": {"owner": "in", "admin": "in", "moderator": "in", "member": 403, "nobody": 303},
}
ROUTES = sorted(route for route in KINDS if route.split(" ")[1].startswith("/admin"))
FILLED = {
    "list": "partner",
    "rule": "bad",
    "name": "bo",
    "host": "beta.test",
    "report": "x",
    "link": "x",
}
# Besides the tables that a form could change by mistake.
TABLES = ("account", "session", "sign_up_link", "report", "policy_rule", "audit", "delivery")


def path_of(route: str) -> str:
    path = route.split(" ")[1]
    for name, value in FILLED.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def visitors(node: LiveNode) -> dict[str, Console]:
    names = {"owner": "olga", "admin": "ada", "moderator": "mo", "member": "cy"}
    found = {role: await at_console(node, name, role) for role, name in names.items()}
    return found | {"nobody": Console(node, "nobody")}


async def everything(node: LiveNode) -> list[object]:
    # The name of a table cannot be a parameter.
    return [await node.rows(f"SELECT * FROM {table}") for table in TABLES]  # noqa: S608


async def test_every_address_of_these_pages_is_in_the_table(node: LiveNode) -> None:
    routes = build_app(node.node.parts, Role.ALL).router.routes()
    found = {
        f"{route.method} {route.resource.canonical}"
        for route in routes
        if route.resource and route.method != "HEAD"
    }

    assert sorted(each for each in found if each.split(" ")[1].startswith("/admin")) == ROUTES


async def test_each_role_is_let_in_where_the_table_says(node: LiveNode) -> None:
    people = await visitors(node)
    await at_console(node, "bo")
    wrong = []
    for route in ROUTES:
        method, kind = route.split(" ")[0], KINDS[route].replace("form", "page")
        for role, person in people.items():
            page = await (
                person.get(path_of(route)) if method == "GET" else person.post(path_of(route))
            )
            expected = MAY[kind][role]
            is_in = page.status < 500 and page.status not in {401, 403, 405}
            if not (is_in if expected == "in" else page.status == expected):
                wrong.append(f"{route} {role}: {page.status}")

    assert wrong == []


async def test_who_may_not_come_changes_nothing(node: LiveNode) -> None:
    people = await visitors(node)
    before = await everything(node)
    for route in ROUTES:
        for role in ("moderator", "member", "nobody"):
            if MAY[KINDS[route].replace("form", "page")][role] == "in":
                continue
            if route.startswith("POST"):
                await people[role].post(path_of(route))

    assert await everything(node) == before


@pytest.mark.parametrize("wrong", ["no token", "another token", "another site", "another method"])
async def test_a_form_that_is_not_from_our_page_changes_nothing(
    node: LiveNode, owner: Console, wrong: str
) -> None:
    await at_console(node, "bo")
    before = await everything(node)
    statuses = set()
    for route in ROUTES:
        path = path_of(route)
        if route.startswith("GET"):
            continue
        if wrong == "another method" and f"GET {route.split(' ')[1]}" not in KINDS:
            statuses.add((await owner.get(path)).status)
        elif wrong == "no token":
            statuses.add((await owner.post_raw(path, {})).status)
        elif wrong == "another token":
            statuses.add((await owner.post_raw(path, {"csrf": "x" * 43})).status)
        elif wrong == "another site":
            page = await owner.post_raw(path, {"csrf": owner.csrf}, Origin="https://evil.test")
            statuses.add(page.status)

    assert statuses <= {403, 405}
    assert await everything(node) == before


async def test_a_role_that_has_ended_ends_here_at_once(node: LiveNode, admin: Console) -> None:
    before = await admin.get("/admin/accounts")
    await node.inside(fetch("UPDATE account SET role = 'member' WHERE name = 'ada' RETURNING name"))

    after = await admin.get("/admin/accounts")

    assert (before.status, after.status) == (200, 403)
    assert after.says("This is for the people who run this node.")


async def test_no_page_is_kept_by_a_browser_or_may_run_a_script(
    node: LiveNode, owner: Console
) -> None:
    for route in ROUTES:
        if route.startswith("GET"):
            page = await owner.get(path_of(route))

            assert page.headers["Cache-Control"] == "no-store", route
            assert "unsafe" not in page.headers["Content-Security-Policy"], route
            # An error page has one, by its address.
            assert page.status == 404 or "<script" not in page.text, route


async def test_only_who_runs_the_node_is_shown_the_way(owner: Console, member: Console) -> None:
    assert 'href="/admin"' in (await owner.get("/settings")).text
    assert 'href="/admin"' not in (await member.get("/settings")).text
