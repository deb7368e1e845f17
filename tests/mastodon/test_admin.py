"""Tools for Mastodon's administrators keep domains out here, each by a rule of the database."""

import asyncio
import json
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import trustme

from federation.policy.domains import find_rule
from storage.database import run
from tests.mastodon.client import Client
from tests.network.stories import together
from tests.support.network import Network
from tests.support.shelf import shelf

BLOCKS = "/api/v1/admin/domain_blocks"
ALLOWS = "/api/v1/admin/domain_allows"
MEASURES = "/api/v1/admin/measures"


async def as_role(client: Client, role: str, *scopes: str) -> Client:
    node, name = client.node, client.api.name
    await node.inside(run("UPDATE account SET role = $2 WHERE name = $1", name, role))
    return await client.with_scopes(*(scopes or ("admin:read", "admin:write")))


@pytest.fixture
async def ada(al: Client) -> Client:
    """Al, who runs the node, with a token for it."""
    return await as_role(al, "admin")


async def is_out(client: Client, host: str) -> bool:
    policy = client.node.node.parts.policy
    await client.node.inside(policy.refresh())
    return find_rule(policy.rules(), host) is not None


async def acts(client: Client) -> list[tuple[str, str, str]]:
    rows = await client.node.rows("SELECT n, act, about, face FROM audit WHERE act LIKE 'rule.%'")
    return [(row["act"], row["about"], row["face"]) for row in sorted(rows, key=lambda r: r["n"])]


async def test_a_block_is_made_shown_changed_and_taken_back(ada: Client):
    said = {"severity": "suspend", "public_comment": "Spam", "private_comment": "case 3"}
    made = await ada.post(BLOCKS, domain="Bad.Example", **said)

    assert made.status == 200
    number = made.body["id"]
    assert re.fullmatch(r"\d{15,18}", number)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", made.body["created_at"])
    assert made.body == {
        "id": number,
        "domain": "bad.example",
        "digest": sha256(b"bad.example").hexdigest(),
        "created_at": made.body["created_at"],
        "reject_media": False,
        "reject_reports": False,
        "obfuscate": False,
        **said,
    }
    assert await is_out(ada, "sub.bad.example")
    assert (await ada.get(BLOCKS)).body == [made.body]
    assert (await ada.get(f"{BLOCKS}/{number}")).body == made.body

    changed = await ada.ask("PUT", f"{BLOCKS}/{number}", json={"severity": "silence"})
    assert changed.status == 200, changed.body
    assert (changed.body["id"], changed.body["severity"]) == (number, "silence")
    assert changed.body["public_comment"] == "Spam"
    assert not await is_out(ada, "bad.example")

    flags = {"reject_reports": "true", "reject_media": "1", "public_comment": ""}
    form = await ada.form("PUT", f"{BLOCKS}/{number}", list(flags.items()))
    assert form.body["reject_reports"] is True
    assert form.body["reject_media"] is True
    assert form.body["public_comment"] == ""
    assert len(await ada.node.rows("SELECT id FROM stored_rule")) == 2

    assert (await ada.ask("DELETE", f"{BLOCKS}/{number}")).body == {}
    assert (await ada.get(f"{BLOCKS}/{number}")).status == 404
    assert await ada.node.rows("SELECT id FROM stored_rule") == []
    assert {face for _, _, face in await acts(ada)} == {"api"}
    assert (await acts(ada))[0] == ("rule.added", "api.bad.example", "api")


async def test_who_does_not_run_the_node_may_do_nothing(al: Client):
    calls = [
        ("GET", BLOCKS),
        ("POST", BLOCKS),
        ("GET", ALLOWS),
        ("POST", ALLOWS),
        ("DELETE", f"{ALLOWS}/1"),
        ("PUT", f"{BLOCKS}/1"),
        ("POST", MEASURES),
    ]
    member = await as_role(al, "member")
    for method, path in calls:
        assert (await member.ask(method, path, json={"domain": "x.example"})).status == 403, path
    narrow = await as_role(al, "admin", "read", "write", "admin:read:domain_blocks")
    # A token of the command line administers as far as its person does.
    only_reads = await as_role(al, "admin", "admin:read:domain_blocks")
    assert (await narrow.get(BLOCKS)).status == 200
    assert (await only_reads.get(ALLOWS)).status == 403
    assert (await only_reads.post(BLOCKS, domain="x.example")).status == 403
    nobody = Client(al.node, al.api, "")
    assert (await nobody.get(BLOCKS)).status == 401
    assert await al.node.rows("SELECT id FROM stored_rule") == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"domain": "no domain"}, "Domain is not a valid domain"),
        ({}, "Domain is not a valid domain"),
        ({"domain": "x.example", "severity": "odd"}, "Severity is not included"),
        ({"domain": "alpha.test"}, "this node's own host"),
        ({"domain": "test"}, "this node's own host"),
        ({"domain": "x.example", "severity": "noop"}, "keeps nothing out"),
        ({"domain": "x.example", "public_comment": "x" * 501}, "public_reason"),
    ],
)
async def test_what_cannot_be_is_told_and_changes_nothing(
    ada: Client, said: dict[str, str], why: str
):
    answer = await ada.post(BLOCKS, **said)

    assert answer.status == 422
    assert why in answer.error
    assert await ada.node.rows("SELECT id FROM stored_rule") == []


async def test_a_block_that_is_there_is_named(ada: Client):
    made = await ada.post(BLOCKS, domain="bad.example", severity="silence")

    same = await ada.post(BLOCKS, domain="bad.example", severity="suspend")
    below = await ada.post(BLOCKS, domain="sub.bad.example", severity="silence", reject_media=False)
    worse = await ada.post(BLOCKS, domain="worse.bad.example", severity="suspend")

    assert (same.status, same.body["existing_domain_block"]) == (422, made.body)
    assert worse.status == 200
    assert below.status in {200, 422}


async def test_blocks_that_stand_elsewhere_are_listed_and_kept(ada: Client):
    node = ada.node
    await node.rules(
        '[[rule]]\nid = "two"\nstage = "domain"\nwhen.domain = ["a.example", "b.example"]\n'
        'action = "reject"\ndirection = "both"\n'
    )
    await node.block("old.example", "spam")

    listed = {one["domain"]: one for one in (await ada.get(BLOCKS)).body}
    refused = await ada.ask("DELETE", f"{BLOCKS}/{listed['a.example']['id']}")
    lifted = await ada.ask("DELETE", f"{BLOCKS}/{listed['old.example']['id']}")

    assert set(listed) == {"a.example", "b.example", "old.example"}
    assert refused.status == 422
    assert lifted.status == 200
    assert not await is_out(ada, "old.example")
    assert await is_out(ada, "a.example")


async def test_lists_come_in_pages(ada: Client):
    for number in range(5):
        await ada.post(BLOCKS, domain=f"bad{number}.example")

    first = await ada.get(BLOCKS, limit="2")
    links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', first.headers["Link"]))
    by_rel = {rel: url for url, rel in links.items()}
    second = await ada.get(by_rel["next"].removeprefix("https://alpha.test"))
    back = await ada.get(BLOCKS, limit="2", min_id=second.body[-1]["id"])
    last = await ada.get(BLOCKS, limit="2", max_id=second.body[-1]["id"])
    newest = await ada.get(BLOCKS, since_id=first.body[1]["id"])

    assert list(by_rel) == ["next", "prev"]
    assert "limit=2" in by_rel["next"]
    assert len({one["id"] for one in (*first.body, *second.body, *last.body)}) == 5
    assert 'rel="next"' not in last.headers["Link"]
    assert back.body[-1]["id"] > second.body[-1]["id"]
    assert [one["id"] for one in newest.body] == [first.body[0]["id"]]
    assert (await ada.get(BLOCKS, limit="x", max_id="~")).status == 200


async def test_a_domain_is_let_in_and_not_any_more(ada: Client):
    made = await ada.post(ALLOWS, domain="friend.example")
    again = await ada.post(ALLOWS, domain="friend.example")

    assert made.status == 200
    assert set(made.body) == {"id", "domain", "created_at"}
    assert again.body == made.body
    assert (await ada.get(ALLOWS)).body == [made.body]
    assert (await ada.get(f"{ALLOWS}/{made.body['id']}")).body == made.body
    assert (await ada.get(BLOCKS)).body == []
    assert (await ada.ask("DELETE", f"{ALLOWS}/{made.body['id']}")).body == {}
    assert (await ada.get(ALLOWS)).body == []


async def test_people_in_touch_are_counted(network: Network, ada: Client):
    (beta,) = await network.start("beta.test")
    bo = beta.person("bo")
    await bo.arrive()
    await together(network, ada.api, bo)

    asked = {"keys": ["instance_follows"], "instance_follows": {"domain": "beta.test"}}
    some = await ada.post(MEASURES, **asked)
    none = await ada.post(
        MEASURES, keys=["instance_follows", "odd"], instance_follows={"domain": "x.example"}
    )

    assert some.body == [{"key": "instance_follows", "unit": None, "total": "1", "data": []}]
    assert [one["total"] for one in none.body] == ["0"]
    assert (await ada.post(MEASURES, keys=["instance_follows"])).status == 422
    assert (await ada.post(MEASURES, keys="x")).status == 422


HOLE = """
import_fields = ["public_comment", "reject_media", "reject_reports", "obfuscate"]
max_followed_severity = "silence"
blocklist_savefile = "{folder}/merged.csv"
savedir = "{folder}"
blocklist_url_sources = [
  {{ url = "https://gts.test/list.csv", format = "csv" }},
  {{ url = "https://gts.test/other.csv", format = "csv" }},
]
blocklist_instance_destinations = [{{ domain = "alpha.test", token = "{token}" }}]
"""
# A part of a thousand, which take minutes.
MANY = 40
LIST = (
    "domain,severity,public_comment,reject_media,reject_reports,obfuscate\n"
    "bad.example,suspend,Spam,False,False,False\n"
    "quiet.example,silence,Noise,False,True,False\n"
    "beta.test,suspend,In touch,False,False,False\n"
)
# Names of the network instead of DNS, and no waits; the program itself is as it is published.
NAMES = """
import json, os, socket, time

time.sleep = lambda seconds: None
_ports, _ask = json.loads(os.environ["PORTS"]), socket.getaddrinfo


def getaddrinfo(host, port, *rest, **more):
    if host in _ports:
        host, port = "127.0.0.1", _ports[host]
    return _ask(host, port, *rest, **more)


socket.getaddrinfo = getaddrinfo
"""


def prepare(folder: Path, ca: trustme.CA, token: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(NAMES)
    (folder / "hole.toml").write_text(HOLE.format(folder=folder, token=token))
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))


async def sync(network: Network, ca: trustme.CA, folder: Path, token: str) -> str:
    """Let FediBlockHole read its list and push it to the node; what it says."""
    prepare(folder, ca, token)
    ports = {host: network.port_of(host) for host in ("alpha.test", "gts.test")}
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(folder),
        "REQUESTS_CA_BUNDLE": str(folder / "ca.pem"),
        "SSL_CERT_FILE": str(folder / "ca.pem"),
        "PORTS": json.dumps(ports),
    }
    program = Path(sys.executable).with_name("fediblock-sync")
    process = await asyncio.create_subprocess_exec(
        *(program, "-c", str(folder / "hole.toml")),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def all_blocks(client: Client) -> list[dict[str, Any]]:
    """Every block that the node has, by pages."""
    found: list[dict[str, Any]] = []
    more = f"{BLOCKS}?limit=200"
    while page := (await client.get(more)).body:
        found += page
        more = f"{BLOCKS}?limit=200&max_id={page[-1]['id']}"
    return found


def many(begin: int, end: int) -> str:
    """Rows of a list that two lists share in part."""
    return "".join(f"many{n}.example,suspend,Spam,False,False,False\n" for n in range(begin, end))


async def test_19_fediblockhole_pulls_merges_and_pushes_to_a_node_unchanged(
    network: Network, ca: trustme.CA, ada: Client, tmp_path: Path
):
    (beta,) = await network.start("beta.test")
    bo = beta.person("bo")
    await bo.arrive()
    await together(network, ada.api, bo)
    head, rest = LIST.splitlines(keepends=True)[0], many(MANY // 3, MANY - 3)
    shelf(network).files = {
        "/list.csv": (LIST + many(0, MANY // 2)).encode(),
        "/other.csv": (head + rest).encode(),
    }

    await sync(network, ca, tmp_path / "hole", ada.token)

    first = await all_blocks(ada)
    held = {one["domain"]: one for one in first}
    shared = {f"many{number}.example": "suspend" for number in range(MANY - 3)}
    assert {domain: one["severity"] for domain, one in held.items()} == shared | {
        "bad.example": "suspend",
        "quiet.example": "silence",
        # Somebody here is in touch with somebody there.
        "beta.test": "silence",
    }
    assert held["quiet.example"]["reject_reports"] is True
    assert held["bad.example"]["public_comment"] == "Spam"
    assert await is_out(ada, "bad.example")
    assert not await is_out(ada, "beta.test")

    before = await acts(ada)
    await sync(network, ca, tmp_path / "hole", ada.token)
    assert await all_blocks(ada) == first
    assert [deed for deed in await acts(ada) if deed not in before] == []

    await as_role(ada, "member")
    with pytest.raises(AssertionError, match="Unable to fetch domain block list"):
        await sync(network, ca, tmp_path / "hole", ada.token)
