"""What a signed request says of itself, and every reason for which it is not believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import msgspec

# Both headers of a signature may be so long; times of signing lie below this, in seconds.
HEADER_CHARS_MAX = 4096
INTEGER_MAX = 2**53


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was on the wire.

    Attributes:
        method: As sent; methods are case-sensitive.
        target: The raw request target, path and query.
        headers: Names and values in the order sent.
        body: The raw body; None for a request without one.
        scheme: Of the URL that people and servers use here, whatever a proxy speaks to this node.
        client: The address that it came from, or the IPv6 /64; "" for one that stands for many.
        fields: The values by lower-case name, repeated headers joined with ", ". Every check
            reads headers here, so none sees another value than the one that was signed.
        repeated: The lower-case names of headers that came more than once.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    scheme: str = "https"
    client: str = ""
    fields: Mapping[str, str] = field(init=False, repr=False, compare=False)
    repeated: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Join the headers once."""
        fields: dict[str, str] = {}
        repeated: list[str] = []
        for name, value in self.headers:
            key = name.lower()
            if key in fields:
                repeated.append(key)
                fields[key] += f", {value}"
            else:
                fields[key] = value
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "repeated", frozenset(repeated))

    @property
    def is_signed_in_authorization(self) -> bool:
        """Whether the header that carries passwords claims to carry a signature."""
        return self.fields.get("authorization", "")[:9].lower() == "signature"


# PERF: a struct, as Activity is.
class ParsedSignature(msgspec.Struct, frozen=True):
    """A well-formed claim that a key has signed a request; nothing of it is proved.

    Attributes:
        key_id: The key that is said to have signed.
        algorithm: The sender's label, lower-case, "" for none. It never chooses the primitive.
        covered: What is said to be signed, in order, lower-case, each once, all present.
        signature: The bytes to verify.
        created_s: Seconds since the epoch, or None.
        expires_s: Seconds since the epoch, or None.
        signed_s: The time of signing, in seconds since the epoch: created if covered, else Date;
            None if that cannot be read.
        parameters: RFC 9421 only: what the signature says of itself, in order; None for
            draft-cavage.
    """

    key_id: str
    algorithm: str
    covered: tuple[str, ...]
    signature: bytes
    created_s: int | None
    expires_s: int | None
    signed_s: int | None
    parameters: Mapping[str, str | int] | None = None

    @property
    def is_expiry_signed(self) -> bool:
        """Whether nobody can have changed `expires_s`; RFC 9421 signs all its parameters."""
        return self.parameters is not None or "(expires)" in self.covered


class Reason(Enum):
    """Why a request counts as unsigned, in a sentence that its sender may read."""

    UNSIGNED = "The request has no signature."
    IN_AUTHORIZATION = "A signature in the Authorization header is not accepted."
    TWO_SCHEMES = "With Signature-Input the Signature is read by RFC 9421, which this one is not."
    METHOD = "Only GET and POST can be signed."
    SEVERAL = "There is more than one Signature header."
    GRAMMAR = "A header of the signature is malformed."
    REPEATED = "A header of the signature has a parameter twice."
    INCOMPLETE = "The Signature header lacks keyId, headers or signature."
    BAD_INTEGER = "The parameters created and expires are positive integers."
    ALGORITHM = "The algorithm is not accepted."
    BASE64 = "The signature is not strict base64."
    COVERAGE = "The signature does not cover all that it must."
    COVERED_TWICE = "The signature covers a header twice."
    LABEL = "No signature that Signature-Input describes is one that this node reads."
    COMPONENT = "The signature covers a component in a form that this node does not read."
    ABSENT = "The signature covers something that the request does not have."
    BAD_DATE = "The Date header cannot be read."
    CLOCK = "The time of signing is too far from our clock; all else that was looked at is right."
    TIME = "The time of signing is too far from ours."
    EXPIRES = "The signature expires before it was created."
    DIGEST = "The digest is not that of the body."
    WRONG_KEY = "The key is not the one that the signature names."
    KEY_TYPE = "The algorithm is not that of the key."
    INVALID = "The signature does not hold."


# A breach of grammar answers 400; everything else is 401 and worth another try with other keys.
MALFORMED = frozenset(
    {
        Reason.SEVERAL,
        Reason.GRAMMAR,
        Reason.REPEATED,
        Reason.INCOMPLETE,
        Reason.BAD_INTEGER,
        Reason.BAD_DATE,
    }
)


@dataclass(frozen=True, slots=True)
class SignatureFailure:
    """A request is not believed to be signed.

    Attributes:
        reason: Safe to show to the sender.
        detail: What was seen; for our log only.
    """

    reason: Reason
    detail: str = ""

    @property
    def status(self) -> int:
        """The HTTP status that answers it: 400 or 401."""
        return 400 if self.reason in MALFORMED else 401
