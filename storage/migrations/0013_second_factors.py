"""Authenticators of accounts, and the codes that stand in for them."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0012_known_devices")]

    initial = False

    operations = [
        ops.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "code_hash",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("account", fields.CharField(max_length=64)),
            ],
            options={
                "table": "recovery_code",
                "app": "models",
                "indexes": [Index(fields=["account"], name="recovery_code_account")],
                "pk_attr": "code_hash",
                "table_description": "A recovery code that is not used yet.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "account",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("sealed", fields.BinaryField()),
                ("is_on", fields.BooleanField(db_default=False)),
                ("last_step", fields.BigIntField(db_default=0)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "second_factor",
                "app": "models",
                "indexes": [Index(fields=["is_on", "created_at"], name="second_factor_age")],
                "pk_attr": "account",
                "table_description": "The authenticator of an account.",
            },
            bases=["Model"],
        ),
    ]
