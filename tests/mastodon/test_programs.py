"""Published programs for Mastodon talk to a node over TLS, each in a process of its own."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.mastodon.client import Client, client_of
from tests.mastodon.test_admin import NAMES
from tests.support.media import picture
from tests.support.network import Network

PROGRAMS = Path(__file__).with_name("programs")
URL = "https://alpha.test"


@pytest.fixture
def folder(tmp_path: Path, ca: trustme.CA) -> Path:
    """Where a program finds what it needs."""
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(NAMES)
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))
    (folder / "cup.png").write_bytes(picture("PNG"))
    return folder


async def said_by(network: Network, folder: Path, *command: str, **more: str) -> str:
    """What a program says that has done its work."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "PYTHONPATH": str(folder),
        "REQUESTS_CA_BUNDLE": str(folder / "ca.pem"),
        "SSL_CERT_FILE": str(folder / "ca.pem"),
        "PORTS": json.dumps({"alpha.test": network.port_of("alpha.test")}),
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, wrong = await process.communicate()
    assert process.returncode == 0, wrong.decode()
    return said.decode()


async def friends(network: Network, al: Client) -> Client:
    """Bo, who follows al and has written to them."""
    bo = await client_of(al.node, "bo")
    await bo.api.must("POST", "/follows", {"acct": al.api.acct})
    await al.api.must("POST", "/follows", {"acct": bo.api.acct})
    network.advance(seconds=1)
    await bo.post("/api/v1/statuses", status="@al good morning")
    return bo


async def test_mastodon_py(network: Network, al: Client, folder: Path):
    await friends(network, al)
    app = await al.with_scopes("read", "write", "follow", "push")
    (folder / "token").write_text(app.token)

    program = str(PROGRAMS / "with_mastodon_py.py")
    said = await said_by(
        network,
        folder,
        sys.executable,
        program,
        URL,
        str(folder / "token"),
        str(folder / "cup.png"),
    )

    told: dict[str, Any] = json.loads(said)
    assert told == {
        "me": "al",
        "instance": "alpha.test",
        "is_recent": True,
        "posted": ["direct", "<p>@bo hello from a bot</p>"],
        "answered_in": True,
        "media": ["a cup"],
        "changed": "<p>and a large cup</p>",
        "line": True,
        "conversations": ["<p>and a large cup</p>"],
        "notifications": [["mention", "bo"], ["follow", "bo"]],
        "marked": True,
        "reacted": ["al"],
        "muting": True,
        "report": "too much tea",
        "push": True,
        "requests": 0,
        "home": [],
        "deleted": True,
        "is_healthy": True,
    }


async def test_toot(network: Network, al: Client, folder: Path):
    await friends(network, al)
    app = await al.with_scopes("read", "write", "follow")
    config = folder / ".config" / "toot"
    config.mkdir(parents=True)
    instance = {"base_url": URL, "instance": "alpha.test", "client_id": "", "client_secret": ""}
    user = {"instance": "alpha.test", "username": "al", "access_token": app.token}
    (config / "config.json").write_text(
        json.dumps(
            {
                "apps": {"alpha.test": instance},
                "users": {"al@alpha.test": user},
                "active_user": "al@alpha.test",
            }
        )
    )
    toot = str(Path(sys.executable).with_name("toot"))

    who = await said_by(network, folder, toot, "whoami")
    where = await said_by(network, folder, toot, "instance")
    await said_by(network, folder, toot, "post", "-v", "direct", "@bo hello from toot")
    told = await said_by(network, folder, toot, "notifications")
    await said_by(network, folder, toot, "mute", "bo")
    muted = await said_by(network, folder, toot, "muted")

    assert "@al" in who
    assert "alpha.test" in where
    assert "good morning" in told
    assert "bo" in muted
    (one,) = (await al.get("/api/v1/conversations")).body
    assert one["last_status"]["content"] == "<p>@bo hello from toot</p>"
