"""A repeat of a request is known by its key, and told from another request by its hash."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, TypeAlias

from federation.pipeline.item import Once
from federation.protocol import canonical_json

# A request that is carried out once, or as often as it comes when its client sent no key.
MaybeOnce: TypeAlias = Once | None


def once_for(account: str, key: str, *, target: str, body: Mapping[str, Any]) -> Once:
    """A client's idempotency key with what it was sent along.

    Args:
        account: The name of the account.
        key: As the client sent it.
        target: What was called, such as "POST /follows".
        body: What was asked for.
    """
    digest = sha256(target.encode() + b"\n" + canonical_json.encode(body)).hexdigest()
    return Once(account, key, digest)
