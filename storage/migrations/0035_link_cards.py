"""Whether somebody's messages carry the cards of their links."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0034_passkeys")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Account",
            name="previews",
            field=fields.BooleanField(db_default=True),
        ),
    ]
