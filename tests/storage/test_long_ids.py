"""No id that is let in makes a statement fail: every index holds the longest ones."""

from hashlib import shake_256
from importlib import import_module
from inspect import getmembers, isclass

import pytest
from tortoise import Model, fields

from federation.protocol.uri import ID_CHARS_MAX
from storage import models
from storage.database import insert_many

# What stands before an id in the longest subject of a repair: a conversation and an epoch.
BEFORE_AN_ID = 50
TABLES = {
    model._meta.db_table: model
    for name in models.MODULES
    for _, model in getmembers(import_module(name), isclass)
    if issubclass(model, Model) and model is not Model
}


def longest(name: str, field: fields.Field[object]) -> object:
    """What no database makes shorter: digits without order, others for each column."""
    if isinstance(field, fields.CharField):
        length = min(field.max_length, ID_CHARS_MAX + BEFORE_AN_ID)
        return shake_256(name.encode()).hexdigest(length)[:length]
    if isinstance(field, fields.BooleanField):
        return False
    if isinstance(field, fields.BinaryField):
        return b"x"
    return "x" if isinstance(field, fields.TextField) else 1


def row_of(table: str) -> dict[str, object]:
    columns = TABLES[table]._meta.fields_map
    return {name: longest(name, field) for name, field in columns.items() if not field.generated}


@pytest.mark.usefixtures("database")
class TestLongIds:
    @pytest.mark.parametrize("table", sorted(TABLES))
    async def test_every_table_holds_the_longest_ids(self, table: str):
        row = row_of(table)

        await insert_many(table, tuple(row), [tuple(row.values())])

    async def test_a_subject_of_other_letters_than_ascii_fits_too(self):
        digest = shake_256(b"wide").digest(2 * ID_CHARS_MAX)
        wide = "".join(
            chr(0x10000 + int.from_bytes(digest[at : at + 2])) for at in range(0, len(digest), 2)
        )
        row = {**row_of("inbox_entry"), "subject": wide}
        row["actor_uri"] = str(row["actor_uri"])[:ID_CHARS_MAX]

        await insert_many("inbox_entry", tuple(row), [tuple(row.values())])
