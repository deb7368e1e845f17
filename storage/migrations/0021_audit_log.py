from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0020_reports")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Audit",
            fields=[
                ("n", fields.BigIntField(primary_key=True, unique=True, db_index=True)),
                ("at", fields.BigIntField()),
                ("who", fields.CharField(db_default="", max_length=2048)),
                ("face", fields.CharField(max_length=16)),
                ("act", fields.CharField(max_length=32)),
                ("about", fields.CharField(max_length=2048)),
                ("detail", fields.TextField(unique=False)),
                ("prev_hash", fields.CharField(db_default="", max_length=64)),
                ("hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "audit",
                "app": "models",
                "pk_attr": "n",
                "table_description": "A deed of somebody who runs this node. No row is ever changed.",
            },
            bases=["Model"],
        ),
    ]
