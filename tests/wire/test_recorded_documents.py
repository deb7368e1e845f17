"""What unmodified servers sent and answered is understood, whatever its white space and order."""

import json
from pathlib import Path

import pytest

from federation.protocol.actor import parse_actor
from federation.protocol.canonical_json import encode
from federation.protocol.nodeinfo import parse_links
from federation.protocol.parse import parse_activity
from federation.protocol.strict_json import loads
from federation.protocol.webfinger import parse_jrd

HERE = Path(__file__).parent
ACTIVITIES = sorted(HERE.glob("*/*-POST-*.json"))
SERVERS = {"gotosocial": "gts1.test", "snac2": "snac1.test"}


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def turned(value: object) -> object:
    if isinstance(value, list):
        return [turned(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: turned(value[name]) for name in sorted(value, reverse=True)}


def test_there_are_recordings():
    assert len(ACTIVITIES) > 30


@pytest.mark.parametrize("path", ACTIVITIES, ids=named)
def test_each_recorded_activity_is_read(path: Path):
    document = loads(path.read_bytes())

    activity = parse_activity(document)

    assert activity.type in path.name
    assert activity.to + activity.cc or activity.type != "Create"
    assert activity.published is not None or not isinstance(document.get("published"), str)
    assert not activity.is_void
    assert activity.log is None


@pytest.mark.parametrize("path", ACTIVITIES, ids=named)
def test_order_and_white_space_change_nothing(path: Path):
    document = loads(path.read_bytes())

    again = loads(json.dumps(turned(document), indent=2, ensure_ascii=True).encode())

    assert parse_activity(again) == parse_activity(document)
    assert encode(again) == encode(document)


@pytest.mark.parametrize("server", SERVERS)
def test_each_recorded_server_introduces_itself(server: str):
    folder, host = HERE / server / "read", SERVERS[server]
    actor = parse_actor(loads((folder / f"{host}-actor.json").read_bytes()))
    finger = parse_jrd(loads((folder / f"{host}-webfinger.json").read_bytes()))

    assert finger.actor == actor.uri
    assert finger.subject is not None
    assert finger.subject.name == actor.username
    assert len(actor.keys) == 1
    assert not actor.aware


def test_nodeinfo_is_found_where_it_was_recorded():
    # GoToSocial's recording is a 406: NodeInfo is asked for as application/json.
    document = loads((HERE / "snac2" / "read" / "snac1.test-nodeinfo.json").read_bytes())

    assert parse_links(document) == "https://snac1.test/nodeinfo_2_1"
