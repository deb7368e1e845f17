from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0019_indexes_for_large_tables")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("reporter_uri", fields.CharField(max_length=2048)),
                ("accused_uri", fields.CharField(max_length=2048)),
                ("local", fields.BooleanField()),
                ("comment", fields.TextField(unique=False)),
                ("messages", fields.TextField(unique=False)),
                ("forwarded", fields.BooleanField()),
                ("created_at", fields.BigIntField()),
                ("closed_at", fields.BigIntField(null=True)),
                ("closed_by", fields.CharField(db_default="", max_length=2048)),
            ],
            options={
                "table": "report",
                "app": "models",
                "indexes": [
                    Index(fields=["reporter_uri", "created_at"], name="report_reporter"),
                    Index(fields=["closed_at", "created_at"], name="report_closed"),
                ],
                "pk_attr": "id",
                "table_description": "A report about somebody, for the people who run this node.",
            },
            bases=["Model"],
        ),
    ]
