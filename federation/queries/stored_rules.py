"""The rules that are kept in the database, beside those of files."""

from federation.policy.rule import Rule


async def stored_rules() -> tuple[Rule, ...]:
    """Every rule that was made in the web, by a command or by a list, in their order."""
    return ()
