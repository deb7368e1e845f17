"""Which servers people want to hear nothing of."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0030_mutes_and_quiet_hours")]

    initial = False

    operations = [
        ops.CreateModel(
            name="HostBlock",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("account_uri", fields.CharField(max_length=2048)),
                ("host", fields.CharField(max_length=255)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "host_block",
                "app": "models",
                "unique_together": (("account_uri", "host"),),
                "pk_attr": "id",
                "table_description": "A local person who hides everybody of a server, of which nobody else is told.",
            },
            bases=["Model"],
        ),
    ]
