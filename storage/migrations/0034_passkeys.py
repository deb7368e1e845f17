"""Passkeys of accounts, and the challenges that they answer."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0033_find_who_hides_a_server")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Passkey",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("account", fields.CharField(max_length=64)),
                ("credential", fields.TextField(unique=False)),
                ("public_key", fields.BinaryField()),
                ("sign_count", fields.BigIntField()),
                ("name", fields.CharField(max_length=60)),
                ("created_at", fields.BigIntField()),
                ("used_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "passkey",
                "app": "models",
                "indexes": [Index(fields=["account"], name="passkey_account")],
                "pk_attr": "id",
                "table_description": "A passkey of an account.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PasskeyChallenge",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("browser", fields.CharField(max_length=64)),
                ("account", fields.CharField(max_length=64)),
                ("ends_at", fields.BigIntField()),
            ],
            options={
                "table": "passkey_challenge",
                "app": "models",
                "indexes": [Index(fields=["ends_at"], name="passkey_challenge_age")],
                "pk_attr": "id",
                "table_description": "A challenge that nobody has answered yet, known by its hash alone.",
            },
            bases=["Model"],
        ),
    ]
