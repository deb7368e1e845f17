"""The section `[media]`: pictures and files, and how much room they get."""

from dataclasses import dataclass
from datetime import timedelta

from node.config.option import MEBIBYTE, Kind, days, option


@dataclass(frozen=True, slots=True)
class MediaConfig:
    """Where files lie, and how many of them."""

    directory: str = option(Kind.PATH, "", "The folder for files. Without it: media in data_dir.")
    upload_max: int = option(Kind.SIZE, 16 * MEBIBYTE, "The largest file a person here may upload.")
    user_max: int = option(
        Kind.SIZE, 1024 * MEBIBYTE, "How much the uploads of one person may take up."
    )
    remote_cache_max: int = option(
        Kind.SIZE,
        5 * 1024 * MEBIBYTE,
        "How much files of other servers may take up; the least recently used go first.",
    )
    remote_cache_max_age: timedelta = option(
        Kind.TIME, days(30), "How long a file of another server is kept that nobody looks at."
    )
    image_pixels_max: int = option(
        Kind.COUNT,
        64_000_000,
        "The largest picture that is decoded, in pixels. Decoding takes up to 16 bytes for each.",
        at_least=1_000_000,
        at_most=256_000_000,
    )
