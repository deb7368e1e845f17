"""`covey policy purge` takes what is here of a domain that is kept out, for good."""

import json
import sys
from typing import Final

import click

from federation.commands import purge
from federation.commands.deeds import MACHINE
from federation.commands.purge import Purged
from federation.protocol.verdict import Refused
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.policy_ground import dry_run_option, some
from node.cli.stop import StopError
from node.clock import Clock
from node.config.sections import Config
from node.policy_in_force import read_now

EXAMPLES: Final = """\b
Examples:
  covey policy purge bad.example --dry-run
  covey policy purge bad.example --confirm bad.example
"""


@click.command("purge", epilog=EXAMPLES)
@click.argument("domain")
@click.option("--confirm", default="", metavar="DOMAIN", help="The domain again, in a script.")
@click.option("--before-grace", is_flag=True, help="Before undo.grace has ended.")
@dry_run_option
@json_option
@config_option
def purge_command(
    *,
    domain: str,
    confirm: str,
    before_grace: bool,
    dry_run: bool,
    as_json: bool,
    config_path: str | None,
) -> None:
    """Take what is here from DOMAIN and all names below it for good.

    Only what a rule keeps out by its name can be purged, and only when undo.grace has ended. What
    people there wrote in direct conversations and in groups homed there goes, and who follows whom
    across; what they wrote in groups that go on stays, and so does what people here wrote. No
    revert brings anything of it back. At a terminal it asks for the domain once more.
    """
    config, now = configured(config_path), Clock().now()

    async def foresee() -> Purged | Refused:
        rules = await read_now(config, Clock().now)
        return await purge.foresee(domain, rules.chain.policy, now, insists=before_grace)

    told = _done(inside(config, foresee))
    if dry_run:
        _say(told, "would purge", as_json=as_json)
        return
    if not confirm and sys.stdin.isatty():
        confirm = click.prompt(f"{_in_words(told)} go for good. The domain once more")
    if confirm.strip() != domain:
        raise StopError(f"nothing was purged: give --confirm {domain}")
    _say(
        _done(inside(config, lambda: _purge(config, domain, insists=before_grace))),
        "purged",
        as_json=as_json,
    )


async def _purge(config: Config, domain: str, *, insists: bool) -> Purged | Refused:
    now = Clock().now()
    rules = await read_now(config, Clock().now)
    return await purge.purge(domain, rules.chain.policy, now, MACHINE, insists=insists)


def _done(answer: Purged | Refused) -> Purged:
    if isinstance(answer, Refused):
        raise StopError(answer.reason)
    return answer


def _say(told: Purged, verb: str, *, as_json: bool) -> None:
    if as_json:
        document = {
            "domain": told.domain,
            "hosts": list(told.hosts),
            "messages": told.amount.messages,
            "follows": told.amount.follows,
            "held": told.amount.held,
        }
        click.echo(json.dumps(document, indent=2))
        return
    click.echo(f"{verb} {told.domain} ({some(told.hosts)}): {_in_words(told)}")


def _in_words(told: Purged) -> str:
    amount = told.amount
    return f"{amount.messages} messages, {amount.follows} follows, {amount.held} held items"
