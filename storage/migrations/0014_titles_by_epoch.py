"""What a group was called in each epoch, for who has left it since."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0013_second_factors")]

    initial = False

    operations = [
        ops.AddField(
            model_name="StateLink",
            name="title",
            field=fields.TextField(db_default="", unique=False),
        ),
        # What they were called before was not kept.
        ops.RunSQL(
            "UPDATE state_link SET title = (SELECT title FROM conversation"
            " WHERE conversation.id = state_link.conversation_id)"
            " WHERE EXISTS (SELECT 1 FROM conversation"
            " WHERE conversation.id = state_link.conversation_id)"
        ),
    ]
