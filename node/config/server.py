"""The section `[server]`: by which name others know this node, and where it listens."""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from node.config.option import Kind, option, required


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """Names, addresses and secrets of the node itself."""

    host: str = required(
        Kind.HOST,
        "The name other servers know this node by. It cannot change after the first start.",
    )
    secret_key: str = required(
        Kind.SEALING_KEY,
        "Seals the private keys in the database. A backup is worth nothing without it.",
    )
    account_domain: str = option(
        Kind.HOST,
        "",
        "The part of a handle after the @, if it is not host. It cannot change either.",
    )
    url: str = option(
        Kind.URL, "", "Where people and servers reach it, if that is not https://host."
    )
    name: str = option(Kind.TEXT, "Covey", "What people read on the pages.")
    data_dir: str = option(Kind.PATH, ".", "The folder for the database and the lock file.")
    listen: tuple[str, ...] = option(
        Kind.LISTEN, ("127.0.0.1:8420",), "Where the HTTP server waits for connections."
    )
    worker_listen: tuple[str, ...] = option(
        Kind.LISTEN,
        (),
        "Where a process of the role worker answers /livez and /readyz, in plain HTTP.",
    )
    trusted_proxies: tuple[str, ...] = option(
        Kind.NETWORKS, (), "Whose X-Forwarded headers are believed; nobody else's are."
    )
    tls_cert: str = option(
        Kind.PATH, "", "The certificate chain in PEM, only without a proxy in front."
    )
    tls_key_file: str = option(Kind.PATH, "", "The private key of that certificate, in PEM.")
    failpoints: bool = option(
        Kind.SWITCH,
        default=False,
        text="Development only: COVEY_FAILPOINT kills the process at a named point, or stops it.",
    )

    @property
    def base_url(self) -> str:
        """Scheme and host of every URL this node mints, without a slash at the end."""
        return self.url or f"https://{self.host}"

    @property
    def netloc(self) -> str:
        """The one `Host` header this node answers to."""
        return urlsplit(self.base_url).netloc

    @property
    def domain(self) -> str:
        """The part of a handle after the @."""
        return self.account_domain or self.netloc

    @property
    def names(self) -> tuple[str, ...]:
        """The hosts that are this node, without ports."""
        hosts = (self.host, self.netloc, self.domain)
        return tuple(dict.fromkeys(urlsplit(f"https://{host}").hostname or host for host in hosts))

    @property
    def sealing_key(self) -> bytes:
        """The 32 bytes that `storage.sealing` takes, whatever the text looks like."""
        return hashlib.sha256(self.secret_key.encode()).digest()
