"""Fingerprints of what strangers have sent."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0038_policy_lists")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PolicyText",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("at", fields.BigIntField()),
                ("person", fields.CharField(max_length=2048)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("activity_id", fields.CharField(max_length=2048)),
                ("exact", fields.CharField(max_length=32)),
                ("simhash", fields.CharField(db_default="", max_length=16)),
                ("media", fields.TextField(db_default="", unique=False)),
                ("links", fields.TextField(db_default="", unique=False)),
            ],
            options={
                "table": "policy_text",
                "app": "models",
                "indexes": [Index(fields=["at"], name="policy_text_age")],
                "pk_attr": "id",
                "table_description": "The fingerprint of a stranger's message, for one person whom it was for.",
            },
            bases=["Model"],
        ),
    ]
