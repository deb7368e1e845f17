"""Where the files of a node lie is said by its configuration."""

from federation.upkeep.media import MediaKept
from node.config.sections import Config
from storage.blobs import Blobs


def media_kept(config: Config) -> MediaKept:
    """Where this node's files lie, and how many of others' it keeps."""
    folder, media = config.media_folder, config.media
    return MediaKept(
        own=Blobs(folder / "own"),
        remote=Blobs(folder / "remote"),
        max_bytes=media.remote_cache_max,
        max_age=media.remote_cache_max_age,
    )
