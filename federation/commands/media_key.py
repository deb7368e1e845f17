"""Links to files of other servers are signed with a key that the node makes once and keeps."""

from federation.commands.upload_media import Secrets
from federation.protocol.media_link import KEY_BYTES, KEY_NAME
from storage.database import transaction
from storage.settings import settle_setting


async def settle_media_key(entropy: Secrets) -> None:
    """Make the key, unless there is one."""
    async with transaction():
        await settle_setting(KEY_NAME, entropy.hexadecimal(KEY_BYTES))
