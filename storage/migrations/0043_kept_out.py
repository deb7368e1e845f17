"""Servers that rules keep out, with what began it and since when."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0042_numbers")]

    initial = False

    operations = [
        ops.CreateModel(
            name="KeptOut",
            fields=[
                (
                    "host",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=300),
                ),
                ("rule_id", fields.CharField(max_length=300)),
                ("public_reason", fields.TextField(db_default="", unique=False)),
                ("told", fields.BooleanField(db_default=False)),
                ("since", fields.BigIntField()),
                ("purged_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "kept_out",
                "app": "models",
                "pk_attr": "host",
                "table_description": "A server that people here knew before a rule kept it out.",
            },
            bases=["Model"],
        ),
    ]
