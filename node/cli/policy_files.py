"""`covey policy check` reads rules from files, and `explain` tries them; neither enforces any."""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from federation.policy.chain import ALL_STAGES, judge
from federation.policy.check import Warned, check
from federation.policy.domains import read_domain
from federation.policy.enforced import not_enforced
from federation.policy.explain import explain, if_enforced
from federation.policy.expressions import Wrong
from federation.policy.facts import Direction, Facts, Value
from federation.policy.merge import merged
from federation.policy.order import arrange
from federation.policy.problem import Problem, Source, Unreadable
from federation.policy.rule import Policy
from federation.policy.told import facts_of, read_fact
from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.parse import parse_activity
from federation.protocol.verdict import Refused
from federation.queries.stored_rules import stored_rules
from node.cli import policy_words
from node.cli.loading import loaded
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.policy_recorded import tell_recorded
from node.cli.stop import CONFIGURATION, StopError
from node.clock import Clock
from node.config.load import find_file
from node.config.rules import read_rules, read_sources, text_of


@click.command(
    "check", epilog="\b\nExample:\n  covey policy check rules.toml more-rules.toml --json\n"
)
@click.argument("files", nargs=-1, metavar="[ARGS]...")
@json_option
@config_option
def check_command(*, files: tuple[str, ...], as_json: bool, config_path: str | None) -> None:
    """Say what is wrong with rules, in files or in the configuration.

    ARGS are files; without any it is the rules of the configuration that are read.

    Each mistake stands on a line with its file and line; with mistakes it ends with status 3.
    What is written correctly and will hardly do what is meant is a warning: rules that have
    expired or soon will, that are never reached, and that only their order decides between.
    So is what a node does not enforce yet: it does not start with such rules.
    """
    read = _read(files, config_path)
    warnings = () if isinstance(read, Unreadable) else check(read, Clock().now())
    in_vain = () if isinstance(read, Unreadable) else not_enforced(read)
    problems = read.problems if isinstance(read, Unreadable) else ()
    if as_json:
        counts = {} if isinstance(read, Unreadable) else _counted(read)
        document = {
            **counts,
            "problems": [_problem(each) for each in problems],
            "warnings": [_warning(each) for each in warnings],
            "not_enforced": [_problem(each) for each in in_vain],
        }
        click.echo(json.dumps(document, indent=2))
    if isinstance(read, Unreadable):
        raise _refusal(read, in_words=not as_json)
    if as_json:
        return
    for warning in (*warnings, *in_vain):
        click.echo(f"warning: {warning}")
    click.echo(f"{len(read.rules)} rules and {len(read.lists)} lists can be read")


EXPLAIN_EXAMPLES: Final = """\b
Examples:
  covey policy explain --rules rules.toml --domain bad.example
  covey policy explain --recorded https://bad.example/notes/1#create
  covey policy explain --rules rules.toml --activity create.json \\
    --fact relation=stranger --fact domain_first_seen=3h
"""


@click.command("explain", epilog=EXPLAIN_EXAMPLES)
@click.option("--rules", "files", multiple=True, help="A file with rules.")
@click.option("--recorded", default="", metavar="ID", help="An activity a node has decided about.")
@click.option("--activity", default="", metavar="FILE", help="An activity as JSON.")
@click.option("--actor", default="", help="Somebody's id, or a handle like @ana@example.org.")
@click.option("--domain", default="", help="A domain.")
@click.option("--fact", "told", multiple=True, help="What the node would know: KEY=VALUE.")
@click.option("--as-of", default="", metavar="DATE", help="Judge at this day or time.")
@click.option("--outgoing", is_flag=True, help="It goes out instead of coming in.")
@json_option
@config_option
def explain_command(
    *,
    files: tuple[str, ...],
    told: tuple[str, ...],
    outgoing: bool,
    as_json: bool,
    config_path: str | None,
    recorded: str,
    **asked: str,
) -> None:
    """Say what rules come to, and why.

    With --recorded it prints what this node has decided about an activity, with the rules as they
    were. Otherwise it tries the rules of files, or of the configuration.

    Each rule is listed with what it asks for and whether it matches. Give one of --activity,
    --actor and --domain. What only a running node knows is added with --fact; a rule that asks for
    anything else does not match. Nothing is enforced by it.
    """
    if recorded:
        tell_recorded(recorded, config_path, as_json=as_json)
        return
    now = _moment(asked.pop("as_of"))
    known = _known(**asked, now=now) | dict(map(_fact, told))
    read = _read(files, config_path)
    if isinstance(read, Unreadable):
        raise _refusal(read, in_words=True)
    chain = arrange(read)
    facts = Facts(now, known, Direction.OUT if outgoing else Direction.IN)
    decision = judge(chain, facts)
    tried = explain(chain, facts, ALL_STAGES)
    would = if_enforced(chain, facts, ALL_STAGES)
    if as_json:
        click.echo(json.dumps(policy_words.document(decision, would, tried, facts), indent=2))
        return
    click.echo("\n".join(policy_words.lines(decision, would, tried, facts)))


def _refusal(unreadable: Unreadable, *, in_words: bool) -> StopError:
    """How a command ends that can read no rules; each mistake is on a line of its own."""
    for problem in unreadable.problems if in_words else ():
        click.echo(str(problem), err=True)
    return StopError("", CONFIGURATION)


def _read(files: Sequence[str], config_path: str | None) -> Policy | Unreadable:
    """The rules in these files, or those of the configuration where none are named."""
    path = find_file(config_path, os.environ)
    if not files:
        if path is None:
            raise click.UsageError("name a file, or have a configuration that names some")
        return _with_stored(read_rules(path, _own_hosts(config_path)), config_path)
    return read_sources(
        [Source(name, _text(Path(name))) for name in files], _own_hosts(config_path)
    )


def _with_stored(read: Policy | Unreadable, config_path: str | None) -> Policy | Unreadable:
    """The rules of files with those of the database beside them."""
    if isinstance(read, Unreadable):
        return read
    return merged(read, inside(loaded(config_path).config, stored_rules))


def _text(path: Path) -> str:
    """What is in a file.

    Raises:
        OSError: It cannot be read.
        StopError: It is no text, or too long.
    """
    path.stat()
    text = text_of(path)
    if isinstance(text, Wrong):
        raise StopError(f"{path}: {text.reason}", CONFIGURATION)
    return text


def _own_hosts(config_path: str | None) -> tuple[str, ...]:
    """The names of this node; none where there is no configuration."""
    if find_file(config_path, os.environ) is None:
        return ()
    return loaded(config_path).config.server.names


def _moment(written: str) -> datetime:
    if not written:
        return Clock().now()
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise click.UsageError(f"--as-of {written!r} is no day or time like 2027-01-15") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _known(*, activity: str, actor: str, domain: str, now: datetime) -> dict[str, Value]:
    """The facts that the question tells.

    Raises:
        StopError: What it names cannot be read.
        click.UsageError: It names nothing, or too much.
    """
    if sum(map(bool, (activity, actor, domain))) != 1:
        raise click.UsageError("give one of --activity, --actor and --domain")
    if activity:
        path = Path(activity)
        try:
            return dict(facts_of(parse_activity(strict_json.loads(path.read_bytes())), now))
        except RemoteProtocolError as error:
            raise StopError(f"{path}: {error}") from None
    named = domain or (urlsplit(actor).hostname if "://" in actor else actor.rpartition("@")[2])
    host = read_domain(named or "")
    if isinstance(host, Refused):
        raise StopError(host.reason)
    known: dict[str, Value] = {"domain": host}
    return known | {"actor": (actor,)} if actor else known


def _fact(written: str) -> tuple[str, Value]:
    read = read_fact(written)
    if isinstance(read, Wrong):
        raise click.UsageError(f"--fact {read.reason}")
    return read


def _counted(policy: Policy) -> Mapping[str, object]:
    return {"rules": len(policy.rules), "lists": len(policy.lists)}


def _problem(each: Problem) -> Mapping[str, object]:
    place = {"file": each.place.file, "line": each.place.line or None}
    return {**place, "subject": each.subject, "reason": each.reason}


def _warning(each: Warned) -> Mapping[str, object]:
    place = {"file": each.rule.place.file, "line": each.rule.place.line or None}
    return {**place, "rule": each.rule.id, "fault": each.fault, "reason": each.reason}
