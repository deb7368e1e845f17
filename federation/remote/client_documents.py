"""What a program of the web says of itself at the address that is its name, and nobody else's.

Source: clients.md 2.3 rule 7; security.md 6
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.transport.answer import Answer
from federation.transport.client import Client

DOCUMENT_MAX_BYTES: Final = 64 * 1024
DEADLINE_S: Final = 5.0
JSON_TYPE: Final = "application/json"


async def read_client_document(client: Client, url: str) -> Mapping[str, Any] | None:
    """The JSON object at an address, without redirects; None where there is none for us."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            answer = await client.get(url, accept=JSON_TYPE, max_bytes=DOCUMENT_MAX_BYTES, hops=0)
    except TimeoutError:
        return None
    if not isinstance(answer, Answer) or answer.status != HTTPStatus.OK:
        return None
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON_TYPE and not (kind.startswith("application/") and kind.endswith("+json")):
        return None
    try:
        return strict_json.loads(answer.body)
    except RemoteProtocolError:
        return None
