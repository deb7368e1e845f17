"""What complete groups need: requests, links, successors, and more about messages and hosts."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    operations = [
        ops.CreateModel(
            name="GroupRequest",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=2048),
                ),
                ("conversation_id", fields.CharField(max_length=26)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("wish", fields.CharField(max_length=32)),
                ("subject", fields.CharField(db_default="", max_length=2048)),
                ("state", fields.CharField(max_length=32)),
                ("notice", fields.CharField(db_default="", max_length=32)),
                ("published_at", fields.BigIntField()),
                ("created_at", fields.BigIntField()),
                ("settled_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "group_request",
                "app": "models",
                "indexes": [
                    Index(
                        fields=["conversation_id", "actor_uri", "created_at"],
                        name="group_request_rate",
                    ),
                    Index(fields=["state", "published_at"], name="group_request_end"),
                ],
                "pk_attr": "id",
                "table_description": "A member's request, at their own node and at home: waiting, applied, refused or expired.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="JoinLink",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                ("conversation_id", fields.CharField(max_length=26)),
                ("maker_uri", fields.CharField(max_length=2048)),
                ("uses_left", fields.IntField()),
                ("created_at", fields.BigIntField()),
                ("ends_at", fields.BigIntField()),
            ],
            options={
                "table": "join_link",
                "app": "models",
                "indexes": [
                    Index(fields=["conversation_id"], name="join_link_place"),
                    Index(fields=["ends_at"], name="join_link_end"),
                ],
                "pk_attr": "id",
                "table_description": "A link into a group, of whose secret only the hash is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=2048),
                ),
                ("conversation_id", fields.CharField(max_length=26)),
                ("mover_uri", fields.CharField(max_length=2048)),
                ("target_uri", fields.CharField(max_length=2048)),
                ("state", fields.CharField(max_length=32)),
                ("before", fields.TextField(db_default="")),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "succession",
                "app": "models",
                "indexes": [Index(fields=["conversation_id"], name="succession_place")],
                "pk_attr": "id",
                "table_description": "A successor's Move, whose signed bytes are in `activity`: heard, followed or refused.",
            },
            bases=["Model"],
        ),
        ops.AddField("Conversation", "gone_at", fields.BigIntField(null=True)),
        ops.AddField("Conversation", "moved_to", fields.CharField(db_default="", max_length=2048)),
        ops.AddField("Message", "taken_back_at", fields.BigIntField(null=True)),
        ops.AddField("Peer", "reached_at", fields.BigIntField(null=True)),
        ops.AddField("Peer", "missed_at", fields.BigIntField(null=True)),
        ops.AddField("Peer", "missed_days", fields.IntField(db_default=0)),
        ops.CreateModel(
            name="Media",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("account", fields.CharField(max_length=64)),
                ("token", fields.CharField(unique=True, max_length=64)),
                ("name", fields.CharField(max_length=128)),
                ("media_type", fields.CharField(max_length=128)),
                ("digest", fields.CharField(max_length=64)),
                ("thumbnail_digest", fields.CharField(db_default="", max_length=64)),
                ("size", fields.BigIntField()),
                ("thumbnail_size", fields.BigIntField(db_default=0)),
                ("width", fields.IntField(null=True)),
                ("height", fields.IntField(null=True)),
                ("blurhash", fields.CharField(db_default="", max_length=128)),
                ("description", fields.TextField(db_default="", unique=False)),
                ("message_id", fields.CharField(db_default="", max_length=26)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "media",
                "app": "models",
                "indexes": [
                    Index(fields=["account"], name="media_account"),
                    Index(fields=["message_id", "created_at"], name="media_message"),
                ],
                "pk_attr": "id",
                "table_description": "An upload of a local person, whose `message_id` is empty until a message shows it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RemoteMedia",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("media_type", fields.CharField(db_default="", max_length=128)),
                ("digest", fields.CharField(db_default="", max_length=64)),
                ("thumbnail_digest", fields.CharField(db_default="", max_length=64)),
                ("size", fields.BigIntField(db_default=0)),
                ("problem", fields.CharField(db_default="", max_length=32)),
                ("used_at", fields.BigIntField()),
                ("fetched_at", fields.BigIntField()),
            ],
            options={
                "table": "remote_media",
                "app": "models",
                "indexes": [Index(fields=["used_at"], name="remote_media_use")],
                "pk_attr": "id",
                "table_description": "A file elsewhere under its address and promised digest, whose hash is `id`.",
            },
            bases=["Model"],
        ),
        ops.AddField("Message", "attachments", fields.TextField(db_default="", unique=False)),
        ops.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("account_uri", fields.CharField(max_length=2048)),
                ("blocked_uri", fields.CharField(max_length=2048)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "block",
                "app": "models",
                "unique_together": (("account_uri", "blocked_uri"),),
                "indexes": [
                    Index(fields=["blocked_uri"], name="block_blocked"),
                ],
                "pk_attr": "id",
                "table_description": "A local person who hides another, of which nobody else is told.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MessageVersion",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("message_id", fields.CharField(max_length=26)),
                ("activity_id", fields.CharField(max_length=2048)),
                ("written_at", fields.BigIntField()),
                ("html", fields.TextField(null=True, unique=False)),
                ("text", fields.TextField(null=True, unique=False)),
                ("summary", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "message_version",
                "app": "models",
                "indexes": [
                    Index(fields=["message_id", "written_at"], name="message_version_order"),
                    Index(fields=["activity_id"], name="message_version_activity"),
                ],
                "pk_attr": "id",
                "table_description": "A former text of a message, brought by `activity_id` and written at `written_at`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reaction",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("message_uri", fields.CharField(max_length=2048)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("emoji", fields.CharField(max_length=128)),
                ("icon", fields.CharField(db_default="", max_length=2048)),
                ("activity_id", fields.CharField(db_default="", max_length=2048)),
                ("liked_at", fields.BigIntField(db_default=0)),
                ("undone_id", fields.CharField(db_default="", max_length=2048)),
                ("undone_at", fields.BigIntField(db_default=0)),
            ],
            options={
                "table": "reaction",
                "app": "models",
                "unique_together": (("message_uri", "actor_uri", "emoji"),),
                "indexes": [
                    Index(fields=["activity_id"], name="reaction_activity"),
                ],
                "pk_attr": "id",
                "table_description": "A person's reaction, shown unless it was undone after `liked_at` or by its id.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("conversation_id", fields.CharField(max_length=26)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("message_id", fields.CharField(max_length=26)),
                ("published_at", fields.BigIntField()),
            ],
            options={
                "table": "receipt",
                "app": "models",
                "unique_together": (("conversation_id", "actor_uri"),),
                "indexes": [
                    Index(fields=["published_at"], name="receipt_age"),
                ],
                "pk_attr": "id",
                "table_description": "A person's newest receipt in a conversation: up to which message they have read.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("uri", fields.CharField(max_length=2048)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("conversation_id", fields.CharField(db_default="", max_length=26)),
                ("activity_id", fields.CharField(max_length=2048)),
                ("deleted_at", fields.BigIntField()),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "tombstone",
                "app": "models",
                "unique_together": (("uri", "actor_uri"),),
                "indexes": [
                    Index(fields=["created_at"], name="tombstone_age"),
                    Index(fields=["activity_id"], name="tombstone_activity"),
                ],
                "pk_attr": "id",
                "table_description": "The word of `actor_uri`, its author or its group, that a message is not to be shown.",
            },
            bases=["Model"],
        ),
        ops.AddField("Account", "receipts", fields.BooleanField(db_default=False)),
        ops.AddField("Account", "typing", fields.BooleanField(db_default=True)),
        ops.AddField("Delivery", "survives", fields.BooleanField(db_default=False)),
        ops.AddField("Membership", "muted_at", fields.BigIntField(null=True)),
        ops.AddField("Message", "removed_at", fields.BigIntField(null=True)),
        ops.AddField("Message", "latest_id", fields.CharField(db_default="", max_length=2048)),
        ops.AddField("AuthorLog", "complete_to", fields.BigIntField(db_default=0)),
        ops.AddField("AuthorLog", "beyond", fields.TextField(db_default="", unique=False)),
        ops.AddField("AuthorLog", "heard", fields.BigIntField(db_default=0)),
        ops.AddField("AuthorLog", "trouble", fields.CharField(db_default="", max_length=32)),
        ops.AddField("AuthorLog", "troubled_at", fields.BigIntField(null=True)),
        ops.AddField("AuthorLog", "asked_at", fields.BigIntField(null=True)),
        ops.AddField("AuthorLog", "missing_since", fields.BigIntField(null=True)),
        ops.AddField(
            "Conversation", "history_cursor", fields.CharField(db_default="", max_length=2048)
        ),
        ops.AddField("Conversation", "history_read_at", fields.BigIntField(null=True)),
        ops.AddField("Conversation", "recovering", fields.BooleanField(db_default=False)),
        ops.AddField("StateLink", "history", fields.CharField(db_default="", max_length=32)),
        ops.AddIndex("Message", Index(fields=["latest_id"], name="message_latest")),
        ops.RunSQL(
            "UPDATE author_log SET complete_to = head WHERE head = ("
            "SELECT count(DISTINCT seq) FROM log_entry WHERE log_entry.log_uri = author_log.uri)"
        ),
    ]
