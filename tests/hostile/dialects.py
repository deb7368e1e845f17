"""How other software writes a direct message: two recorded, the others after what it publishes.

Each function answers the Create of one message to one person. `shuffled` writes the same document
with its properties in another order and with other white space.
"""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tests.hostile.cast import CONTEXT, Actor

WIRE = Path(__file__).parents[1] / "wire"
GOTOSOCIAL = WIRE / "gotosocial" / "a4-dm-one-01-POST-Create-sink.test_inbox.json"
SNAC2 = WIRE / "snac2" / "a1-dm-two-same-host-08-POST-Create-sink.test_inbox.json"

Dialect = Callable[[Actor, str, str], dict[str, Any]]


def mastodon(by: Actor, to: str, text: str) -> dict[str, Any]:
    """An `ostatus` context, `conversation`, both ids of a thread, and an empty `replies`."""
    create = by.create(to, text=f'<span class="h-card"><a href="{to}">@otto</a></span> {text}')
    note = create["object"]
    terms = {"ostatus": "http://ostatus.org#", "sensitive": "as:sensitive"}
    terms |= {"toot": "http://joinmastodon.org/ns#", "votersCount": "toot:votersCount"}
    terms |= {"conversation": "ostatus:conversation", "atomUri": "ostatus:atomUri"}
    note |= {"summary": None, "inReplyTo": None, "atomUri": note["id"], "sensitive": False}
    note |= {"conversation": f"tag:{by.host},2026-11-30:objectId={note['id'][-3:]}:objectType=x"}
    note |= {"contentMap": {"en": note["content"]}, "attachment": [], "inReplyToAtomUri": None}
    page = {"type": "CollectionPage", "next": f"{note['id']}/replies?page=true", "items": []}
    note["replies"] = {"id": f"{note['id']}/replies", "type": "Collection", "first": page}
    return create | {"@context": [CONTEXT, terms], "id": f"{note['id']}/activity"}


def pleroma(by: Actor, to: str, text: str) -> dict[str, Any]:
    """A LitePub context, an `actor` beside `attributedTo`, `source`, and `context` as a URL."""
    create = by.create(to, text=text)
    note = create["object"]
    context = f"https://{by.host}/contexts/{note['id'][-3:]}"
    note |= {"actor": by.uri, "context": context, "conversation": context, "emoji": {}}
    note |= {"source": {"content": text, "mediaType": "text/plain"}, "summary": ""}
    note |= {"likes": [], "like_count": 0, "announcements": [], "directMessage": True}
    schema = [CONTEXT, f"https://{by.host}/schemas/litepub-0.1.jsonld", {"@language": "und"}]
    return create | {"@context": schema, "context": context, "directMessage": True}


def misskey(by: Actor, to: str, text: str) -> dict[str, Any]:
    """`_misskey_content`, and a `source` in its own markup."""
    create = by.create(to, text=text)
    note = create["object"]
    note |= {"_misskey_summary": None, "summary": None, "_misskey_content": text}
    note |= {"source": {"content": text, "mediaType": "text/x.misskeymarkdown"}}
    note |= {"_misskey_quote": None, "quoteUrl": None, "sensitive": False, "inReplyTo": None}
    terms = {"misskey": "https://misskey-hub.net/ns#", "_misskey_content": "misskey:content"}
    return create | {"@context": [CONTEXT, "https://w3id.org/security/v1", terms]}


def friendica(by: Actor, to: str, text: str) -> dict[str, Any]:
    """A Linked-Data signature, `diaspora:guid` and an `instrument`."""
    create = by.create(to, text=text)
    note = create["object"]
    note |= {"diaspora:guid": "e8d0", "summary": "", "sensitive": False, "dfrn:comment": ""}
    note |= {"source": {"content": text, "mediaType": "text/bbcode"}, "generator": {"type": "x"}}
    terms = {"diaspora": "https://diasporafoundation.org/ns/", "vcard": "http://w3.org/vcard#"}
    create["@context"] = [CONTEXT, "https://w3id.org/security/v1", terms]
    create["instrument"] = {"type": "Service", "name": "Friendica", "url": f"https://{by.host}"}
    create["signature"] = {"type": "RsaSignature2017", "signatureValue": "c2lnbmF0dXJl"}
    return create


def lemmy(by: Actor, to: str, text: str) -> dict[str, Any]:
    """A message without tags, with `mediaType` and `source`."""
    create = by.create(to, text=text)
    note = create["object"]
    del note["tag"]
    note |= {"mediaType": "text/html", "source": {"content": text, "mediaType": "text/markdown"}}
    return create | {"@context": ["https://join-lemmy.org/context.json", CONTEXT], "cc": None}


def pixelfed(by: Actor, to: str, text: str) -> dict[str, Any]:
    """`commentsEnabled`, `capabilities`, and no `cc` in the Create."""
    create = by.create(to, text=text)
    create["object"] |= {
        "commentsEnabled": None,
        "capabilities": {"announce": None, "like": CONTEXT},
    }
    create["object"] |= {"location": None, "inReplyTo": None, "attachment": [], "sensitive": False}
    del create["cc"]
    return create


def hubzilla(by: Actor, to: str, text: str) -> dict[str, Any]:
    """`zot` terms, an `actor` in the object, and a recipient that is no list."""
    create = by.create(to, text=text)
    create["object"] |= {"to": to, "cc": [], "actor": by.uri, "replyTo": by.uri, "nomad": {}}
    create["@context"] = [CONTEXT, "https://w3id.org/security/v1", {"zot": "https://x.test/zot#"}]
    return create | {"to": to, "tag": [], "signature": {"type": "RsaSignature2017"}}


def writefreely(by: Actor, to: str, text: str) -> dict[str, Any]:
    """As little as there can be."""
    note = by.note(to, text=text, cc=None)
    return by.activity("Create", note, to=[to], published=None)


def gotosocial(by: Actor, to: str, text: str) -> dict[str, Any]:
    """As recorded; names, ids and text are replaced."""
    recorded = json.loads(GOTOSOCIAL.read_text())
    return _recorded(recorded, by, to, text)


def snac2(by: Actor, to: str, text: str) -> dict[str, Any]:
    """As recorded; names, ids and text are replaced."""
    recorded = json.loads(SNAC2.read_text())
    recorded["object"]["sourceContent"] = text
    return _recorded(recorded, by, to, text)


DIALECTS: tuple[Dialect, ...] = (
    mastodon,
    pleroma,
    misskey,
    friendica,
    lemmy,
    pixelfed,
    hubzilla,
    writefreely,
    gotosocial,
    snac2,
)


def _recorded(create: dict[str, Any], by: Actor, to: str, text: str) -> dict[str, Any]:
    fresh = by.create(to, text=text)
    create |= {"id": fresh["id"], "actor": by.uri, "to": [to], "cc": []}
    create |= {"published": fresh["published"]}
    note = create["object"]
    note |= {name: fresh["object"][name] for name in ("id", "attributedTo", "published", "content")}
    note |= {"to": [to], "cc": [], "tag": fresh["object"]["tag"], "url": fresh["object"]["id"]}
    note.pop("contentMap", None)
    return create


def shuffled(document: dict[str, Any], seed: int) -> bytes:
    """The same document in another order and with other white space."""
    chance = Random(seed)
    indent = chance.choice([None, 0, 1, 4, "\t"])
    separators = chance.choice([(",", ":"), (", ", ": "), (" ,\r\n", " : ")])
    ordered = _reordered(document, chance)
    text = json.dumps(ordered, indent=indent, separators=separators, ensure_ascii=seed % 2 == 0)
    return (chance.choice(["", " ", "\r\n\t"]) + text + chance.choice(["", "\n"])).encode()


def _reordered(value: Any, chance: Random) -> Any:
    if isinstance(value, list):
        return [_reordered(one, chance) for one in value]
    if not isinstance(value, dict):
        return value
    names = list(value)
    chance.shuffle(names)
    return {name: _reordered(value[name], chance) for name in names}
