"""Rules stand in the configuration file, in the files that it names, or in both.

Source: policy.md 7, 12
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from federation.policy.enforced import not_enforced
from federation.policy.expressions import Wrong
from federation.policy.lists.entry import BYTES_MAX as LIST_BYTES_MAX
from federation.policy.problem import Problem, Source, Unreadable
from federation.policy.read_policy import FILES, PARTS, lists_in, read_policy
from federation.policy.rule import Place, Policy
from node.config.mistake import Mistake

FILE_BYTES_MAX: Final = 8_000_000
FILES_MAX: Final = 100
# What is on others is no part of a rule, and is read while the node runs.
CIDR: Final = "cidr"


def rules_in_force(path: Path | None, own_hosts: Sequence[str]) -> Policy | Unreadable:
    """The rules that a node runs with; what it would not enforce is a mistake."""
    read = read_rules(path, own_hosts)
    in_vain = () if isinstance(read, Unreadable) else not_enforced(read)
    return Unreadable(in_vain) if in_vain else read


def mistakes_in(path: Path, own_hosts: Sequence[str]) -> list[Mistake]:
    """What is wrong with the rules of a configuration, as mistakes in it."""
    read = rules_in_force(path, own_hosts)
    problems = read.problems if isinstance(read, Unreadable) else ()
    return [Mistake(str(one.place), one.subject, "", one.reason) for one in problems]


def read_rules(path: Path | None, own_hosts: Sequence[str]) -> Policy | Unreadable:
    """The rules of a configuration file and of the files that it names.

    Args:
        path: The file; None for a node that has none.
        own_hosts: Names of this node.
    """
    if path is None:
        return Policy()
    sources = sources_of(path)
    if isinstance(sources, Problem):
        return Unreadable((sources,))
    return read_sources(sources, own_hosts)


def sources_of(path: Path) -> list[Source] | Problem:
    """The files in which rules stand, each with its text."""
    text = text_of(path)
    if isinstance(text, Wrong):
        return Problem(Place(str(path)), "", text.reason)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Problem(Place(str(path)), "", f"is no TOML: {error}")
    if not document.keys() & set(PARTS):
        return []
    sources = [Source(str(path), text, is_configuration=True)]
    for name in _named(document.get("policy")):
        file = path.parent / Path(name).expanduser()
        more = text_of(file)
        if isinstance(more, Wrong):
            return Problem(Place(str(path)), "policy", f"files: {file} {more.reason}")
        sources.append(Source(str(file), more))
    return sources


def _named(policy: object) -> Sequence[str]:
    """The files that are named; what is written wrongly the reader of policies tells."""
    names = policy.get(FILES) if isinstance(policy, Mapping) else None
    names = names if isinstance(names, list) else []
    return [name for name in names[:FILES_MAX] if isinstance(name, str) and name]


def read_sources(sources: Sequence[Source], own_hosts: Sequence[str]) -> Policy | Unreadable:
    """Read files as one policy, with the lists that lie beside them."""
    entries = {
        each.id: text_of(Path(each.place.file).parent / each.file)
        for each in lists_in(sources)
        if each.file and each.format == CIDR
    }
    return read_policy(sources, entries=entries, own_hosts=own_hosts)


def list_bytes(path: str) -> bytes | Wrong:
    """What is in the file of a list, or why it cannot be read."""
    try:
        if Path(path).stat().st_size > LIST_BYTES_MAX:
            return Wrong(f"has more than {LIST_BYTES_MAX:,} bytes")
        return Path(path).read_bytes()
    except OSError as error:
        return Wrong(f"cannot be read: {error.strerror}")
    except ValueError:
        return Wrong("is no name of a file")


def text_of(path: Path) -> str | Wrong:
    """What is in a file, or why it cannot be read."""
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            return Wrong(f"has more than {FILE_BYTES_MAX:,} bytes")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Wrong("is no text in UTF-8")
    except OSError as error:
        return Wrong(f"cannot be read: {error.strerror}")
    except ValueError:
        return Wrong("is no name of a file")
