"""`covey policy show`, `log` and `export`: the rules of the database, and their past."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import click

from federation.commands.block_domain import blocked_domains
from federation.commands.deeds import MACHINE, note
from federation.policy.domains import block_rule
from federation.policy.lists.fires_entries import write_snapshot
from federation.policy.lists.mastodon_csv import write_csv
from federation.policy.lists.said import Said, said_by
from federation.policy.lists.written import (
    table_in,
    without_moments,
    write_json,
    write_toml,
)
from federation.policy.merge import merged
from federation.policy.rule import Policy, Rule
from federation.protocol.timestamps import format_time
from federation.queries.policy_log import RuleDeed, list_rule_deeds
from federation.queries.stored_rules import list_stored, stored_rules
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.policy_ground import ground_of, some
from node.cli.stop import StopError
from node.clock import Clock
from node.config.sections import Config
from storage.database import transaction
from storage.stored_rules import StoredRule

# Later than any row.
NEWEST: Final = 1 << 62
CSV, FIRES = "mastodon-csv", "fires"
WHOLE: Final = ("toml", "json")


@click.command("show", epilog="\b\nExample:\n  covey policy show bad-example\n")
@click.argument("name", metavar="[ID]", required=False, default="")
@json_option
@config_option
def show_command(*, name: str, as_json: bool, config_path: str | None) -> None:
    """Print the rules in the database, or one as a file would have it."""
    rows = [
        row for row in inside(configured(config_path), list_stored) if not name or row.id == name
    ]
    if name and not rows:
        raise StopError("There is no such rule in the database.")
    if as_json:
        click.echo(json.dumps([_described(row) for row in rows], indent=2, ensure_ascii=False))
    elif name:
        click.echo(write_toml([table_in(row.written) for row in rows]), nl=False)
    else:
        click.echo("\n".join(map(_in_short, rows)) or "there are no rules in the database")


@click.command("log", epilog="\b\nExample:\n  covey policy log --limit 20\n")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@json_option
@config_option
def log_command(*, limit: int, as_json: bool, config_path: str | None) -> None:
    """Print what was done about rules, the newest first.

    It is a part of the audit log (docs/admin/audit.md), of which no row is ever changed.
    """
    deeds = inside(configured(config_path), lambda: list_rule_deeds(before=NEWEST, limit=limit))
    if as_json:
        click.echo(json.dumps([_deed(each) for each in deeds], indent=2, ensure_ascii=False))
        return
    for each in deeds:
        who = each.who or each.face
        click.echo(f"{format_time(each.at)}  {each.act:<14} {each.about}  by {who}")
        if each.detail:
            click.echo(f"    {each.detail}")
    if not deeds:
        click.echo("nothing was done")


EXPORT_EXAMPLES: Final = """\b
Examples:
  covey policy export --format toml > rules.toml
  covey policy export --format mastodon-csv > blocks.csv
"""


@click.command("export", epilog=EXPORT_EXAMPLES)
@click.option(
    "--format", "kind", type=click.Choice([*WHOLE, CSV, FIRES]), default="toml", show_default=True
)
@click.option("--with-private", is_flag=True, help="Write private reasons to the CSV as well.")
@config_option
def export_command(*, kind: str, with_private: bool, config_path: str | None) -> None:
    """Print rules for a file, or for other servers.

    As TOML or JSON those of the database as they are. As CSV of Mastodon, or as a snapshot of
    FIRES, what all rules and blocked domains say of domains now; how many rules say something else
    is told on standard error.
    """
    config = configured(config_path)
    text, said = inside(config, lambda: _exported(config, kind, with_private=with_private))
    click.echo(text, nl=False)
    if said is not None:
        left, dated = len(said.left_out), len(said.dated)
        click.echo(f"{len(said.entries)} domains written", err=True)
        if left:
            names = some(said.left_out)
            click.echo(f"{left} rules are left out, which say what it cannot: {names}", err=True)
        if dated:
            click.echo(f"{dated} rules end by a date, which it does not say", err=True)


async def _exported(config: Config, kind: str, *, with_private: bool) -> tuple[str, Said | None]:
    now = Clock().now()
    ground = ground_of(config, dry_run=True)
    async with transaction():
        await note(MACHINE, "policy.exported", kind, now)
        if kind in WHOLE:
            tables = [table_in(row.written) for row in await list_stored()]
            return (write_toml(tables) if kind == "toml" else write_json(tables) + "\n"), None
        said = said_by(await _all_rules(ground.written), now)
    if kind == CSV:
        return write_csv(said, with_private=with_private)
    at = f"{config.server.base_url}/fires"
    snapshot = write_snapshot(said, at=at, published=format_time(now))
    return json.dumps(snapshot, indent=2, ensure_ascii=False) + "\n", said


async def _all_rules(written: Policy) -> Sequence[Rule]:
    blocked = [block_rule(each) for each in await blocked_domains()]
    return [*merged(written, await stored_rules()).rules, *blocked]


def _described(row: StoredRule) -> Mapping[str, object]:
    return {
        **without_moments(table_in(row.written)),
        "created": format_time(row.created_at),
        "changed": format_time(row.changed_at),
        "over": None if row.over_at is None else format_time(row.over_at),
    }


def _in_short(row: StoredRule) -> str:
    table = table_in(row.written)
    what = table.get("action") or ", ".join(table.get("show", ()))
    dates = [f"{key} {_date(table[key])}" for key in ("expires", "review") if key in table]
    return f"{row.id:<40} {table['stage']:<10} {what:<8} {', '.join(dates)}".rstrip()


def _date(value: object) -> str:
    return format_time(value) if isinstance(value, datetime) else str(value)


def _deed(each: RuleDeed) -> Mapping[str, object]:
    return {
        "number": each.number,
        "at": format_time(each.at),
        "who": each.who or None,
        "face": each.face,
        "act": each.act,
        "about": each.about,
        "detail": each.detail,
    }
