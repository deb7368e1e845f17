from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from federation.protocol import canonical_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.proof import add_proof, check_proof
from federation.protocol.strict_json import loads
from tests.support.examples import group_message

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
METHOD = "https://bob.example/u/bob#ed25519-key"
NOW = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)
quick = settings(max_examples=100, deadline=None)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=10)
LEAVES = st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(-1e6, 1e6) | TEXT
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3))
DOCUMENTS = st.dictionaries(
    TEXT.filter(lambda name: name not in {"proof", "signature"}), VALUES, max_size=5
)

PROVEN = add_proof(group_message(), key=KEY, method=METHOD, created=NOW)
BODY = canonical_json.encode(PROVEN)


def holds(document: dict[str, Any]) -> bool:
    return check_proof(document, key=KEY.public_key(), now=NOW) is None


@quick
@given(DOCUMENTS)
def test_a_proof_holds_over_any_document(document: dict[str, Any]):
    assert holds(add_proof(document, key=KEY, method=METHOD, created=NOW))


@quick
@given(st.integers(0, len(BODY) - 1), st.integers(0, 255))
def test_with_any_byte_changed_it_does_not(place: int, code: int):
    assume(BODY[place] != code)
    body = bytearray(BODY)
    body[place] = code

    try:
        document = loads(bytes(body))
    except RemoteProtocolError:
        return

    assert document == PROVEN or not holds(document)


@quick
@given(DOCUMENTS, TEXT.filter(lambda name: name not in {"proof", "signature"}), VALUES)
def test_with_a_property_added_or_replaced_it_does_not(
    document: dict[str, Any], name: str, value: object
):
    proven = add_proof(document, key=KEY, method=METHOD, created=NOW)
    changed = {**proven, name: value}
    assume(canonical_json.encode(changed) != canonical_json.encode(proven))

    assert not holds(changed)
