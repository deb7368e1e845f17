"""`covey policy lists`, `diff` and `adopt`: lists that are read again, and what of them holds."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import click

from federation.commands import lists
from federation.commands.lists import Outcome
from federation.commands.rule_change import Changed, Ground
from federation.policy.lists.entry import Entry
from federation.policy.lists.subscribed import Difference, Subscription
from federation.policy.problem import Unreadable
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Refused
from federation.queries.lists import subscriptions_in
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.policy_ground import (
    Answer,
    change,
    dry_run_option,
    how_of,
    refusal,
    some,
    yes_option,
)
from node.cli.stop import StopError
from node.clock import Clock
from node.config.rules import read_rules
from node.config.sections import Config
from storage import policy_lists
from storage.policy_lists import ListRow

SHOWN: Final = 1000
NO_LIST: Final = "no list of that name stands in the configuration"


@click.command("lists", epilog="\b\nExample:\n  covey policy lists --json\n")
@click.option("--read", "hurry", multiple=True, metavar="LIST", help="Have it read at once.")
@json_option
@config_option
def lists_command(*, hurry: tuple[str, ...], as_json: bool, config_path: str | None) -> None:
    """Print the lists of the configuration, and what of them holds.

    A running node reads them. With --read it does so within seconds.
    """
    config = configured(config_path)
    wishes = _wishes(config)
    if hurry:
        for name in hurry:
            _named(wishes, name)
        inside(config, lambda: lists.read_soon(hurry, Clock().now()))
    rows = {row.id: row for row in inside(config, policy_lists.listed)}
    if as_json:
        found = [_described(wish, rows.get(name)) for name, wish in wishes.items()]
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for name, wish in wishes.items():
        click.echo("\n".join(_in_words(wish, rows.get(name))))
    for name in sorted(rows.keys() - wishes.keys()):
        held = rows[name].adopted_count
        click.echo(f"{name}  is not in the configuration any more; {held:,} entries of it hold")
    if not wishes and not rows:
        click.echo("there are no lists in the configuration")


@click.command("diff", epilog="\b\nExample:\n  covey policy diff partner\n")
@click.argument("name", metavar="ARG")
@json_option
@config_option
def diff_command(*, name: str, as_json: bool, config_path: str | None) -> None:
    """Print what the list ARG says otherwise than what of it holds.

    Each line begins with + for what would be added, ~ for what would be another rule, - for what
    would go and ? for what nobody can take over as it is.
    """
    config = configured(config_path)
    wish = _named(_wishes(config), name)
    told = inside(config, lambda: lists.what_waits(wish, config.server.names))
    if isinstance(told, Refused):
        raise StopError(told.reason)
    if as_json:
        click.echo(json.dumps(_document(told), indent=2, ensure_ascii=False))
        return
    found = list(_lines(told))
    for line in found[:SHOWN]:
        click.echo(line)
    if len(found) > SHOWN:
        click.echo(f"and {len(found) - SHOWN:,} more")
    if not found:
        click.echo("nothing waits for a decision")


ADOPT_EXAMPLES: Final = """\b
Examples:
  covey policy adopt partner --dry-run
  covey policy adopt partner --only bad.example --only worse.example
"""


@click.command("adopt", epilog=ADOPT_EXAMPLES)
@click.argument("name", metavar="ARG")
@click.option("--only", multiple=True, metavar="DOMAIN", help="Only what it says of this.")
@dry_run_option
@yes_option
@json_option
@config_option
def adopt_command(
    *, name: str, only: tuple[str, ...], config_path: str | None, **how: bool
) -> None:
    """Let hold what the list ARG says.

    Its rules are changed together, and what that ends is told before. What the list takes back
    goes; where it takes back so much that it was not believed, this believes it.
    """
    config = configured(config_path)
    wish = _named(_wishes(config), name)
    keys = only or None

    async def doing(ground: Ground) -> Answer:
        done = await lists.adopt(wish, ground, keys)
        return _told(done) if isinstance(done, Outcome) else done

    change(config, doing, verb="adopted", how=how_of(how))


def _told(done: Outcome) -> Changed:
    for reason, keys in done.left_out.items():
        click.echo(f"left out are {len(keys)} that {reason}: {some(keys)}", err=True)
    click.echo(f"{done.taken:,} entries differ from before", err=True)
    return done.changed


def _wishes(config: Config) -> Mapping[str, Subscription]:
    written = read_rules(config.file, config.server.names)
    if isinstance(written, Unreadable):
        raise refusal(written)
    return {wish.id: wish for wish in subscriptions_in(written)}


def _named(wishes: Mapping[str, Subscription], name: str) -> Subscription:
    if name not in wishes:
        raise StopError(f"{name}: {NO_LIST}")
    return wishes[name]


def _described(wish: Subscription, row: ListRow | None) -> Mapping[str, object]:
    row = row or ListRow(wish.id)
    return {
        "id": wish.id,
        "format": wish.format,
        "from": wish.place or list(wish.of),
        "apply": "auto" if wish.is_auto else "draft",
        "every_seconds": int(wish.every.total_seconds()),
        "entries": row.offered_count,
        "adopted": row.adopted_count,
        "drafts": row.draft_count,
        "trouble": row.trouble or None,
        "failures": row.failures,
        "phase": row.phase or None,
        "read": _time(row.read_at),
        "changed": _time(row.changed_at),
        "due": _time(row.due_at),
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else format_time(at)


def _in_words(wish: Subscription, row: ListRow | None) -> Iterator[str]:
    yield f"{wish.id}  {wish.format}  {wish.place or ', '.join(wish.of)}"
    if row is None or (row.read_at is None and not row.trouble):
        yield f"    not read yet{f' ({row.phase})' if row is not None and row.phase else ''}"
        return
    read = "never read" if row.read_at is None else f"read {format_time(row.read_at)}"
    counts = f"{row.offered_count:,} entries, {row.adopted_count:,} hold, {row.draft_count:,} wait"
    yield f"    {read}: {counts}{f' ({row.phase})' if row.phase else ''}"
    if row.trouble:
        yield f"    warning: {row.trouble}"


def _lines(told: Difference) -> Iterator[str]:
    yield from (f"+ {_says(entry)}" for entry in told.added)
    yield from (f"~ {_says(new)}, and was {_what(old)}" for old, new in told.changed)
    yield from (f"- {_says(entry)}" for entry in told.removed)
    yield from (f"? {_says(entry)}: {entry.unclear}" for entry in told.unclear)


def _says(entry: Entry) -> str:
    reason = f"  {entry.public_reason}" if entry.public_reason else ""
    return f"{entry.key}  {_what(entry)}{reason}"


def _what(entry: Entry) -> str:
    parts = [entry.action or "", *sorted(entry.show), "no reports" if entry.drops_reports else ""]
    return ", ".join(filter(None, parts)) or "nothing"


def _document(told: Difference) -> Mapping[str, object]:
    return {
        "added": [_entry(entry) for entry in told.added],
        "changed": [{"before": _entry(old), "after": _entry(new)} for old, new in told.changed],
        "removed": [_entry(entry) for entry in told.removed],
        "unclear": [{**_entry(entry), "why": entry.unclear} for entry in told.unclear],
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        entry.subject.value: entry.key,
        "action": entry.action,
        "show": sorted(entry.show),
        "drops_reports": entry.drops_reports,
        "public_reason": entry.public_reason,
    }
