"""What keys demand of each other."""

import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from node.config.mistake import Mistake

Values = Mapping[str, Mapping[str, object]]

CERTIFICATE: Final = "tls_cert"
KEY: Final = "tls_key_file"
AUTHORITIES: Final = "ca_file"
TLS_PAIR: Final = ((CERTIFICATE, KEY), (KEY, CERTIFICATE))


def across(
    values: Values, origins: Mapping[str, str], file: str, now: datetime
) -> Iterator[Mistake]:
    """Mistakes that show only when keys are read together.

    Args:
        values: The values that could be read, by section and key; one that could not is absent.
        origins: Where each was written, by `section.key`.
        file: What to name for a key that nobody wrote.
        now: A certificate has to be valid at this time.
    """
    server, federation = values["server"], values["federation"]
    for name, partner in TLS_PAIR:
        if server.get(name) and server.get(partner) == "":
            where = origins.get(f"server.{name}", file)
            yield Mistake(where, f"server.{name}", "", f"needs server.{partner} beside it")
    certificate, key = server.get(CERTIFICATE), server.get(KEY)
    if certificate and key:
        # PERF: X.509 is 35 ms of a start; most leave TLS to a proxy (benchmarks/start.py).
        from node.config.certificate import faults  # noqa: PLC0415

        for name, wrong in faults(str(certificate), str(key), now):
            where = origins.get(f"server.{name}", file)
            yield Mistake(where, f"server.{name}", repr(server[name]), wrong.allowed)
    authorities = str(federation.get(AUTHORITIES) or "")
    why = _authorities_wrong(authorities) if authorities else ""
    if why:
        where = origins.get(f"federation.{AUTHORITIES}", file)
        yield Mistake(where, f"federation.{AUTHORITIES}", repr(authorities), why)
    url = str(server.get("url", ""))
    if url.startswith("http://") and federation.get("allow_http") is False:
        where = origins.get("server.url", file)
        yield Mistake(
            where, "server.url", repr(url), "must be https unless federation.allow_http is true"
        )


def _authorities_wrong(file: str) -> str:
    """Why nothing is trusted by what is in a file; "" if something is."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except ssl.SSLError:
        return "holds no certificate in PEM"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return ""
