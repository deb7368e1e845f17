"""The configuration goes into a backup with the files of rules it names, without its secrets."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from federation.policy.problem import Problem
from federation.policy.read_policy import lists_in
from node.backup.manifest import CONFIG_FILE, CONFIGURATION, BackupError
from node.config.rules import sources_of

_SEALING: Final = "secret_key"
_ELSEWHERE: Final = "elsewhere"
_SECRET_LINE: Final = re.compile(r"""(?m)^([ \t]*)["']?secret_key["']?[ \t]*=.*$""")


def kept(path: Path) -> dict[str, bytes]:
    """What goes into a backup of a configuration, by its path there.

    Raises:
        BackupError: A secret is written so that it cannot be taken out.
    """
    files = {CONFIG_FILE: without_secrets(path.read_text(encoding="utf-8")).encode()}
    for file in _rule_files(path):
        files[_place(file, path.parent.absolute())] = file.read_bytes()
    return files


def without_secrets(text: str) -> str:
    """A configuration that names a file for the secret key and no password.

    Raises:
        BackupError: They cannot be taken out.
    """
    document = tomllib.loads(text)
    secret = _at(document, "server", _SEALING)
    url = _at(document, "database", "url")
    password = urlsplit(url).password
    if secret:
        text = _SECRET_LINE.sub(rf'\1{_SEALING}_file = "{_SEALING}"', text)
    if password:
        text = text.replace(url, url.replace(f":{password}@", "@", 1))
    if any(each and each in text for each in (secret, password)):
        raise BackupError(
            "the configuration holds a secret that cannot be taken out: put it into a file, and "
            "name that by server.secret_key_file or database.url_file"
        )
    tomllib.loads(text)
    return text


def _at(document: Mapping[str, object], section: str, key: str) -> str:
    keys = document.get(section)
    value = keys.get(key) if isinstance(keys, Mapping) else None
    return value if isinstance(value, str) else ""


def _rule_files(path: Path) -> Sequence[Path]:
    """The files of rules that a configuration names, and the lists that those name."""
    sources = sources_of(path)
    if isinstance(sources, Problem):
        return ()
    lists = [Path(one.place.file).parent / one.file for one in lists_in(sources) if one.file]
    named = [*(Path(source.name) for source in sources if not source.is_configuration), *lists]
    return [file for file in dict.fromkeys(named) if file.is_file()]


def _place(file: Path, folder: Path) -> str:
    """Beside the configuration where it lies there; else below a folder of its own."""
    file = Path(*(part for part in file.absolute().parts if part != "."))
    if file.is_relative_to(folder) and ".." not in file.parts:
        return f"{CONFIGURATION}/{file.relative_to(folder)}"
    return "/".join([CONFIGURATION, _ELSEWHERE, *(p for p in file.resolve().parts if p != "/")])
