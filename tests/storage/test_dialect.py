"""Statements for PostgreSQL become statements for SQLite."""

import pytest

from storage.dialect import array_text, bytes_order, for_sqlite


@pytest.mark.parametrize(
    ("postgres", "sqlite"),
    [
        ("SELECT a FROM t WHERE b = $1", "SELECT a FROM t WHERE b = ?1"),
        ("SELECT $12, $1", "SELECT ?12, ?1"),
        ("SELECT a FROM t FOR UPDATE", "SELECT a FROM t"),
        ("SELECT a FROM t FOR UPDATE OF t SKIP LOCKED", "SELECT a FROM t"),
        ("SELECT a FROM t\nFOR SHARE", "SELECT a FROM t"),
        ("SELECT a FROM t FOR NO KEY UPDATE NOWAIT", "SELECT a FROM t"),
        ("SELECT a = ANY($2)", "SELECT a IN (SELECT value FROM json_each(?2))"),
        ("SELECT $1::text, $2::bigint[]", "SELECT ?1, ?2"),
        ("SELECT a ORDER BY " + bytes_order("a") + " DESC", "SELECT a ORDER BY a DESC"),
    ],
)
def test_a_statement_is_rewritten(postgres: str, sqlite: str):
    assert for_sqlite(postgres).sql == sqlite


@pytest.mark.parametrize(
    ("sql", "writes"),
    [
        ("SELECT 1", False),
        ("  WITH a AS (SELECT 1) SELECT * FROM a", False),
        ("SELECT a FROM t FOR UPDATE", False),
        ("INSERT INTO t VALUES (1) RETURNING a", True),
        ("WITH a AS (SELECT 1) DELETE FROM t RETURNING a", True),
        ("CREATE TABLE t (a)", True),
    ],
)
def test_what_writes_is_told_from_what_reads(sql: str, writes: bool):  # noqa: FBT001
    assert for_sqlite(sql).writes is writes


def test_only_lists_become_arrays():
    assert array_text(["a", 'b"', "ä"]) == '["a","b\\"","ä"]'
    assert array_text((1, 2)) == "[1,2]"
    assert array_text("a") == "a"
    assert array_text(b"a") == b"a"
