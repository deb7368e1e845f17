"""`covey reload` lets a running node take the rules as they stand in its files now."""

import click

from federation.commands.reload_rules import reload_rules
from federation.commands.settle_rules import Settled
from federation.policy.read_rule import DATABASE
from node.cli.loading import configured
from node.cli.opening import inside
from node.cli.options import config_option
from node.clock import Clock
from node.config.sections import Config
from node.entropy import Entropy
from node.policy_in_force import read_now


@click.command("reload", epilog="\b\nExample:\n  covey reload --config config.toml\n")
@config_option
def reload_command(*, config_path: str | None) -> None:
    """Take the rules as they stand in the configuration and its files now.

    With a mistake in them nothing changes, and it ends with status 3. A running node takes them up
    within two seconds, every process of it. Deliveries to servers that nothing goes to any more end
    at once, and memberships with servers that a rule keeps out anew. Other sections of the
    configuration hold from the next start.
    """
    config = configured(config_path)
    rules, done = inside(config, lambda: reload(config))
    click.echo(f"{rules} rules of files hold; {done.waiting} deliveries ended unsent")
    removed, leaving = len(done.parted.removed), len(done.parted.leaving)
    if removed or leaving:
        click.echo(f"{removed} people elsewhere leave groups here, {leaving} of ours leave groups")


async def reload(config: Config) -> tuple[int, Settled]:
    """Let the rules hold as they stand now; how many there are, and what has ended."""
    clock = Clock()
    rules = await read_now(config, clock.now)
    done = await reload_rules(rules, new_id=Entropy(clock.now).new_id, now=clock.now())
    in_files = (rule.place.file not in ("", DATABASE) for rule in rules.chain.policy.rules)
    return sum(in_files), done
