"""How far somebody has come in the lists of their clients, and what they have put away there."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0043_kept_out")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ClientMark",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("account", fields.CharField(max_length=64)),
                ("timeline", fields.CharField(max_length=32)),
                ("place", fields.BigIntField()),
                ("version", fields.IntField(db_default=0)),
                ("updated_at", fields.BigIntField()),
            ],
            options={
                "table": "client_mark",
                "app": "models",
                "unique_together": (("account", "timeline"),),
                "pk_attr": "id",
                "table_description": "A place in a list that all clients of an account share, three for each account at most.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Dismissal",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("account", fields.CharField(max_length=64)),
                ("number", fields.BigIntField()),
            ],
            options={
                "table": "dismissal",
                "app": "models",
                "unique_together": (("account", "number"),),
                "indexes": [Index(fields=["number"], name="dismissal_number")],
                "pk_attr": "id",
                "table_description": "A notification, by its number, that its person does not want to see any more.",
            },
            bases=["Model"],
        ),
    ]
