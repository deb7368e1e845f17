"""Which domains are kept out by their names, by which rule, and how that is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass

from federation.commands.block_domain import blocked_domains
from federation.policy.domains import BLOCKED_BY, block_rule, find_rule, read_domain, rules_of
from federation.policy.lists.domain_block import SUSPEND
from federation.policy.lists.listed_domains import ListedBlock
from federation.policy.merge import merged
from federation.policy.rule import Rule
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Refused
from federation.queries.domain_blocks import list_blocks
from federation.queries.stored_rules import stored_rules
from node.cli.policy_ground import ground_of
from node.config.sections import Config


@dataclass(frozen=True, slots=True)
class KeptOut:
    """A domain, and the rule that keeps it out."""

    listed: ListedBlock
    rule: Rule


async def list_kept_out(config: Config) -> list[KeptOut]:
    """Every domain that a rule keeps out by its name, by name."""
    rules = await _rules(config)
    ground = ground_of(config, dry_run=True)
    listed = await list_blocks(ground.written, ground.now)
    found = [
        KeptOut(one, next(rules[name] for name in one.at.rules if name in rules))
        for one in listed
        if one.block.severity == SUSPEND
    ]
    return sorted(found, key=lambda one: one.listed.block.domain)


async def find_kept_out(config: Config, domain: str) -> Rule | None:
    """The rule that keeps a domain out, or None."""
    name = read_domain(domain)
    if isinstance(name, Refused):
        return None
    ground, rules = ground_of(config, dry_run=True), await _rules(config)
    policy = merged(ground.written, await stored_rules())
    in_force = rules_of(policy, await blocked_domains(), now=ground.now)
    found = find_rule(in_force, name)
    return None if found is None else rules.get(found.id)


async def _rules(config: Config) -> Mapping[str, Rule]:
    ground = ground_of(config, dry_run=True)
    rules = [
        *merged(ground.written, await stored_rules()).rules,
        *map(block_rule, await blocked_domains()),
    ]
    return {rule.id: rule for rule in rules}


def told_of(rule: Rule) -> str:
    """A rule with where it stands and what takes it back."""
    if rule.id.startswith(BLOCKED_BY):
        return f"the block of {rule.id.removeprefix(BLOCKED_BY)}"
    if rule.place.line:
        return f"the rule {rule.id}, which stands in {rule.place}"
    of_list = f" of the list {rule.owner}" if rule.is_from_list else ""
    return f"the rule {rule.id}{of_list}: covey policy revert {rule.id}"


def described(one: KeptOut) -> Mapping[str, object]:
    """For a program."""
    return {
        "domain": one.listed.block.domain,
        "reason": one.listed.block.public_comment,
        "since": format_time(one.listed.at.created_at) if one.listed.at.stored else None,
        "rule": None if one.rule.id.startswith(BLOCKED_BY) else one.rule.id,
        "from": _place(one.rule),
    }


def in_short(one: KeptOut) -> str:
    """For people, on one line."""
    since = format_time(one.listed.at.created_at) if one.listed.at.stored else ""
    by = "" if one.rule.id.startswith(BLOCKED_BY) else f"  ({one.rule.id}, {_place(one.rule)})"
    block = one.listed.block
    return f"{block.domain:<40} {since:<24}  {block.public_comment}{by}".rstrip()


def _place(rule: Rule) -> str:
    if rule.id.startswith(BLOCKED_BY):
        return "block"
    if rule.is_from_list:
        return f"list {rule.owner}"
    return str(rule.place)
