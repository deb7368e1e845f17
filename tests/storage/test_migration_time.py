"""How long a migration takes is told by the rows that it passes over."""

import pytest
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from storage.migration_time import ROWS_A_SECOND, planned

ROWS = {"message": 12 * ROWS_A_SECOND, "author_log": 3 * ROWS_A_SECOND, "peer": 10}
INDEX = ops.AddIndex("Message", Index(fields=["t"], name="message_t"))


@pytest.mark.parametrize(
    ("operation", "seconds"),
    [
        (INDEX, 12),
        (ops.AlterField("AuthorLog", "head", fields.BigIntField()), 3),
        (ops.RemoveField("Message", "t"), 12),
        (ops.RunSQL("UPDATE author_log SET complete_to = head"), 3),
        (ops.RunSQL("UPDATE peer SET step = 0"), 0),
        (ops.AddField("Message", "mood", fields.TextField(db_default="")), 0),
        (ops.CreateModel("Mood", fields=[("id", fields.BigIntField(primary_key=True))]), 0),
        (ops.AddIndex("Mood", Index(fields=["id"], name="mood")), 0),
    ],
    ids=lambda value: getattr(value, "model_name", None) or str(value)[:30],
)
def test_only_what_passes_over_rows_takes_time(operation: object, seconds: int) -> None:
    assert planned("0099_x", [operation], ROWS).seconds == seconds


def test_each_pass_counts() -> None:
    one = planned("0099_x", [INDEX, INDEX], ROWS)

    assert (one.rows, one.seconds) == ({"message": 24 * ROWS_A_SECOND}, 24)
