"""What lists of other servers said, and what of it was adopted."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0037_policy_judgements")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PolicyList",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("source", fields.CharField(db_default="", max_length=64)),
                ("etag", fields.CharField(db_default="", max_length=1024)),
                ("modified", fields.CharField(db_default="", max_length=256)),
                ("cursor", fields.CharField(db_default="", max_length=2048)),
                ("offered", fields.BinaryField(null=True)),
                ("withheld", fields.BinaryField(null=True)),
                ("adopted", fields.BinaryField(null=True)),
                ("declined", fields.BinaryField(null=True)),
                ("memory", fields.BinaryField(null=True)),
                ("offered_count", fields.IntField(db_default=0)),
                ("adopted_count", fields.IntField(db_default=0)),
                ("draft_count", fields.IntField(db_default=0)),
                ("trouble", fields.TextField(db_default="", unique=False)),
                ("failures", fields.IntField(db_default=0)),
                ("phase", fields.CharField(db_default="", max_length=200)),
                ("version", fields.BigIntField(db_default=0)),
                ("tried_at", fields.BigIntField(null=True)),
                ("read_at", fields.BigIntField(null=True)),
                ("changed_at", fields.BigIntField(null=True)),
                ("due_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "policy_list",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a list said when it was read last, and what of it was adopted.",
            },
            bases=["Model"],
        ),
    ]
