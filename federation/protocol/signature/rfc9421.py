"""RFC 9421 signatures are read by http-message-signatures, under rules that it leaves to us.

Steps 3, 4 and 8 of security.md 2.1. The library demands no coverage, takes components that we do
not read, and has a clock of its own. So a label reaches it only after all of that has been judged,
alone, and with its key at hand.
"""

import base64
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import http_sf
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519, RSA_V1_5_SHA256
from http_sf.compat import InnerList, Item

from federation.protocol.keys import Algorithm, PublicKey
from federation.protocol.signature.parsed import (
    HEADER_CHARS_MAX,
    INTEGER_MAX,
    ParsedSignature,
    Reason,
    Request,
    SignatureFailure,
)

LABELS_MAX: Final = 3

# Labels that we accept. The type of the key chooses the primitive; verify.py compares.
ALGORITHMS: Final = frozenset({"", "rsa-v1_5-sha256", "ed25519"})
_PRIMITIVES: Final[Mapping[Algorithm, type[HTTPSignatureAlgorithm]]] = {
    "rsa": RSA_V1_5_SHA256,
    "ed25519": ED25519,
}

_METHODS: Final = frozenset({"GET", "POST"})
_TIMES: Final = frozenset({"created", "expires"})
_TEXTS: Final = frozenset({"alg", "keyid", "nonce", "tag"})
# What may be covered and is no header.
_DERIVED: Final = frozenset(
    {"@authority", "@method", "@path", "@query", "@request-target", "@scheme", "@target-uri"}
)
_DEFAULT_PORTS: Final = {"https": ":443", "http": ":80"}

# A value of a Dictionary: an item or the items of an inner list, and its parameters.
_Member = tuple[Any, Mapping[str, Any]]
_Dictionary = dict[str, _Member]


class _RepeatedError(ValueError):
    """A label or a parameter stands twice: of two readers each may take another one."""


def parse(request: Request) -> tuple[ParsedSignature, ...] | SignatureFailure:
    """Read the claims that a request is signed: those of up to three labels that could suffice.

    3. Parse: two Dictionaries of structured fields, in which nothing stands twice.
    4. Coverage: what the method demands; each component once, present, and without parameters.

    Returns:
        One claim at least, or what is wrong with the first label.

    Source: security.md 2.1
    """
    fields = request.fields
    if "signature" not in fields:
        return SignatureFailure(Reason.UNSIGNED)
    if request.method not in _METHODS:
        return SignatureFailure(Reason.METHOD, request.method[:20])
    # 3
    inputs = _dictionary(fields["signature-input"])
    if isinstance(inputs, SignatureFailure):
        return inputs
    signatures = _dictionary(fields["signature"])
    if isinstance(signatures, SignatureFailure):
        return signatures
    # 4
    failure = SignatureFailure(Reason.UNSIGNED)
    claims: list[ParsedSignature] = []
    for label in reversed(inputs):
        claim = _claim(label, inputs, signatures, request)
        if isinstance(claim, ParsedSignature):
            claims.append(claim)
        else:
            failure = claim
    return tuple(reversed(claims))[:LABELS_MAX] or failure


def holds(parsed: ParsedSignature, request: Request, key: PublicKey) -> bool:
    """Step 8: whether the key signed what the claim covers, and that is enough."""
    return is_signed(parsed, request, key, required=_required(parsed.covered, request))


def is_signed(
    parsed: ParsedSignature, request: Request, key: PublicKey, *, required: Collection[str]
) -> bool:
    """Whether the key signed these components among others; its type chooses the primitive."""
    verifier = _Verifier(
        signature_algorithm=_PRIMITIVES[key.algorithm],
        key_resolver=MappingKeyResolver(public_keys={key.key_id: key.key}, private_keys={}),
        component_resolver_class=_Components,
    )
    try:
        (verified,) = verifier.verify(_Message(parsed, request), max_age=None)
    except HTTPMessageSignaturesException:
        return False
    return all(f'"{name}"' in verified.covered_components for name in required)


class _Message:
    """A request and the one claim that is judged."""

    def __init__(self, parsed: ParsedSignature, request: Request) -> None:
        self.parsed = parsed
        self.request = request


class _Verifier(HTTPMessageVerifier):
    """The library's verifier, for a claim that has been read and whose time has been judged."""

    def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
        """Nothing is left: `check_time_and_digest` judges by our window and the caller's clock."""

    def _get_sig_inputs_and_signatures(
        self, message: _Message, **_: object
    ) -> Iterator[tuple[str, InnerList, Item]]:
        """The claim, in place of all labels of the headers.

        PERF: reading the headers once more takes 0.08 of 0.3 ms (benchmarks/inbox.py). Were this
        name another one in a later release, no signature would hold: there are no headers here.
        """
        parsed = message.parsed
        described = InnerList([Item(name) for name in parsed.covered])
        described.params.update(parsed.parameters or {})
        yield "claimed", described, Item(parsed.signature)


class _Components:
    """The values of covered components, from where every other check reads them."""

    def __init__(self, message: _Message) -> None:
        self._request = message.request

    def resolve(self, component: Item) -> str:
        """The value of a component without parameters, which is all that gets here."""
        name = str(component.value)
        return _derived(self._request, name) if name in _DERIVED else self._request.fields[name]


def _derived(request: Request, name: str) -> str:
    path, _, query = request.target.partition("?")
    authority = request.fields["host"].lower().removesuffix(_DEFAULT_PORTS[request.scheme])
    values = {
        "@authority": authority,
        "@method": request.method,
        "@path": path,
        "@query": f"?{query}",
        "@request-target": request.target,
        "@scheme": request.scheme,
        "@target-uri": f"{request.scheme}://{authority}{request.target}",
    }
    return values[name]


def _dictionary(header: str) -> _Dictionary | SignatureFailure:
    """The labels of a header in their order."""
    if len(header) > HEADER_CHARS_MAX:
        return SignatureFailure(Reason.GRAMMAR, f"{len(header)} characters")
    try:
        raw = header.encode("utf-8", "surrogatepass")
        read: Any = http_sf.parse(raw, tltype="dictionary", on_duplicate_key=_refuse)
    except _RepeatedError as error:
        return SignatureFailure(Reason.REPEATED, str(error)[:80])
    except http_sf.StructuredFieldError as error:
        return SignatureFailure(Reason.GRAMMAR, f"at character {error.position}")
    members: _Dictionary = read
    return members


def _refuse(name: str, _kind: str) -> None:
    raise _RepeatedError(name)


def _claim(
    label: str, inputs: _Dictionary, signatures: _Dictionary, request: Request
) -> ParsedSignature | SignatureFailure:
    """What one label claims, if it could suffice."""
    items, parameters = inputs[label]
    signature, more = signatures.get(label, (None, {}))
    # SECURITY: what is not understood is not verified; a label with anything unknown is passed
    # over. tests/unit/protocol/signature/test_rfc9421.py
    if not isinstance(items, list) or not isinstance(signature, bytes) or more:
        return SignatureFailure(Reason.LABEL, label)
    if f":{base64.b64encode(signature).decode('ascii')}:" not in request.fields["signature"]:
        return SignatureFailure(Reason.BASE64, label)
    failure = _fault_in(parameters)
    if failure is not None:
        return failure
    covered = tuple(name for name, of_component in items if type(name) is str and not of_component)
    if len(covered) != len(items):
        return SignatureFailure(Reason.COMPONENT, label)
    return _judge_coverage(covered, request) or ParsedSignature(
        key_id=parameters["keyid"],
        algorithm=parameters.get("alg", ""),
        covered=covered,
        signature=signature,
        created_s=parameters["created"],
        expires_s=parameters.get("expires"),
        signed_s=parameters["created"],
        parameters=parameters,
    )


def _fault_in(parameters: Mapping[str, Any]) -> SignatureFailure | None:
    """What is wrong with that which a signature says of itself."""
    times = [parameters[name] for name in _TIMES if name in parameters]
    if not all(type(time) is int and 0 < time < INTEGER_MAX for time in times):
        return SignatureFailure(Reason.BAD_INTEGER)
    texts = [parameters[name] for name in _TEXTS if name in parameters]
    is_read = parameters.keys() <= _TIMES | _TEXTS and all(type(text) is str for text in texts)
    if not is_read or not parameters.get("keyid"):
        return SignatureFailure(Reason.LABEL, " ".join(parameters))
    if "created" not in parameters:
        return SignatureFailure(Reason.COVERAGE, "created")
    algorithm = parameters.get("alg", "")
    return None if algorithm in ALGORITHMS else SignatureFailure(Reason.ALGORITHM, algorithm)


def _required(covered: tuple[str, ...], request: Request) -> set[str]:
    """What must be covered besides `created`; there are two ways to name the target."""
    target = {"@target-uri"}
    if not target <= set(covered):
        target = {"@authority", "@path", *(["@query"] if "?" in request.target else [])}
    body = {"content-digest"} if request.method == "POST" else set()
    return {"@method"} | target | body


def _judge_coverage(covered: tuple[str, ...], request: Request) -> SignatureFailure | None:
    """Step 4: everything that must be covered is, and everything that is covered is there."""
    names = frozenset(covered)
    if len(names) != len(covered):
        return SignatureFailure(Reason.COVERED_TWICE, " ".join(covered))
    if not _required(covered, request) <= names:
        return SignatureFailure(Reason.COVERAGE, " ".join(covered))
    # The target is always covered, and the host is part of it.
    if not (names - _DERIVED) | {"host"} <= request.fields.keys():
        return SignatureFailure(Reason.ABSENT, " ".join(covered))
    return None
