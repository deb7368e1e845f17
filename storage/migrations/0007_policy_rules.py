"""The rules of the operator."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0006_unaware_members")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PolicyRule",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("domain", fields.CharField(unique=True, max_length=253)),
                ("public_reason", fields.TextField(db_default="", unique=False)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "policy_rule",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A domain that nothing goes to and nothing comes from.",
            },
            bases=["Model"],
        ),
    ]
