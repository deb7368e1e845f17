"""Who signed a request, and whose word its body is: steps 2 to 9 of security.md 2.1."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.inbound.rates import Rates
from federation.inbound.reader import REMEMBERED_BYTES, Reader
from federation.inbound.status import Fault, KeptOut, NotKnownNow
from federation.policy.disclosure import disclosed
from federation.policy.domains import NO_RULES, Rules, find_rule
from federation.policy.facts import Direction
from federation.policy.statement import hosts_of, spoken_from
from federation.protocol import ownership, proof
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.ownership import Authenticated, Hearsay, ProofStanding
from federation.protocol.signature import verify
from federation.protocol.signature.parsed import ParsedSignature, Request, SignatureFailure
from federation.protocol.signature.scheme import claims_in
from federation.protocol.signature.verify import Verified
from federation.protocol.uri import host_of
from federation.protocol.verdict import Refused
from federation.remote.key_memory import KeyFound
from federation.remote.keys import KeyRefused, KeyResult, KeyUnknownNow, Refusal, RemoteKeys
from storage import actors
from storage.tally import Tally

SPEAKERS_REMEMBERED: Final = 10_000
SPEAKER_FRESH_FOR: Final = timedelta(seconds=60)
KEYS_PER_REQUEST: Final = 2
REFUSALS: Final = {one.value: f"key_{one.name.lower()}" for one in Refusal}
# Stage, action and mode of what the operator's rules decide here.
KEPT_OUT: Final = "domain reject enforce"
KEPT_OUT_SILENTLY: Final = "domain drop enforce"


@dataclass(frozen=True, slots=True)
class Speaker:
    """What is known of an actor who speaks.

    Attributes:
        kind: "person", "conversation" or "server".
        aware: Whether it was ever seen to speak the group protocol.
    """

    kind: str
    aware: bool


class Authenticator:
    """Finds out who signed, and whether the actor of a body stands behind it.

    Attributes:
        reader: What it has read and somebody else will take.
    """

    def __init__(
        self,
        keys: RemoteKeys,
        rates: Rates,
        *,
        allow_http: bool,
        rules: Callable[[], Rules] = lambda: NO_RULES,
        tally: Tally | None = None,
        remembered_bytes: int = REMEMBERED_BYTES,
    ) -> None:
        self._keys = keys
        self._rates = rates
        self._rules = rules
        self._tally = tally or Tally()
        self.reader = Reader(allow_http=allow_http, remembered_bytes=remembered_bytes)
        self._speakers: OrderedDict[str, tuple[datetime, Speaker]] = OrderedDict()

    def address_wait_s(self, address: str) -> int:
        """Count a request before it is looked at: 0, or in how many seconds it may come."""
        return self._rates.address_wait_s(address)

    async def signer_of(self, request: Request, now: datetime) -> Verified | Fault:
        """Who signed the request: steps 2 to 8, the rate of the signer's domain included."""
        verdict = await self._signer_of(request, now)
        if isinstance(verdict, Verified):
            wait_s = await self._rates.host_wait_s(host_of(verdict.actor), now)
            return _too_many(wait_s) or verdict
        self._tally.signatures.add(word_for(verdict))
        if isinstance(verdict, NotKnownNow):
            self._rates.unchecked(request.client)
        elif not isinstance(verdict, KeptOut):
            self._rates.failed(request.client)
        else:
            self._tally.policy.add(KEPT_OUT_SILENTLY if verdict.is_silent else KEPT_OUT)
        return verdict

    async def _signer_of(self, request: Request, now: datetime) -> Verified | Fault:
        """Whose key has signed.

        Of several signatures the first that holds counts, and at most two keys are looked for.
        """
        claims = claims_in(request)
        if isinstance(claims, SignatureFailure):
            return claims
        faults: list[Fault] = []
        key_ids: set[str] = set()
        for claim in claims:
            failure = verify.check_time_and_digest(claim, request, now)
            if failure is not None:
                faults.append(failure)
            elif len(key_ids | {claim.key_id}) <= KEYS_PER_REQUEST:
                key_ids.add(claim.key_id)
                answer = await self._tried(claim, request)
                if isinstance(answer, Verified):
                    return answer
                faults.append(answer)
        # If one cannot be judged now, the request may be right after all.
        return next((one for one in faults if isinstance(one, NotKnownNow)), faults[0])

    async def _tried(self, claim: ParsedSignature, request: Request) -> Verified | Fault:
        """Whether a claim holds. A key that fails is fetched anew once.

        SECURITY: of whom the operator keeps out not even the key is asked for;
        tests/network/test_blocked_domains.py.
        """
        # PERF: most nodes have no rule, and to read the hosts of ids took a fiftieth of a message.
        kept_out = self._kept_out(hosts_of(claim.key_id)) if self._rules().ask_hosts else None
        if kept_out is not None:
            return kept_out
        found = await self._keys.find(claim.key_id)
        if not isinstance(found, KeyFound):
            return _fault(found)
        verified = verify.verify(claim, request, found.key)
        if isinstance(verified, Verified):
            return verified
        again: KeyResult | None = await self._keys.find_again(claim.key_id)
        if not isinstance(again, KeyFound):
            return verified if again is None else _fault(again)
        return verify.verify(claim, request, again.key)

    def read(self, body: bytes) -> Activity:
        """The activity in a body: the first half of step 9.

        Raises:
            RemoteProtocolError: There is none.
        """
        return self.reader.read(body)

    async def judge(
        self, activity: Activity, signer: Verified, now: datetime
    ) -> Authenticated | Hearsay | Fault:
        """Whose word the body is: the second half of step 9; nobody's who is kept out."""
        kept_out = self._kept_out(spoken_from(activity)) if self._rules().ask_hosts else None
        if kept_out is not None:
            is_own = self._kept_out(hosts_of(activity.actor)) is not None
            self._tally.policy.add(KEPT_OUT_SILENTLY if kept_out.is_silent else KEPT_OUT)
            return replace(kept_out, is_announced=activity.type == "Announce" and not is_own)
        standing: ProofStanding | NotKnownNow = ProofStanding.ABSENT
        if activity.has_proof:
            standing = await self.proof_standing(activity.document, activity.actor, now)
        if isinstance(standing, NotKnownNow):
            return standing
        speaker = await self.speaker(activity.actor, now)
        aware = speaker is not None and (speaker.aware or speaker.kind == "conversation")
        return ownership.judge(activity, signer, proof=standing, aware=aware)

    def _kept_out(self, hosts: frozenset[str]) -> KeptOut | None:
        """Why nothing comes in for which these hosts answer; a drop is stricter than a reject."""
        rules = self._rules()
        found = [find_rule(rules, host, Direction.IN) for host in sorted(hosts)]
        by = max(filter(None, found), key=lambda one: one.is_silent, default=None)
        if by is None:
            return None
        told = disclosed(rules.chain.policy, by.category, by.public_reason)
        return KeptOut(is_silent=by.is_silent, told=told)

    async def proof_standing(
        self, document: Mapping[str, Any], actor: str, now: datetime
    ) -> ProofStanding | NotKnownNow:
        """What becomes of a document's proof.

        SECURITY: the key must be the actor's own and listed in its `assertionMethod`;
        tests/network/test_forgeries.py.
        """
        method = proof.verification_method(document)
        found = await self._keys.find(method) if method is not None else None
        if isinstance(found, KeyUnknownNow):
            return _not_now(found)
        if not isinstance(found, KeyFound) or not _proves(found, actor):
            return ProofStanding.BROKEN
        key = found.key.key
        if not isinstance(key, Ed25519PublicKey):
            return ProofStanding.BROKEN
        failure = proof.check_proof(document, key=key, now=now)
        return ProofStanding.HELD if failure is None else ProofStanding.BROKEN

    async def speaker(self, uri: str, now: datetime) -> Speaker | None:
        """What is known of an actor, at most a minute old; awareness once seen stays."""
        held = self._speakers.get(uri)
        if held is not None and (held[1].aware or now - held[0] < SPEAKER_FRESH_FOR):
            self._speakers.move_to_end(uri)
            return held[1]
        stored = await actors.find_actor(uri)
        if stored is None:
            return None
        speaker = Speaker(stored.kind, stored.aware)
        self._speakers[uri] = (now, speaker)
        if len(self._speakers) > SPEAKERS_REMEMBERED:
            self._speakers.popitem(last=False)
        return speaker


def _too_many(wait_s: int) -> Refused | None:
    return Refused("too many requests", 429, retry_after_s=wait_s) if wait_s else None


def word_for(fault: Fault) -> str:
    """What an operator's counters call a request that nobody is believed to have signed."""
    match fault:
        case SignatureFailure():
            return fault.reason.name.lower()
        case NotKnownNow():
            return "key_not_known_now"
        case KeptOut():
            return "kept_out"
        case Refused():
            return REFUSALS.get(fault.reason, "refused")
        case RemoteProtocolError():
            return "malformed"


def _fault(key: KeyRefused | KeyUnknownNow) -> Refused | NotKnownNow:
    """Why a key is not used: for good, or for now."""
    if isinstance(key, KeyUnknownNow):
        return _not_now(key)
    return Refused(key.reason.value, key.status)


def _not_now(key: KeyUnknownNow) -> NotKnownNow:
    return NotKnownNow(key.retry_after_s, key.is_over_limit)


def _proves(found: KeyFound, actor: str) -> bool:
    return found.is_for_proofs and found.key.owner == actor


def lane_of(signer: Verified) -> str:
    """The host whose lane a request from this signer wakes."""
    return host_of(signer.actor)
