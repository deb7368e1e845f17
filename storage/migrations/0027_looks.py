"""More of how somebody wants their pages."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0026_sign_up_links")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Account",
            name="density",
            field=fields.CharField(db_default="", max_length=32),
        ),
        ops.AddField(
            model_name="Account",
            name="motion",
            field=fields.CharField(db_default="", max_length=32),
        ),
        ops.AddField(
            model_name="Account",
            name="send_key",
            field=fields.CharField(db_default="", max_length=32),
        ),
    ]
