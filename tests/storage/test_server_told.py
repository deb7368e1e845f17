"""A PostgreSQL server says of which version it is, and what time it has."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import server_told
from storage.database import opened
from tests.storage.conftest import SERVER, new_postgres

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not SERVER, reason="no PostgreSQL named"),
]


async def test_a_server_says_its_version_and_its_time():
    async with opened(await new_postgres(), pool=1):
        version, at = await server_told.read()

    assert version > 100_000
    assert abs(at - datetime.now(UTC)) < timedelta(seconds=30)
