"""What it takes to make an account at the machine of a node."""

from federation.commands.register_account import Mint
from federation.protocol.namespace import Namespace
from node.clock import Clock
from node.config.sections import Config
from node.entropy import Entropy
from storage.sealing import Sealer


def mint_of(config: Config) -> Mint:
    """The names and the seal of this node."""
    clock, server = Clock(), config.server
    return Mint(
        space=Namespace(server.base_url, server.netloc, server.domain),
        sealer=Sealer(server.sealing_key),
        entropy=Entropy(clock.now),
        clock=clock.now,
    )
