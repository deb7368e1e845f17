"""Reads and writes behave alike on both databases."""

import pytest

from storage import database as db
from storage.errors import Conflict
from storage.incarnation import get_incarnation

ADD = "INSERT INTO setting (key, value) VALUES ($1, $2)"
VALUE_OF = "SELECT value FROM setting WHERE key = $1"


async def values(*keys: str) -> list[str]:
    rows = await db.fetch("SELECT value FROM setting WHERE key = ANY($1) ORDER BY key", keys)
    return [row["value"] for row in rows]


@pytest.mark.usefixtures("database")
class TestStatements:
    async def test_a_row_is_read_by_column(self):
        await db.run(ADD, "a", "1")

        (row,) = await db.fetch(VALUE_OF, "a")

        assert row["value"] == "1"

    async def test_run_answers_how_many_rows_changed(self):
        assert await db.run(ADD, "a", "1") == 1
        assert await db.run("UPDATE setting SET value = $1 WHERE key = ANY($2)", "x", ["a"]) == 1
        assert await db.run("DELETE FROM setting WHERE key = $1", "nothing") == 0

    async def test_returning_works_outside_a_transaction(self):
        rows = await db.fetch(f"{ADD} RETURNING key", "a", "1")

        assert [row["key"] for row in rows] == ["a"]
        assert await values("a") == ["1"]

    async def test_an_empty_list_matches_nothing(self):
        assert await values() == []

    async def test_a_locking_clause_runs_on_both(self):
        async with db.transaction():
            assert await db.fetch(f"{VALUE_OF} ORDER BY key FOR UPDATE SKIP LOCKED", "a") == []

    async def test_a_broken_constraint_is_a_conflict(self):
        await db.run(ADD, "a", "1")

        with pytest.raises(Conflict):
            await db.run(ADD, "a", "2")

    async def test_text_sorts_by_bytes(self):
        keys = ["a", "B", "Z", "_", "ä", "1", "~"]
        await db.insert_many("setting", ("key", "value"), [(key, key) for key in keys])

        rows = await db.fetch("SELECT key FROM setting WHERE key = ANY($1) ORDER BY key", keys)

        assert [row["key"] for row in rows] == sorted(keys, key=str.encode)

    async def test_a_database_keeps_its_incarnation(self):
        assert await get_incarnation() == "0" * 32


@pytest.mark.usefixtures("database")
class TestManyRows:
    COLUMNS = ("actor_uri", "activity_id", "recipient", "hash", "seen_at")

    async def test_duplicates_are_skipped_and_the_others_answered(self):
        rows = [("a", "x", "", "h", 1), ("a", "x", "", "h", 2), ("a", "y", "", "h", 3)]

        added = await db.insert_many(
            "seen", self.COLUMNS, rows, conflict="ON CONFLICT DO NOTHING", returning=("seen_at",)
        )

        assert sorted(row["seen_at"] for row in added) == [1, 3]

    async def test_counted_inserts_leave_out_what_was_there(self):
        rows = [("a", "x", "", "h", 1), ("a", "x", "", "h", 2), ("a", "y", "", "h", 3)]

        count = await db.count_inserted(
            "seen", self.COLUMNS, rows, conflict="ON CONFLICT DO NOTHING"
        )

        assert count == 2

    async def test_more_rows_than_one_statement_takes(self):
        rows = [("a", f"x{i}", "", "h", i) for i in range(1201)]

        added = await db.insert_many("seen", self.COLUMNS, rows, returning=("id",))

        assert len({row["id"] for row in added}) == 1201

    async def test_no_rows_are_no_statement(self):
        assert await db.insert_many("seen", self.COLUMNS, []) == []
        assert await db.count_inserted("seen", self.COLUMNS, []) == 0
        assert await db.update_many("seen", ("id",), ("hash",), []) == 0

    async def test_types_and_nulls_arrive_as_they_left(self):
        columns = (
            "key_id", "actor_uri", "algorithm", "sealed", "public", "created_at", "retired_at",
        )  # fmt: skip
        rows = [
            ("k1", "a", "rsa", b"\x00\xff", b"", 2**53, None),
            ("k2", "a", "rsa", b"", b"", 1, 5),
        ]

        await db.insert_many("actor_key", columns, rows)

        got = await db.fetch("SELECT * FROM actor_key ORDER BY key_id")
        assert [tuple(row[column] for column in columns) for row in got] == rows

    async def test_booleans_are_true_and_false(self):
        await db.insert_many(
            "remote_key",
            (
                "key_id",
                "actor_uri",
                "algorithm",
                "spki",
                "for_proofs",
                "for_requests",
                "fetched_at",
            ),
            [("k", "a", "rsa", b"s", True, False, 1)],
        )

        rows = await db.fetch("SELECT for_proofs, for_requests FROM remote_key WHERE for_proofs")

        assert [(bool(row["for_proofs"]), bool(row["for_requests"])) for row in rows] == [
            (True, False)
        ]

    async def test_many_rows_are_updated_by_their_keys(self):
        rows = [("a", f"x{i}", "", "h", i) for i in range(3)]
        await db.insert_many("seen", self.COLUMNS, rows)

        count = await db.update_many(
            "seen",
            ("actor_uri", "activity_id"),
            ("hash", "seen_at"),
            [("a", "x0", "g", 10), ("a", "x2", "f", 12), ("a", "gone", "f", 0)],
        )

        got = await db.fetch("SELECT hash, seen_at FROM seen ORDER BY activity_id")
        assert count == 2
        assert [(row["hash"], row["seen_at"]) for row in got] == [("g", 10), ("h", 1), ("f", 12)]

    async def test_all_rows_or_none(self):
        with pytest.raises(Conflict):
            await db.insert_many("setting", ("key", "value"), [("a", "1"), ("b", "2"), ("a", "3")])

        assert await values("a", "b") == []
