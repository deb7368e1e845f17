"""A push service learns who sends: a claim that this node signs, for that service alone.

Source: RFC 8292
"""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key

from federation.commands.push import PURPOSE, push_key
from federation.protocol.uri import origin_of
from node.web_push.encoding import in_url, point_of
from storage.errors import StorageError
from storage.sealing import SecretSealer

LASTS: Final = timedelta(hours=12)
# A claim is used again for so long, and so many services are remembered.
USED_FOR: Final = timedelta(hours=6)
REMEMBERED: Final = 1000
HEAD: Final = in_url(b'{"typ":"JWT","alg":"ES256"}')
NUMBER_BYTES: Final = 32


class Vapid:
    """Signs for push services with the node's key.

    Args:
        secret: The node's, under which the key is sealed.
        contact: A URL at which the node's operator is found.
    """

    def __init__(self, secret: bytes, contact: str) -> None:
        self._sealer = SecretSealer(secret, PURPOSE)
        self._contact = contact
        self._key: EllipticCurvePrivateKey | None = None
        self._claims: OrderedDict[str, tuple[datetime, str]] = OrderedDict()

    async def public_key(self) -> str:
        """The key as browsers ask for it: the point, in base64 for URLs."""
        return in_url(point_of(await self._private_key()))

    async def headers_for(
        self, endpoint: str, now: datetime, *, crypto_key: str = ""
    ) -> Mapping[str, str]:
        """What goes along with a push.

        Args:
            endpoint: Where it goes.
            now: The time.
            crypto_key: Of the older encoding, what stands in `Crypto-Key`; "" for the standard.
        """
        claim, key = await self._claim(origin_of(endpoint), now), await self.public_key()
        if not crypto_key:
            return {"Authorization": f"vapid t={claim},k={key}"}
        return {
            "Authorization": f"WebPush {claim}",
            "Crypto-Key": f"{crypto_key};p256ecdsa={key}",
        }

    async def _claim(self, service: str, now: datetime) -> str:
        until, kept = self._claims.get(service, (now, ""))
        if now < until:
            return kept
        said = {"aud": service, "exp": int((now + LASTS).timestamp()), "sub": self._contact}
        claim = _signed(msgspec.json.encode(said), await self._private_key())
        self._claims[service] = (now + USED_FOR, claim)
        if len(self._claims) > REMEMBERED:
            self._claims.popitem(last=False)
        return claim

    async def _private_key(self) -> EllipticCurvePrivateKey:
        if self._key is None:
            key = load_der_private_key(await push_key(self._sealer), password=None)
            if not isinstance(key, EllipticCurvePrivateKey):
                raise StorageError("the key for push services is of another kind")
            self._key = key
        return self._key


def _signed(document: bytes, key: EllipticCurvePrivateKey) -> str:
    """A document as a JSON Web Token."""
    said = f"{HEAD}.{in_url(document)}"
    r, s = decode_dss_signature(key.sign(said.encode(), ECDSA(SHA256())))
    signature = r.to_bytes(NUMBER_BYTES, "big") + s.to_bytes(NUMBER_BYTES, "big")
    return f"{said}.{in_url(signature)}"
