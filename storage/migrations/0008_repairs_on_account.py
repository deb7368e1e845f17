"""Whose servers a repair asks, and on whose account."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0007_policy_rules")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Repair",
            name="asked",
            field=fields.CharField(db_default="", max_length=255),
        ),
        ops.AddField(
            model_name="Repair",
            name="cause",
            field=fields.CharField(db_default="", max_length=255),
        ),
        ops.AddIndex("Repair", Index(fields=["cause"], name="repair_cause")),
    ]
