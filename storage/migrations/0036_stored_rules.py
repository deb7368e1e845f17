"""Rules of the operator that stand in no file."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0035_link_cards")]

    initial = False

    operations = [
        ops.CreateModel(
            name="StoredRule",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("written", fields.TextField(unique=False)),
                ("created_at", fields.BigIntField()),
                ("changed_at", fields.BigIntField()),
                ("over_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "stored_rule",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A rule that a command or the API has made, as it was written down.",
            },
            bases=["Model"],
        ),
    ]
