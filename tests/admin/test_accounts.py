"""Who runs the node decides about people's accounts, and not about who stands above them."""

import pytest

from federation.commands.appoint import RANKS, may_act_on, may_appoint
from storage import second_factors
from storage.database import run
from tests.support.console import Console, at_console
from tests.support.live_node import LiveNode

ROLES = tuple(RANKS)


async def role_of(node: LiveNode, name: str) -> str:
    (row,) = await node.rows("SELECT role FROM account WHERE name = $1", name)
    return str(row["role"])


async def state_of(node: LiveNode, name: str) -> str:
    (row,) = await node.rows("SELECT state FROM account WHERE name = $1", name)
    return str(row["state"])


# Who acts, on whom, and whether they may.
ACTS = {
    ("owner", "owner"): True,
    ("owner", "admin"): True,
    ("owner", "moderator"): True,
    ("owner", "member"): True,
    ("admin", "owner"): False,
    ("admin", "admin"): False,
    ("admin", "moderator"): True,
    ("admin", "member"): True,
}


@pytest.mark.parametrize("acting", [*ROLES, "", "king"])
@pytest.mark.parametrize("role", [*ROLES, "king"])
def test_who_may_act_on_whom(acting: str, role: str) -> None:
    expected = acting == "owner" if role == "king" else ACTS.get((acting, role), False)

    assert may_act_on(acting, role) is expected


@pytest.mark.parametrize("acting", ROLES)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("wanted", ROLES)
def test_a_role_is_given_by_who_may_take_it(acting: str, role: str, wanted: str) -> None:
    both = ACTS.get((acting, role), False) and ACTS.get((acting, wanted), False)

    assert may_appoint(acting, role, wanted) is both
    # Stepping down is everybody's own choice, up is nobody's.
    assert may_appoint(acting, role, wanted, is_oneself=True) is (RANKS[wanted] < RANKS[role])


async def test_accounts_are_listed_found_and_paged(node: LiveNode, owner: Console) -> None:
    for number in range(60):
        await node.inside(
            run(
                "INSERT INTO account (name, actor_uri, role, created_at)"
                " VALUES ($1, $2, 'member', 0)",
                f"p{number:02}",
                f"https://alpha.test/u/p{number:02}",
            )
        )

    first = await owner.get("/admin/accounts")
    rest = await owner.get("/admin/accounts?q=&after=p47")
    found = await owner.get("/admin/accounts?q=@P59@alpha.test")
    staff = await owner.get("/admin/accounts?role=owner")
    odd = await owner.get("/admin/accounts?q=%25&state=nothing")

    assert first.text.count("<li>\n    <p") == 50
    assert 'rel="next" href="/admin/accounts?after=p47"' in first.text
    assert rest.says("p59@alpha.test")
    assert not rest.says("p47@alpha.test")
    assert found.says("p59@alpha.test")
    assert not found.says("p58@alpha.test")
    assert staff.says("olga@alpha.test")
    assert not staff.says("p00@alpha.test")
    assert odd.says("No account is like that.")


async def test_a_role_is_given_and_written_down(node: LiveNode, owner: Console) -> None:
    await at_console(node, "cy")

    page = await owner.post("/admin/accounts/cy/role", role="moderator")

    assert page.status == 200
    assert page.says("The role is changed.")
    assert page.says("Role changed: from Member to Moderation olga@alpha.test")
    assert await role_of(node, "cy") == "moderator"
    assert await owner.deeds() == [("account.role", "cy", "member moderator", "web")]


async def test_an_admin_touches_nobody_who_runs_the_node(
    node: LiveNode, owner: Console, admin: Console
) -> None:
    await at_console(node, "ben", "admin")
    await at_console(node, "cy")
    for name in ("olga", "ben"):
        for act in ("suspend", "sign-out", "second-factor"):
            assert (await admin.post(f"/admin/accounts/{name}/{act}")).status == 403, (name, act)
        assert (await admin.post(f"/admin/accounts/{name}/role", role="member")).status == 403
        shown = await admin.get(f"/admin/accounts/{name}")
        assert "<form" not in shown.text

    raised = [await admin.post("/admin/accounts/cy/role", role=role) for role in ("admin", "owner")]

    assert [page.status for page in raised] == [403, 403]
    assert raised[0].says("Only an owner may do that to people who run this node.")
    assert [await role_of(node, name) for name in ("olga", "ben", "cy")] == [
        *("owner", "admin", "member")
    ]
    assert await admin.deeds() == []
    assert (await owner.get("/admin")).status == 200


async def test_the_last_owner_stays_one(node: LiveNode, owner: Console) -> None:
    alone = await owner.post("/admin/accounts/olga/role", role="member")
    second = await at_console(node, "otto", "owner")
    both = await owner.post("/admin/accounts/olga/role", role="member")
    again = await second.post("/admin/accounts/otto/role", role="admin")

    assert (alone.status, both.status, again.status) == (409, 200, 409)
    assert alone.says("This is the only owner; make another one first.")
    assert [await role_of(node, name) for name in ("olga", "otto")] == ["member", "owner"]


async def test_an_owner_who_is_suspended_does_not_count(node: LiveNode, owner: Console) -> None:
    await at_console(node, "otto", "owner")
    suspended = await owner.post("/admin/accounts/otto/suspend")

    page = await owner.post("/admin/accounts/olga/role", role="member")

    assert (suspended.status, page.status) == (200, 409)


async def test_an_account_is_suspended_with_a_reason_and_restored(
    node: LiveNode, admin: Console, member: Console
) -> None:
    before = await member.get("/settings")
    suspended = await admin.post("/admin/accounts/cy/suspend", reason=" case 12 ")
    after = await member.get("/settings")
    twice = await admin.post("/admin/accounts/cy/suspend")
    listed = await admin.get("/admin/accounts?state=suspended")
    restored = await admin.post("/admin/accounts/cy/restore")
    again = await admin.post("/admin/accounts/cy/restore")

    assert (before.status, after.status) == (200, 303)
    assert suspended.says("The account is suspended.")
    assert suspended.says("case 12")
    assert (twice.status, again.status) == (409, 409)
    assert listed.says("cy@alpha.test")
    assert restored.says("The account can be used again.")
    assert await state_of(node, "cy") == "active"
    assert await admin.deeds() == [
        ("account.suspended", "cy", "case 12", "web"),
        ("account.restored", "cy", "", "web"),
    ]
    assert (await member.get("/settings")).status == 303


async def test_a_reason_that_is_too_long_changes_nothing(
    node: LiveNode, admin: Console, member: Console
) -> None:
    page = await admin.post("/admin/accounts/cy/suspend", reason="x" * 501)

    assert page.status == 422
    assert page.says("A reason has at most 500 characters.")
    assert await state_of(node, "cy") == "active"
    assert member.name == "cy"


async def test_somebody_is_signed_out_everywhere(admin: Console, member: Console) -> None:
    page = await admin.post("/admin/accounts/cy/sign-out")

    assert page.says("The account is signed out everywhere.")
    assert page.says("in 0 browsers")
    assert (await member.get("/settings")).status == 303
    assert await admin.deeds() == [("account.signed_out", "cy", "", "web")]


async def test_a_lost_second_factor_is_reset(
    node: LiveNode, admin: Console, member: Console
) -> None:
    await node.inside(second_factors.begin("cy", b"sealed", node.clock.now()))
    await node.inside(second_factors.turn_on("cy", ["hash"]))
    before = await admin.get("/admin/accounts/cy")

    page = await admin.post("/admin/accounts/cy/second-factor")

    assert before.says("A code is asked for beside the password.")
    assert page.says("The password is enough.")
    assert (await member.get("/settings")).status == 303
    assert await node.rows("SELECT * FROM second_factor") == []
    assert await admin.deeds() == [("account.factor_reset", "cy", "", "web")]


async def test_nobody_suspends_themselves(owner: Console) -> None:
    await at_console(owner.node, "otto", "owner")

    page = await owner.post("/admin/accounts/olga/suspend")

    assert page.status == 409
    assert page.says("That is your own account.")
    assert (await owner.get("/admin")).status == 200


@pytest.mark.parametrize("act", ["role", "suspend", "restore", "sign-out", "second-factor"])
async def test_what_is_about_nobody_is_not_there(owner: Console, act: str) -> None:
    assert (await owner.get("/admin/accounts/nobody")).status == 404
    assert (await owner.post(f"/admin/accounts/nobody/{act}", role="member")).status == 404


async def test_a_role_that_there_is_not_is_refused(owner: Console, member: Console) -> None:
    page = await owner.post("/admin/accounts/cy/role", role="king")
    same = await owner.post("/admin/accounts/cy/role", role="member")

    assert (page.status, same.status) == (422, 409)
    assert await owner.deeds() == []
    assert member.name == "cy"
