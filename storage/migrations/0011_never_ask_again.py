"""Who never wants to be asked into a group again."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0010_what_home_says")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Membership",
            name="unwilling",
            field=fields.BooleanField(db_default=False),
        ),
    ]
