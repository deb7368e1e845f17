"""What rules hold, limit and have decided."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0036_stored_rules")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PolicyBucket",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("rule_id", fields.CharField(max_length=300)),
                ("owner", fields.CharField(max_length=2048)),
                ("milli", fields.BigIntField()),
                ("at", fields.BigIntField()),
                ("full_at", fields.BigIntField()),
            ],
            options={
                "table": "policy_bucket",
                "app": "models",
                "unique_together": (("rule_id", "owner"),),
                "indexes": [Index(fields=["full_at"], name="policy_bucket_full")],
                "pk_attr": "id",
                "table_description": "A bucket of a rule with a limit, in thousandths of a token.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PolicyDecision",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("at", fields.BigIntField()),
                ("activity_id", fields.CharField(max_length=2048)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("host", fields.CharField(max_length=300)),
                ("person", fields.CharField(db_default="", max_length=2048)),
                ("stage", fields.CharField(max_length=32)),
                ("action", fields.CharField(max_length=32)),
                ("rule_id", fields.CharField(db_default="", max_length=300)),
                ("because", fields.TextField(unique=False)),
                ("tried", fields.TextField(unique=False)),
                ("facts", fields.TextField(unique=False)),
                ("version", fields.CharField(db_default="", max_length=64)),
            ],
            options={
                "table": "policy_decision",
                "app": "models",
                "indexes": [
                    Index(fields=["at"], name="policy_decision_age"),
                    Index(fields=["activity_id"], name="policy_decision_activity"),
                    Index(fields=["host", "id"], name="policy_decision_host"),
                ],
                "pk_attr": "id",
                "table_description": "One judgement that let something not simply in, or in which a rule only observed.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PolicyHeld",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("activity_id", fields.CharField(max_length=2048)),
                ("person", fields.CharField(db_default="", max_length=2048)),
                ("host", fields.CharField(max_length=300)),
                ("rule_id", fields.CharField(db_default="", max_length=300)),
                ("type", fields.CharField(max_length=64)),
                ("facts", fields.TextField(db_default="", unique=False)),
                ("inbox", fields.CharField(db_default="", max_length=2048)),
                ("body", fields.BinaryField(null=True)),
                ("key_id", fields.CharField(db_default="", max_length=2048)),
                ("subject", fields.CharField(db_default="", max_length=2048)),
                ("state", fields.CharField(db_default="waiting", max_length=32)),
                ("reports_max", fields.IntField(null=True)),
                ("due_at", fields.BigIntField(null=True)),
                ("held_at", fields.BigIntField()),
                ("decided_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "policy_held",
                "app": "models",
                "unique_together": (("actor_uri", "activity_id", "person"),),
                "indexes": [
                    Index(fields=["state", "id"], name="policy_held_waiting"),
                    Index(fields=["state", "due_at"], name="policy_held_due"),
                ],
                "pk_attr": "id",
                "table_description": 'An activity that waits for a moderator, for one person here or, with "", as a whole.',
            },
            bases=["Model"],
        ),
    ]
