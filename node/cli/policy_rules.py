"""`covey policy add`, `edit`, `expire` and `revert` change the rules that are in the database."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

import click

from federation.commands import change_rules
from federation.commands.rule_change import Ground
from federation.policy.facts import Direction, Stage
from federation.policy.rule import BLOCKING, Action, Effect, Mode
from node.cli.loading import configured
from node.cli.options import config_option, json_option
from node.cli.policy_ground import (
    Answer,
    Given,
    change,
    dry_run_option,
    how_of,
    tables_in,
    yes_option,
)
from node.clock import Clock

STAGES: Final = [stage.word for stage in Stage]
ACTIONS: Final = [action.value for action in Action]
DAY_CHARS: Final = 10
# With these a domain is let in or kept out as a whole.
WHOLE_DOMAINS: Final = frozenset({Action.ACCEPT, *BLOCKING})

ADD_EXAMPLES: Final = """\b
Examples:
  covey policy add bad-example --domain bad.example --action reject \\
    --reason 'Harassment of our members' --review 2027-01-15
  covey policy add friends --domain friends.example --action accept \\
    --set final=true --dry-run
"""


@click.command("add", epilog=ADD_EXAMPLES)
@click.argument("name", metavar="ID")
@click.option("--stage", type=click.Choice(STAGES), default="domain", show_default=True)
@click.option("--domain", "domains", multiple=True, help="A domain, with all below it.")
@click.option("--action", type=click.Choice(ACTIONS))
@click.option("--show", multiple=True, type=click.Choice([each.value for each in Effect]))
@click.option(
    "--direction",
    type=click.Choice([each.value for each in Direction]),
    help="Both, if it rejects, drops or accepts domains; else in.",
)
@click.option("--mode", type=click.Choice([each.value for each in Mode]))
@click.option("--category", default="")
@click.option("--reason", default="", help="People here may read it.")
@click.option("--private-reason", default="", help="Only who runs the node reads it.")
@click.option("--expires", default="", metavar="DATE", help="From then on it does nothing.")
@click.option("--review", default="", metavar="DATE", help="On that day look at it again.")
@click.option("--set", "more", multiple=True, metavar="KEY=VALUE", help="Any key, as in TOML.")
@dry_run_option
@yes_option
@json_option
@config_option
def add_command(
    *,
    name: str,
    more: tuple[str, ...],
    config_path: str | None,
    **given: Given,
) -> None:
    """Make the rule ID, as docs/admin/rules.md describes it.

    A rule that keeps a domain out ends what blocking it ends: members there are removed from
    groups here, people here leave groups there, and deliveries end. It is refused if it would keep
    out this server itself, or everybody. A running node takes it up within two seconds.
    """
    table, others = _table(name, given), tables_in(more)
    when = {**_when(table), **_when(others)}
    table |= others | ({"when": when} if when else {})
    config = configured(config_path)
    change(config, partial(change_rules.add, [table]), verb="added", how=how_of(given))


EDIT_EXAMPLES: Final = """\b
Examples:
  covey policy edit bad-example --set expires=2027-07-01 --unset review
  covey policy edit bad-example --set 'when.domain=["worse.example"]'
"""


@click.command("edit", epilog=EDIT_EXAMPLES)
@click.argument("name", metavar="ID")
@click.option("--set", "values", multiple=True, metavar="KEY=VALUE", help="As in TOML.")
@click.option("--unset", "without", multiple=True, metavar="KEY", help="Take a key away.")
@dry_run_option
@yes_option
@json_option
@config_option
def edit_command(
    *,
    name: str,
    values: tuple[str, ...],
    without: tuple[str, ...],
    config_path: str | None,
    **how: bool,
) -> None:
    """Give keys of the rule ID other values, or take them away.

    `when` is replaced as a whole.
    """
    if not values and not without:
        raise click.UsageError("give --set or --unset")
    tables = tables_in(values)
    config = configured(config_path)

    async def doing(ground: Ground) -> Answer:
        return await change_rules.edit(name, tables, without, ground)

    change(config, doing, verb="changed", how=how_of(how))


@click.command("expire", epilog="\b\nExample:\n  covey policy expire bad-example --at 2027-07-01\n")
@click.argument("name", metavar="ID")
@click.option("--at", default="", metavar="DATE", help="When; at once if nothing is said.")
@dry_run_option
@yes_option
@json_option
@config_option
def expire_command(*, name: str, at: str, config_path: str | None, **how: bool) -> None:
    """Let the rule ID end by itself.

    It is kept for thirty days after its end, and is not asked any more. `covey policy edit` with
    --unset expires brings it back.
    """
    when = moment(at, "--at") if at else Clock().now()
    config = configured(config_path)

    async def doing(ground: Ground) -> Answer:
        return await change_rules.expire(name, when, ground)

    change(config, doing, verb="ended", how=how_of(how))


@click.command("revert", epilog="\b\nExample:\n  covey policy revert bad-example\n")
@click.argument("name", metavar="ID")
@click.option("--reason", default="", help="For the audit log.")
@dry_run_option
@yes_option
@json_option
@config_option
def revert_command(*, name: str, reason: str, config_path: str | None, **how: bool) -> None:
    """Take the rule ID back.

    What it hid is shown again. Memberships that it has ended stay ended, and what was not sent is
    not sent now: people come back by new invitations.
    """
    config = configured(config_path)

    async def doing(ground: Ground) -> Answer:
        return await change_rules.revert(name, ground, reason=reason)

    change(config, doing, verb="reverted", how=how_of(how))


def moment(written: str, option: str) -> datetime:
    """A day, which stands for its beginning in UTC, or a time.

    Raises:
        click.UsageError: It is none.
    """
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise click.UsageError(f"{option} {written!r} is no day or time like 2027-01-15") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _table(name: str, given: Mapping[str, Given]) -> dict[str, object]:
    """What the options say, as a file would have it; what nobody gave is left out."""
    domains, action = _words(given, "domains"), _word(given, "action")
    direction = _word(given, "direction")
    if not direction and domains and action in WHOLE_DOMAINS:
        direction = Direction.BOTH.value
    table: dict[str, object] = {
        "stage": _word(given, "stage"),
        "when": {"domain": domains} if domains else {},
        "action": action,
        "show": _words(given, "show"),
        "direction": direction,
        "mode": _word(given, "mode"),
        "category": _word(given, "category"),
        "public_reason": _word(given, "reason"),
        "private_reason": _word(given, "private_reason"),
        "expires": _day(_word(given, "expires"), "--expires"),
        "review": _day(_word(given, "review"), "--review"),
    }
    return {"id": name} | {key: value for key, value in table.items() if value}


def _when(table: Mapping[str, object]) -> Mapping[str, object]:
    when = table.get("when")
    return when if isinstance(when, Mapping) else {}


def _word(given: Mapping[str, Given], key: str) -> str:
    value = given[key]
    return value if isinstance(value, str) else ""


def _words(given: Mapping[str, Given], key: str) -> list[str]:
    value = given[key]
    return list(value) if isinstance(value, tuple) else []


def _day(written: str, option: str) -> date | None:
    if not written:
        return None
    read = moment(written, option)
    return read.date() if len(written) == DAY_CHARS else read
