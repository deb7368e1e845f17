"""The examples of groups-protocol.md, as they would stand on the wire."""

import json
from pathlib import Path
from typing import Any

from federation.protocol.vocabulary import CONTEXT

_FILE = Path(__file__).parent.parent / "oracle" / "examples.json"
_PROOF = {
    "@context": CONTEXT,
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": "2026-09-03T12:05:00Z",
    "proofPurpose": "assertionMethod",
    "proofValue": "z3FXQ",
}


def examples() -> dict[str, dict[str, Any]]:
    """Each by its section and type, with `@context` and proof written out."""
    found = json.loads(_FILE.read_text(encoding="utf-8"))
    return {name: written_out(document) for name, document in found.items()}


def group_message() -> dict[str, Any]:
    """The Create of 6.1, without its proof."""
    return {name: value for name, value in examples()["6.1 Create"].items() if name != "proof"}


def written_out(value: Any) -> Any:  # noqa: ANN401
    """The same with the `@context` and proof that "CTX" and "PROOF x" stand for."""
    if isinstance(value, list):
        return [written_out(item) for item in value]
    if not isinstance(value, dict):
        return value
    written = {name: written_out(item) for name, item in value.items()}
    if written.get("@context") == "CTX":
        written["@context"] = CONTEXT
    if isinstance(written.get("proof"), str):
        owner = written.get("actor", "https://bob.example/u/bob")
        written["proof"] = {**_PROOF, "verificationMethod": f"{owner}#ed25519-key"}
    return written
