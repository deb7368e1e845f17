"""A configuration file for a node of a test, whether it runs in this process or in its own."""

import json
from collections.abc import Mapping
from pathlib import Path

SECRET_KEY = "c2VhbGluZyBrZXkgb2YgZXZlcnkgdGVzdCBub2RlISE"

Sections = Mapping[str, Mapping[str, object]]


def write_config(
    folder: Path, host: str, *, hosts: Mapping[str, int], ca_file: str, more: Sections
) -> Path:
    """Write `config.toml` into a folder that will also hold the database.

    Args:
        folder: Made if it is not there.
        host: The node's name.
        hosts: The ports of loopback at which names are found.
        ca_file: Whose certificates are believed besides the usual.
        more: Further keys by section.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted: dict[str, dict[str, object]] = {
        "server": {"host": host, "secret_key": SECRET_KEY, "data_dir": str(folder)},
        "federation": {"ca_file": ca_file, "allow_private_addresses": ["127.0.0.1/32"]},
        "metrics": {"listen": ""},
        "federation.hosts": {name: f"127.0.0.1:{port}" for name, port in hosts.items()},
    }
    for section, keys in more.items():
        wanted.setdefault(section, {}).update(keys)
    path = folder / "config.toml"
    path.write_text("".join(_section(name, keys) for name, keys in wanted.items()))
    return path


def _section(name: str, keys: Mapping[str, object]) -> str:
    # Strings, numbers, booleans and lists of strings are written alike in JSON and TOML.
    lines = [f'"{key}" = {json.dumps(value)}' for key, value in keys.items()]
    return "\n".join([f"[{name}]", *lines, "", ""])
