"""Who runs a node hears three days before a rule ends."""

from datetime import timedelta

import pytest

from tests.network.test_judging import STRANGER, rule
from tests.support.network import Network

pytestmark = pytest.mark.network


async def test_a_rule_that_ends_soon_is_told_once(
    network: Network, caplog: pytest.LogCaptureFixture
):
    (alpha,) = await network.start("alpha.test")
    ends = (network.clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    await alpha.rules(rule(STRANGER, "hold", f"expires = {ends}"))

    await alpha.tidy()
    await alpha.tidy()

    rows = await alpha.rows("SELECT act, about, detail FROM audit WHERE act = 'rule.ending'")
    assert [(one["act"], one["about"]) for one in rows] == [("rule.ending", "r")]
    assert ends in rows[0]["detail"]
    assert [one.getMessage() for one in caplog.records].count("a rule ends soon") == 1
