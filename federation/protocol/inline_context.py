"""A name we read means what ActivityStreams says, or the document that says otherwise is found out.

Contexts are never fetched and never applied. We read plain names; another reader may go by the
context. A document in which the two differ is void, and one that restructures itself is refused.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.json_ld import as_list
from federation.protocol.vocabulary import CONTEXT, PREFIXES, READ_TERMS

_KEYWORDS = frozenset({"@graph", "@included", "@reverse"})
_MAX_EXPANSIONS = 5


def is_void(document: Mapping[str, Any]) -> bool:
    """Say whether an inline context, at any depth, redefines a name we read.

    Raises:
        RemoteProtocolError: A structure keyword stands anywhere in the document.

    Source: security.md 5
    """
    contexts: list[Any] = []
    values: list[Any] = [document]
    for item in values:
        if type(item) is dict:
            values.extend(item.values())
            if not _KEYWORDS.isdisjoint(item):
                raise RemoteProtocolError("a JSON-LD structure keyword")
            if "@context" in item:
                contexts.append(item["@context"])
        # PERF: our own context is most of a message; not walking it halves the time.
        elif type(item) is list and item != CONTEXT:
            values.extend(item)
    return any(_redefines(context) for context in contexts if context != CONTEXT)


def _redefines(context: object) -> bool:
    definitions = [item for item in as_list(context) if isinstance(item, dict)]
    prefixes = dict(PREFIXES)
    for item in definitions:
        prefixes.update(_strings(item.items()))
    return any(
        _iri(item[name], prefixes) != READ_TERMS[name]
        for item in definitions
        for name in READ_TERMS.keys() & item.keys()
    )


def _strings(definitions: Iterable[tuple[str, object]]) -> Iterable[tuple[str, str]]:
    for name, definition in definitions:
        iri = definition.get("@id") if isinstance(definition, dict) else definition
        if isinstance(iri, str):
            yield name, iri


def _iri(definition: object, prefixes: Mapping[str, str]) -> str:
    iri = definition.get("@id") if isinstance(definition, dict) else definition
    if not isinstance(iri, str):
        return ""
    for _ in range(_MAX_EXPANSIONS):
        prefix, colon, suffix = iri.partition(":")
        if not colon or suffix.startswith("//") or prefix not in prefixes:
            break
        iri = prefixes[prefix] + suffix
    return iri
