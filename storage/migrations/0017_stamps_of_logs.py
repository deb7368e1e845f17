from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("models", "0016_ends_of_relays")]

    initial = False

    operations = [
        ops.AddField(
            model_name="AuthorLog",
            name="stamp",
            field=fields.BigIntField(db_default=0),
        ),
    ]
