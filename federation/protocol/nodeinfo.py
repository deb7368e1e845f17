"""What software a host says it runs serves warnings and the reply rule, never trust."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.json_ld import as_list
from federation.protocol.uri import canonical

SCHEMAS = tuple(
    f"http://nodeinfo.diaspora.software/ns/schema/{version}" for version in ("2.1", "2.0")
)
_MAX_LINKS = 100
_MAX_CHARS = 100


@dataclass(frozen=True, slots=True)
class Software:
    """A host's software; the name in lower case, "" if it does not say."""

    name: str
    version: str


def parse_links(document: Mapping[str, Any], *, allow_http: bool = False) -> str:
    """Answer the URL of the newest NodeInfo document that we read.

    Raises:
        RemoteProtocolError: The host offers none.
    """
    links = {
        link.get("rel"): link.get("href")
        for link in as_list(document.get("links"))[:_MAX_LINKS]
        if isinstance(link, dict) and isinstance(link.get("rel"), str)
    }
    for schema in SCHEMAS:
        if schema in links:
            return canonical(links[schema], allow_http=allow_http)
    raise RemoteProtocolError("no NodeInfo")


def parse_nodeinfo(document: Mapping[str, Any]) -> Software:
    """Read the software's name and version out of a NodeInfo document."""
    software = document.get("software")
    found = software if isinstance(software, dict) else {}
    return Software(_text(found.get("name")).lower(), _text(found.get("version")))


def _text(value: object) -> str:
    return value[:_MAX_CHARS] if isinstance(value, str) else ""
