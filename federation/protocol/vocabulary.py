"""Every name that means something on the wire is listed here, and @context gives each its IRI."""

from collections.abc import Mapping
from typing import Any, Final

ACTIVITYSTREAMS: Final = "https://www.w3.org/ns/activitystreams"
SECURITY_V1: Final = "https://w3id.org/security/v1"

ACTIVITY_JSON: Final = "application/activity+json"
LD_JSON: Final = f'application/ld+json; profile="{ACTIVITYSTREAMS}"'
JRD_JSON: Final = "application/jrd+json"
XRD_XML: Final = "application/xrd+xml"

PUBLIC: Final = f"{ACTIVITYSTREAMS}#Public"
PUBLIC_SPELLINGS: Final = frozenset({PUBLIC, "as:Public", "Public"})

CHAT: Final = "urn:uuid:6f1c1a52-3a0e-5b7e-9a54-2f0d3c9b7e11#"
PROFILE: Final = f"{CHAT}groups-1"
RFC9421: Final = "https://datatracker.ietf.org/doc/html/rfc9421"

# By an aware author or a conversation actor everything else carries a proof (groups-protocol 0.4).
UNPROVEN_TYPES: Final = frozenset({"Read", "ChatTyping"})

# Verbatim from groups-protocol.md 0.2: peers compare it, and proofs cover it.
CONTEXT: Final[list[Any]] = [
    ACTIVITYSTREAMS,
    SECURITY_V1,
    {
        "ostatus": "http://ostatus.org#",
        "conversation": "ostatus:conversation",
        "sensitive": "as:sensitive",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "litepub": "http://litepub.social/ns#",
        "directMessage": "litepub:directMessage",
        "toot": "http://joinmastodon.org/ns#",
        "Emoji": "toot:Emoji",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "blurhash": "toot:blurhash",
        "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
        "implements": {
            "@id": "https://w3id.org/fep/844e/implements",
            "@type": "@id",
            "@container": "@list",
        },
        "contextHistory": {"@id": "https://w3id.org/fep/171b/contextHistory", "@type": "@id"},
        "affiliations": {"@id": "https://w3id.org/fep/5219/affiliations", "@type": "@id"},
        "sec": "https://w3id.org/security#",
        "proof": {"@id": "sec:proof", "@type": "@id"},
        "DataIntegrityProof": "sec:DataIntegrityProof",
        "cryptosuite": "sec:cryptosuite",
        "proofPurpose": {"@id": "sec:proofPurpose", "@type": "@vocab"},
        "proofValue": {"@id": "sec:proofValue", "@type": "sec:multibase"},
        "verificationMethod": {"@id": "sec:verificationMethod", "@type": "@id"},
        "assertionMethod": {"@id": "sec:assertionMethod", "@type": "@id"},
        "Multikey": "sec:Multikey",
        "controller": {"@id": "sec:controller", "@type": "@id"},
        "publicKeyMultibase": {"@id": "sec:publicKeyMultibase", "@type": "sec:multibase"},
        "digestMultibase": {"@id": "sec:digestMultibase", "@type": "sec:multibase"},
        "chat": CHAT,
        "chatProfile": {"@id": "chat:profile", "@type": "@id"},
        "chatEpoch": "chat:epoch",
        "chatState": "chat:state",
        "chatPrevState": "chat:prevState",
        "chatSettings": "chat:settings",
        "chatSuccessors": {"@id": "chat:successors", "@type": "@id", "@container": "@list"},
        "chatPredecessor": {"@id": "chat:predecessor", "@type": "@id"},
        "chatBasis": "chat:basis",
        "chatNotice": "chat:notice",
        "chatLog": {"@id": "chat:log", "@type": "@id"},
        "chatSeq": "chat:seq",
        "chatPrev": {"@id": "chat:prev", "@type": "@id"},
        "chatHeads": "chat:heads",
        "chatReplyTo": {"@id": "chat:replyTo", "@type": "@id"},
        "chatUpTo": "chat:upTo",
        "chatRelay": "chat:relay",
        "ChatTyping": "chat:Typing",
    },
]

# What a Note may say of itself by `chatNotice` (groups-protocol.md 5.4 and 6.5).
INVITE_NOTICE: Final = "invite"
ANCHOR_NOTICES: Final = frozenset({"joined", "left", "removed", "closed"})

# Prefixes that a document may use without defining them, as far as we resolve any.
PREFIXES: Final[Mapping[str, str]] = {
    "as": f"{ACTIVITYSTREAMS}#",
    "ldp": "http://www.w3.org/ns/ldp#",
    "sec": "https://w3id.org/security#",
    "ostatus": "http://ostatus.org#",
    "toot": "http://joinmastodon.org/ns#",
    "chat": CHAT,
}

_CORE_TERMS = (
    "Public actor attachment attributedTo audience bcc bto cc content context deleted endTime "
    "formerType href icon inReplyTo instrument items mediaType name object preferredUsername "
    "preview published relationship sensitive source subject summary tag target to totalItems "
    "updated url Accept Add Announce Block Create Delete Flag Follow Invite Join Leave Like "
    "Mention Move Note Page Read Reject Relationship Remove Tombstone Undo Update"
)

# The names in an activity whose meaning we take from the JSON alone, and what they mean. An inline
# context that maps one elsewhere makes the document void (security.md 5).
READ_TERMS: Final[Mapping[str, str]] = {
    "id": "@id",
    "type": "@type",
    "as": f"{ACTIVITYSTREAMS}#",
    "orderedItems": f"{ACTIVITYSTREAMS}#items",
    "conversation": "http://ostatus.org#conversation",
    "Emoji": "http://joinmastodon.org/ns#Emoji",
    "proof": "https://w3id.org/security#proof",
    "proofPurpose": "https://w3id.org/security#proofPurpose",
    "proofValue": "https://w3id.org/security#proofValue",
    "cryptosuite": "https://w3id.org/security#cryptosuite",
    "verificationMethod": "https://w3id.org/security#verificationMethod",
    "digestMultibase": "https://w3id.org/security#digestMultibase",
    **{name: f"{ACTIVITYSTREAMS}#{name}" for name in _CORE_TERMS.split()},
    **{
        name: f"{CHAT}{name[4].lower()}{name[5:]}"
        for name in CONTEXT[2]
        if name.startswith("chat") and name != "chat"
    },
    "ChatTyping": f"{CHAT}Typing",
    "chat": CHAT,
}
