"""RFC 9421 signatures are read strictly, and what their keys must have signed is written out.

Steps 3, 4 and 8 of security.md 2.1. http-sf reads the headers. What is signed is composed here from
the values that every other check reads; tests hold it to http-message-signatures, which demands no
coverage, takes components that we do not read, and has a clock of its own.

Source: docs/decisions/0023
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import http_sf

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

_METHODS: Final = frozenset({"GET", "POST"})
_TIMES: Final = frozenset({"created", "expires"})
_TEXTS: Final = frozenset({"alg", "keyid", "nonce", "tag"})
# What may be covered and is no header.
_DERIVED: Final = frozenset(
    {"@authority", "@method", "@path", "@query", "@request-target", "@scheme", "@target-uri"}
)
_DEFAULT_PORTS: Final = {"https": ":443", "http": ":80"}

# One label, names that are no more than names, texts and integers. Possessive, so that a scan never
# goes back.
_LABEL: Final = r"([a-z*][a-z0-9_.*-]*+)="
_PLAIN_SIGNATURE: Final = re.compile(
    _LABEL + r":((?:[A-Za-z0-9+/]{4})++(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?+):"
)
_PLAIN_INPUT: Final = re.compile(
    _LABEL
    + r'\(("[a-z@-]++"(?: "[a-z@-]++")*+)\)'
    + r'((?:;[a-z]++=(?:"[ !#-\[\]-~]*+"|[1-9][0-9]{0,14}+))*+)'
)
_PARAMETER: Final = re.compile(r';([a-z]++)=(?:"([^"]*+)"|([0-9]++))')

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


def signed_text(parsed: ParsedSignature, request: Request) -> bytes | None:
    """Step 8: what the key must have signed; None if nothing that it signs would do."""
    covered, parameters = parsed.covered, parsed.parameters
    if parameters is None or not _required(covered, request) <= frozenset(covered):
        return None
    return signature_base(covered, parameters, request)


def signature_base(
    covered: Sequence[str], parameters: Mapping[str, str | int], request: Request
) -> bytes | None:
    """The bytes that are signed; None if a covered value cannot stand in them.

    Args:
        covered: Components without parameters, each present and each once.
        parameters: Of the signature, in their order: texts and integers.
        request: Where the values are found.

    Source: RFC 9421 2.5
    """
    # PERF: http-message-signatures takes 70 µs, as much as verifying with RSA twice
    # (benchmarks/inbox.py).
    lines: list[str] = []
    for name in covered:
        if name in _DERIVED:
            value = _derived(request, name)
            is_fit = value.isprintable() and value == value.strip(" ")
        else:
            value = request.fields[name]
            is_fit = value.replace("\t", " ").isprintable()
        # SECURITY: a line feed within a value would forge a line;
        # tests/unit/protocol/signature/test_rfc9421.py
        if not is_fit:
            return None
        lines.append(f'"{name}": {value}')
    names = " ".join([f'"{name}"' for name in covered])
    described = "".join([f";{name}={_written(value)}" for name, value in parameters.items()])
    text = "\n".join([*lines, f'"@signature-params": ({names}){described}'])
    return text.encode("ascii") if text.isascii() else None


def _written(value: str | int) -> str:
    """A parameter as a structured field."""
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


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
    plain = find_plain(header)
    return plain if plain is not None else read_at_length(header)


def find_plain(header: str) -> _Dictionary | None:
    """One label as nearly everybody writes it; None for anything else.

    PERF: a quarter of what http-sf takes (benchmarks/signatures.py). Both read the same in it;
    tests/property/test_message_signature_holds.py
    """
    signed = _PLAIN_SIGNATURE.fullmatch(header)
    if signed is not None:
        label, text = signed.groups()
        decoded = binascii.a2b_base64(text)
        is_strict = binascii.b2a_base64(decoded, newline=False) == text.encode("ascii")
        return {label: (decoded, {})} if is_strict else None
    described = _PLAIN_INPUT.fullmatch(header)
    if described is None:
        return None
    label, names, parameters = described.groups()
    told = _PARAMETER.findall(parameters)
    read = {name: int(number) if number else text for name, text, number in told}
    items: list[_Member] = [(name[1:-1], {}) for name in names.split(" ")]
    return {label: (items, read)} if len(read) == len(told) else None


def read_at_length(header: str) -> _Dictionary | SignatureFailure:
    """The labels of any header of a signature, in their order."""
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
