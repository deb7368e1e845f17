"""People who ask for an account."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0045_push_for_apps")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SignUp",
            fields=[
                (
                    "name",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("password_hash", fields.TextField(unique=False)),
                ("reason", fields.TextField(db_default="", unique=False)),
                ("state", fields.CharField(db_default="waiting", max_length=32)),
                ("word", fields.TextField(db_default="", unique=False)),
                ("changed_at", fields.BigIntField()),
            ],
            options={
                "table": "sign_up",
                "app": "models",
                "indexes": [Index(fields=["state", "changed_at"], name="sign_up_state")],
                "pk_attr": "name",
                "table_description": "An account that waits for a yes, or was refused, and has no actor yet.",
            },
            bases=["Model"],
        ),
    ]
