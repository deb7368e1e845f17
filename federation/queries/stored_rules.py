"""The rules that are kept in the database, beside those of files."""

from federation.policy.lists.written import table_in
from federation.policy.merge import of_lists
from federation.policy.problem import Unreadable
from federation.policy.read_rule import read_rule
from federation.policy.rule import Rule
from storage import policy_lists
from storage import stored_rules as rows
from storage.errors import StorageUnavailable
from storage.stored_rules import StoredRule


async def stored_rules() -> tuple[Rule, ...]:
    """Every rule that was made in the web, by a command or by a list, in their order.

    Raises:
        StorageUnavailable: One of them cannot be read. Without it something would be let in.
    """
    read = [_read(row, order=order) for order, row in enumerate(await rows.listed())]
    return of_lists(read, await policy_lists.ids())


async def list_stored() -> list[StoredRule]:
    """Every rule as it is kept, the oldest first."""
    return await rows.listed()


def _read(row: StoredRule, *, order: int) -> Rule:
    read = read_rule(table_in(row.written), order=order)
    if isinstance(read, Unreadable):
        raise StorageUnavailable(f"a rule of the operator cannot be read: {read.problems[0]}")
    return read
