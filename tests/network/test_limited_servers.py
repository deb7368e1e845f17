"""People see whom their node limits, wherever the rule stands."""

import pytest

from federation.protocol.timestamps import format_time
from storage import stored_rules
from storage.database import transaction
from storage.stored_rules import StoredRule
from tests.support.network import Network

pytestmark = pytest.mark.network

IN_A_FILE = """
[[rule]]
id = "file"
stage = "domain"
when.domain = ["bad.test"]
action = "request"
public_reason = "much advertising"
private_reason = "case 214"
"""
STORED = (
    '{"id":"kept","stage":"domain","when":{"domain":["worse.test"]},"action":"reject",'
    '"direction":"both","public_reason":"threats"}'
)


async def test_rules_of_files_and_of_the_database_are_listed(network: Network):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    await al.arrive()
    made = alpha.clock.now()

    async def keep() -> None:
        async with transaction():
            await stored_rules.put([StoredRule("kept", STORED, made, made)], "v1")

    await alpha.inside(keep())
    await alpha.rules(IN_A_FILE)

    answer = await al.must("GET", "/limited_servers")

    assert answer["items"] == [
        {"domain": "bad.test", "how": "requests", "reason": "much advertising", "since": None},
        {"domain": "worse.test", "how": "refused", "reason": "threats", "since": format_time(made)},
    ]
