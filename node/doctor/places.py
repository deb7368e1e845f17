"""Files, folders and switches of a configuration are looked at."""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from node.config.sections import Config
from node.doctor.finding import Finding, bad, doubtful, well
from node.doctor.judging import judge_disk, judge_mode, judge_proxies

DATA: Final = "data folder"


def look_at_places(config: Config, secret_files: Iterable[Path]) -> Iterator[Finding]:
    """What can be seen without the database and without a network.

    Args:
        config: Checked before.
        secret_files: Those that it names.
    """
    server, folder = config.server, Path(config.server.data_dir)
    yield well("configuration", "no mistake in it")
    if config.file is not None:
        yield judge_mode("configuration file", str(config.file), config.file.stat().st_mode)
    yield from _folder(folder)
    for place in (*_secret_places(config), *secret_files):
        if place.exists():
            yield judge_mode("secrets", str(place), place.stat().st_mode)
    yield judge_proxies(
        server.listen,
        server.trusted_proxies,
        has_tls=bool(server.tls_cert),
        is_http=server.base_url.startswith("http:"),
    )
    yield from _switches(config)


def _folder(folder: Path) -> Iterator[Finding]:
    if not folder.is_dir():
        yield bad(DATA, f"{folder} is not there", f"covey init makes a node, or: mkdir {folder}")
        return
    yield judge_mode(DATA, str(folder), folder.stat().st_mode)
    if not os.access(folder, os.W_OK | os.X_OK):
        yield bad(
            DATA, f"{folder} cannot be written to", "run this as the node's user; or chown it"
        )
    disk = shutil.disk_usage(folder)
    yield judge_disk(str(folder), disk.free, disk.total)


def _secret_places(config: Config) -> Iterator[Path]:
    """Where secrets lie: the database is one, with the secret key."""
    parts = urlsplit(config.database_url)
    if parts.scheme == "sqlite":
        yield Path(parts.path)
    if config.server.tls_key_file:
        yield Path(config.server.tls_key_file)


def _switches(config: Config) -> Iterator[Finding]:
    """What a node that others can reach does without."""
    server, federation = config.server, config.federation
    for is_on, key in (
        (server.failpoints, "server.failpoints"),
        (federation.allow_http, "federation.allow_http"),
        (bool(federation.allow_private_addresses), "federation.allow_private_addresses"),
        (bool(federation.hosts), "federation.hosts"),
    ):
        if is_on:
            yield doubtful("development", f"{key} is set", f"take {key} out on a public node")
