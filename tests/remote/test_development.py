"""Nodes without TLS find each other on one machine, by the development setting alone."""

from dataclasses import replace
from pathlib import Path

from federation.remote.key_memory import KeyFound
from federation.remote.objects import Unusable
from storage.actors import StoredActor
from tests.support.remote_node import actor_document, remote_node, serve_document, serve_jrd
from tests.support.signing import rsa_key
from tests.support.tls_peer import Authority, peer, settings_for


async def test_a_node_on_localhost_is_found_with_its_port(issuer: Authority, database_file: Path):
    async with peer(None, "localhost") as beta:
        settings = replace(settings_for(issuer), allow_http=True)
        bob = f"http://localhost:{beta.port}/u/bob"
        serve_jrd(beta, f"acct:bob@localhost:{beta.port}", bob)
        serve_document(beta, "/u/bob", actor_document(bob, rsa_key()))

        async with remote_node(database_file, settings) as node:
            found = await node.handles.resolve(f"@bob@localhost:{beta.port}")
            key = await node.keys.find(f"{bob}#main-key")

    assert isinstance(found, StoredActor)
    assert (found.uri, found.host) == (bob, f"localhost:{beta.port}")
    assert isinstance(key, KeyFound)


async def test_without_the_setting_nothing_is_asked(issuer: Authority, database_file: Path):
    async with (
        peer(None, "localhost") as beta,
        remote_node(database_file, settings_for(issuer)) as node,
    ):
        found = await node.handles.resolve(f"@bob@localhost:{beta.port}")

    assert isinstance(found, Unusable)
    assert beta.requests == []
