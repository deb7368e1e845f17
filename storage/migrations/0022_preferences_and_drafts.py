"""What people set for a conversation by themselves, and what they have begun to write there."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0021_audit_log")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("conversation_id", fields.CharField(max_length=26)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("text", fields.TextField(unique=False)),
                ("reply_to", fields.CharField(db_default="", max_length=26)),
                ("media_ids", fields.TextField(db_default="[]", unique=False)),
                ("updated_at", fields.BigIntField()),
            ],
            options={
                "table": "draft",
                "app": "models",
                "unique_together": (("conversation_id", "actor_uri"),),
                "indexes": [
                    Index(fields=["actor_uri"], name="draft_actor"),
                    Index(fields=["updated_at"], name="draft_updated"),
                ],
                "pk_attr": "id",
                "table_description": "The draft of a local person in a conversation, `media_ids` a JSON list of uploads.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Membership",
            name="archived_t",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Membership",
            name="marked_unread",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Membership",
            name="muted_until",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Membership",
            name="mutes_mentions",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="Membership",
            name="pinned_at",
            field=fields.BigIntField(null=True),
        ),
        ops.AddIndex(
            model_name="Membership",
            index=Index(fields=["muted_until"], name="membership_muted"),
        ),
    ]
