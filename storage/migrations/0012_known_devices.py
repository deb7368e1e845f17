"""Browsers that an account was opened in, and where from."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0011_never_ask_again")]

    initial = False

    operations = [
        ops.CreateModel(
            name="KnownDevice",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("account", fields.CharField(max_length=64)),
                ("used_at", fields.BigIntField()),
            ],
            options={
                "table": "known_device",
                "app": "models",
                "indexes": [
                    Index(fields=["account", "used_at"], name="known_device_account"),
                    Index(fields=["used_at"], name="known_device_age"),
                ],
                "pk_attr": "id",
                "table_description": "A browser that an account was opened in.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Session",
            name="address",
            field=fields.TextField(db_default="", unique=False),
        ),
    ]
