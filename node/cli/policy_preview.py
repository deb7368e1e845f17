"""`covey policy preview` counts what a rule would reach, and what it would end."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

import click

from federation.policy.conditions import Condition, Domains, host_name
from federation.policy.domains import is_below, read_domain
from federation.policy.facts import Direction
from federation.policy.merge import merged
from federation.policy.rule import BLOCKING, Action, Rule
from federation.protocol.verdict import Refused
from federation.queries.policy_preview import GROUPS_SHOWN, HERE, THERE, Reach, reach_of
from federation.queries.stored_rules import stored_rules
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option, json_option
from node.cli.policy_ground import ground_of
from node.cli.sizes import size_words
from node.cli.stop import StopError
from node.config.sections import Config

IsThere = Callable[[str], bool]
# What a rule may do to a host as a whole.
ACTIONS: Final = [action.value for action in Action if action is not Action.LIMIT]
OUR_OWN: Final = "That is this server's own domain."

EXAMPLES: Final = """\b
Examples:
  covey policy preview bad.example --json
  covey policy preview bad-example --action accept
"""


@click.command("preview", epilog=EXAMPLES)
@click.argument("subject", metavar="ARG")
@click.option("--action", type=click.Choice(ACTIONS), help="As if this were its action.")
@json_option
@config_option
def preview_command(
    *, subject: str, action: str | None, as_json: bool, config_path: str | None
) -> None:
    """Say what blocking ARG, a domain or a rule on domains, would end.

    Nothing is changed. What people here have to do with its servers is counted: contacts, groups,
    requests, deliveries and files. No person is named.
    """
    config = configured(config_path)
    named, ends, reach = inside(config, lambda: _asked(config, subject, action))
    if as_json:
        click.echo(json.dumps(_document(named, reach, ends=ends), indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(_lines(named, reach, ends=ends)))


async def _asked(config: Config, subject: str, action: str | None) -> tuple[str, bool, Reach]:
    """What is meant, whether it ends anything, and what it reaches.

    Raises:
        StopError: It is neither a rule on domains nor a domain, or would be against this node.
    """
    ground = ground_of(config, dry_run=True)
    rules = {rule.id: rule for rule in merged(ground.written, await stored_rules()).rules}
    rule = rules.get(subject)
    is_there: IsThere
    if rule is None:
        domain = read_domain(subject)
        if isinstance(domain, Refused):
            raise StopError(domain.reason)
        named, is_there, ends = domain, partial(is_below, domain=domain), True
    else:
        named, is_there = rule.id, _hosts_of(rule)
        ends = rule.action in BLOCKING and rule.goes(Direction.OUT)
    if action is not None:
        ends = action in BLOCKING
    if ends and any(map(is_there, ground.own_hosts)):
        raise StopError(OUR_OWN)
    return named, ends, await reach_of(is_there, ground.own_hosts)


def _hosts_of(rule: Rule) -> IsThere:
    """Which hosts a rule names.

    Raises:
        StopError: It asks for something else, of which nothing can be said before.
    """
    for part in rule.when:
        if isinstance(part, Condition) and part.key == "domain" and isinstance(part.test, Domains):
            test = part.test
            return lambda host: test.holds(host_name(host))
    raise StopError(f"rule {rule.id} names no domains, so that nothing can be counted before")


def _document(named: str, reach: Reach, *, ends: bool) -> Mapping[str, object]:
    return {
        "domain": named,
        "members_removed": reach.removed if ends else 0,
        "groups_here": _parted(reach, HERE) if ends else 0,
        "people_leaving": reach.leaving if ends else 0,
        "groups_there": _parted(reach, THERE) if ends else 0,
        "deliveries_ended": reach.deliveries if ends else 0,
        "hosts": reach.hosts,
        "contacts": reach.contacts,
        "people_in_groups": reach.in_groups,
        "groups": len(reach.groups),
        "requests": reach.requests,
        "arrivals": reach.arrivals,
        "deliveries": reach.deliveries,
        "media_bytes": reach.media_bytes,
        "most_affected": [
            {
                "id": group.id,
                "title": group.title,
                "home": group.home,
                "members_there": group.there,
                "members_here": group.ours,
            }
            for group in reach.groups[:GROUPS_SHOWN]
        ],
    }


def _parted(reach: Reach, home: str) -> int:
    """The groups that lose anybody."""
    return sum(
        group.home == home and (group.there if home == HERE else group.ours) > 0
        for group in reach.groups
    )


def _lines(named: str, reach: Reach, *, ends: bool) -> Iterator[str]:
    if ends:
        yield (
            f"{named}: {reach.removed} of its people leave {_parted(reach, HERE)} groups here,"
            f" {reach.leaving} of ours leave {_parted(reach, THERE)} groups there,"
            f" {reach.deliveries} deliveries end unsent"
        )
    else:
        yield f"{named}: ends no membership and no delivery"
    yield (
        f"{reach.contacts} people here are in touch with somebody there, {reach.in_groups} share"
        f" {len(reach.groups)} groups, on {reach.hosts} servers that are known"
    )
    yield (
        f"{reach.requests} requests from there wait for an answer, {reach.arrivals} arrivals to be"
        f" looked at, {reach.deliveries} deliveries to be sent"
    )
    yield f"{size_words(reach.media_bytes)} of files from there are kept"
    if reach.groups:
        yield "groups with most people on both sides:"
    for group in reach.groups[:GROUPS_SHOWN]:
        title = group.title or group.id
        yield f"  {title[:60]}: {group.there} there, {group.ours} here, home {group.home}"
