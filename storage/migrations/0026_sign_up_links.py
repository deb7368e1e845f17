"""Invitations to a node."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0025_push_subscriptions")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SignUpLink",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                ("uses", fields.IntField()),
                ("uses_left", fields.IntField()),
                ("created_at", fields.BigIntField()),
                ("ends_at", fields.BigIntField()),
            ],
            options={
                "table": "sign_up_link",
                "app": "models",
                "indexes": [Index(fields=["ends_at"], name="sign_up_link_end")],
                "pk_attr": "id",
                "table_description": "An invitation to this node, of whose secret only the hash is kept.",
            },
            bases=["Model"],
        ),
    ]
