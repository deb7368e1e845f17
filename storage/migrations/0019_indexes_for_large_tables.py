from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0018_apps_and_consents")]

    initial = False

    operations = [
        ops.AddIndex(
            model_name="LogEntry",
            index=Index(fields=["activity_id"], name="log_entry_activity"),
        ),
        ops.AddIndex(
            model_name="Message",
            index=Index(fields=["in_reply_to"], name="message_replies"),
        ),
        ops.AddIndex(
            model_name="StateLink",
            index=Index(fields=["activity_id"], name="state_link_activity"),
        ),
    ]
