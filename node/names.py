"""A node keeps the names by which others know it, and the secret that its keys are sealed with.

The database remembers the first names, and opens with the first secret alone.
"""

from typing import Final

from node.config.server import ServerConfig
from storage.actor_keys import find_oldest_key
from storage.database import transaction
from storage.sealing import SealBroken, Sealer
from storage.settings import settle_setting

HOST_KEY: Final = "host"
DOMAIN_KEY: Final = "account_domain"


class StrangeDatabaseError(Exception):
    """Configuration and database belong to different nodes."""


class NameChangedError(StrangeDatabaseError):
    """The configuration names this node otherwise than its database does."""


class SecretChangedError(StrangeDatabaseError):
    """The keys in the database were sealed with another secret."""


async def check_secret(server: ServerConfig) -> None:
    """Find that the keys in the database open; where there are none yet, any secret will do.

    Raises:
        SecretChangedError: They do not open.
    """
    key = await find_oldest_key()
    if key is None:
        return
    try:
        Sealer(server.sealing_key).unseal(key.sealed, key.key_id)
    except SealBroken as error:
        raise SecretChangedError(
            "server.secret_key is not the one that the keys in the database were sealed with"
        ) from error


async def settle_names(server: ServerConfig) -> None:
    """Remember host and account domain, or find that they are the remembered ones.

    Raises:
        NameChangedError: The database belongs to a node with another name.
    """
    async with transaction():
        host = await settle_setting(HOST_KEY, server.netloc)
        domain = await settle_setting(DOMAIN_KEY, server.domain)
    for key, configured, stored in (
        ("host", server.netloc, host),
        ("account_domain", server.domain, domain),
    ):
        if configured != stored:
            raise NameChangedError(
                f"server.{key} is {configured}, but other servers know this node as {stored}"
            )
