"""Whom people want to hear quietly, and when they want to hear nothing."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0029_pictures")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Mute",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("account_uri", fields.CharField(max_length=2048)),
                ("muted_uri", fields.CharField(max_length=2048)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "mute",
                "app": "models",
                "unique_together": (("account_uri", "muted_uri"),),
                "indexes": [Index(fields=["muted_uri"], name="mute_muted")],
                "pk_attr": "id",
                "table_description": "A local person who is told nothing of what another writes, of which nobody else is told.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Account",
            name="quiet_from",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Account",
            name="quiet_to",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Account",
            name="zone",
            field=fields.CharField(db_default="", max_length=64),
        ),
    ]
