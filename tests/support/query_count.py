"""How many statements something asks the database for."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from storage import database, work
from storage.dialect import Driver, Insert, Row, Value


class CountedDriver:
    """The real driver, with every query and every insert noted on its way."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.asked: list[str] = []

    async def fetch(self, connection: object | None, sql: str, args: Sequence[Value]) -> list[Row]:
        self.asked.append(sql)
        return await self._driver.fetch(connection, sql, args)

    async def insert_many(
        self, connection: object, insert: Insert, rows: Sequence[Sequence[Value]]
    ) -> tuple[int, list[Row]]:
        self.asked.append(f"INSERT INTO {insert.table}")
        return await self._driver.insert_many(connection, insert, rows)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the driver has
        return getattr(self._driver, name)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are asked while the block lasts."""
    opened = database.current()
    driver = CountedDriver(opened.driver)
    with work.opening(replace(opened, driver=driver)):
        yield driver.asked
