"""Every table of the first release."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Account",
            fields=[
                (
                    "name",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("actor_uri", fields.CharField(unique=True, max_length=2048)),
                ("display_name", fields.TextField(db_default="")),
                ("role", fields.CharField(max_length=32)),
                ("password_hash", fields.TextField(db_default="")),
                ("state", fields.CharField(db_default="active", max_length=32)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "account",
                "app": "models",
                "pk_attr": "name",
                "table_description": "A local account, which speaks as the person `actor_uri`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=2048),
                ),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("document", fields.TextField(unique=False)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "activity",
                "app": "models",
                "indexes": [Index(fields=["created_at"], name="activity_age")],
                "pk_attr": "id",
                "table_description": "An activity as it was signed.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Actor",
            fields=[
                (
                    "uri",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=2048),
                ),
                ("host", fields.CharField(max_length=300)),
                ("local", fields.BooleanField()),
                ("kind", fields.CharField(max_length=32)),
                ("type", fields.CharField(db_default="", max_length=64)),
                ("username", fields.CharField(db_default="", max_length=300)),
                ("domain", fields.CharField(db_default="", max_length=300)),
                ("name", fields.TextField(db_default="")),
                ("inbox", fields.CharField(db_default="", max_length=2048)),
                ("shared_inbox", fields.CharField(db_default="", max_length=2048)),
                ("followers", fields.CharField(db_default="", max_length=2048)),
                ("outbox", fields.CharField(db_default="", max_length=2048)),
                ("aware", fields.BooleanField(db_default=False)),
                ("state", fields.CharField(db_default="active", max_length=32)),
                ("document", fields.TextField(db_default="")),
                ("fetched_at", fields.BigIntField(null=True)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "actor",
                "app": "models",
                "indexes": [
                    Index(fields=["username", "domain"], name="actor_handle"),
                    Index(fields=["host", "uri"], name="actor_host"),
                ],
                "pk_attr": "uri",
                "table_description": "An actor as last seen, its `document` raw if it is remote and empty if it is ours.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ActorKey",
            fields=[
                (
                    "key_id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=2048),
                ),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("algorithm", fields.CharField(max_length=32)),
                ("sealed", fields.BinaryField()),
                ("public", fields.BinaryField()),
                ("created_at", fields.BigIntField()),
                ("retired_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "actor_key",
                "app": "models",
                "indexes": [Index(fields=["actor_uri"], name="actor_key_actor")],
                "pk_attr": "key_id",
                "table_description": "A key pair of ours: `sealed` opens with the secret of the node, `public` is an SPKI.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AuthorLog",
            fields=[
                (
                    "uri",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=2048),
                ),
                ("conversation_id", fields.CharField(max_length=26)),
                ("author_uri", fields.CharField(max_length=2048)),
                ("local", fields.BooleanField()),
                ("head", fields.BigIntField(db_default=0)),
                ("last_entry_id", fields.CharField(db_default="", max_length=2048)),
                ("final", fields.BigIntField(null=True)),
                ("moved_at", fields.BigIntField()),
            ],
            options={
                "table": "author_log",
                "app": "models",
                "indexes": [
                    Index(fields=["conversation_id", "author_uri"], name="author_log_place")
                ],
                "pk_attr": "uri",
                "table_description": "The log of an author: `head` the highest number known, `final` the last that counts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("uri", fields.CharField(null=True, unique=True, max_length=2048)),
                ("kind", fields.CharField(max_length=32)),
                ("is_home", fields.BooleanField()),
                ("home_host", fields.CharField(db_default="", max_length=300)),
                ("title", fields.TextField(db_default="")),
                ("epoch", fields.IntField(db_default=0)),
                ("state_hash", fields.CharField(db_default="", max_length=128)),
                ("state", fields.TextField(db_default="")),
                ("context", fields.CharField(db_default="", max_length=2048)),
                ("thread", fields.CharField(db_default="", max_length=2048)),
                ("people_hash", fields.CharField(null=True, unique=True, max_length=128)),
                ("newest_t", fields.BigIntField(db_default=0)),
                ("last_message_id", fields.CharField(db_default="", max_length=26)),
                ("disputed", fields.BooleanField(db_default=False)),
                ("closed_at", fields.BigIntField(null=True)),
                ("created_at", fields.BigIntField()),
                ("changed_at", fields.BigIntField()),
            ],
            options={
                "table": "conversation",
                "app": "models",
                "indexes": [
                    Index(fields=["context"], name="conversation_context"),
                    Index(fields=["home_host"], name="conversation_home"),
                ],
                "pk_attr": "id",
                "table_description": "A conversation, its `state` the JSON of a GroupState, or empty if it is direct.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("activity_id", fields.CharField(max_length=2048)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("host", fields.CharField(max_length=300)),
                ("target", fields.CharField(max_length=2048)),
                ("recipients", fields.TextField(db_default="[]")),
                ("conversation_id", fields.CharField(db_default="", max_length=26)),
                ("object_uri", fields.CharField(db_default="", max_length=2048)),
                ("aware", fields.BooleanField(db_default=False)),
                ("message_id", fields.CharField(db_default="", max_length=26)),
                ("state", fields.CharField(db_default="pending", max_length=32)),
                ("attempts", fields.IntField(db_default=0)),
                ("tries", fields.IntField(db_default=0)),
                ("due_at", fields.BigIntField()),
                ("last_status", fields.IntField(db_default=0)),
                ("reason", fields.TextField(db_default="")),
                ("claim", fields.CharField(db_default="", max_length=64)),
                ("created_at", fields.BigIntField()),
                ("settled_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "delivery",
                "app": "models",
                "unique_together": (("activity_id", "host", "target"),),
                "indexes": [
                    Index(fields=["host", "state", "id", "due_at"], name="delivery_lane"),
                    Index(fields=["host", "object_uri", "state", "id"], name="delivery_object"),
                    Index(fields=["message_id"], name="delivery_message"),
                    Index(fields=["state", "settled_at"], name="delivery_settled"),
                ],
                "pk_attr": "id",
                "table_description": "A delivery, whose inbox and key are looked up when it is sent.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("account_uri", fields.CharField(max_length=2048)),
                ("type", fields.CharField(max_length=64)),
                ("conversation_id", fields.CharField(db_default="", max_length=26)),
                ("message_id", fields.CharField(db_default="", max_length=26)),
                ("data", fields.TextField(db_default="")),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "event",
                "app": "models",
                "indexes": [
                    Index(fields=["account_uri", "id"], name="event_account"),
                    Index(fields=["created_at"], name="event_age"),
                ],
                "pk_attr": "id",
                "table_description": "An event of a stream, with ids that grow in the order in which they become visible.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Follow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("follower", fields.CharField(max_length=2048)),
                ("followed", fields.CharField(max_length=2048)),
                ("activity_id", fields.CharField(db_default="", max_length=2048)),
                ("state", fields.CharField(max_length=32)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "follow",
                "app": "models",
                "unique_together": (("follower", "followed"),),
                "indexes": [
                    Index(fields=["followed", "state"], name="follow_followed"),
                    Index(fields=["activity_id"], name="follow_activity"),
                ],
                "pk_attr": "id",
                "table_description": "A follow, asked or answered.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Idempotency",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("account", fields.CharField(max_length=64)),
                ("key", fields.CharField(max_length=255)),
                ("request_hash", fields.CharField(max_length=128)),
                ("resource", fields.TextField(unique=False)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "idempotency",
                "app": "models",
                "unique_together": (("account", "key"),),
                "indexes": [Index(fields=["created_at"], name="idempotency_age")],
                "pk_attr": "id",
                "table_description": "The key a client sent, and what it made.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="InboxEntry",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("activity_id", fields.CharField(max_length=2048)),
                ("inbox", fields.CharField(max_length=2048)),
                ("body", fields.BinaryField()),
                ("key_id", fields.CharField(db_default="", max_length=2048)),
                ("signer", fields.CharField(db_default="", max_length=2048)),
                ("proven", fields.BooleanField(db_default=False)),
                ("subject", fields.CharField(db_default="", max_length=2048)),
                ("state", fields.CharField(db_default="pending", max_length=32)),
                ("attempts", fields.IntField(db_default=0)),
                ("due_at", fields.BigIntField()),
                ("lease_until", fields.BigIntField(null=True)),
                ("waits_for", fields.CharField(db_default="", max_length=2048)),
                ("reason", fields.TextField(db_default="")),
                ("received_at", fields.BigIntField()),
            ],
            options={
                "table": "inbox_entry",
                "app": "models",
                "unique_together": (("actor_uri", "activity_id", "inbox"),),
                "indexes": [
                    Index(fields=["state", "id"], name="inbox_entry_due"),
                    Index(fields=["actor_uri", "subject", "id"], name="inbox_entry_order"),
                    Index(fields=["waits_for"], name="inbox_entry_waits"),
                ],
                "pk_attr": "id",
                "table_description": "An accepted request, in order with others by the same actor about one `subject`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=2048),
                ),
                ("conversation_uri", fields.CharField(max_length=2048)),
                ("inviter", fields.CharField(max_length=2048)),
                ("invitee", fields.CharField(max_length=2048)),
                ("state", fields.CharField(max_length=32)),
                ("published_at", fields.BigIntField()),
                ("ends_at", fields.BigIntField()),
                ("updated_at", fields.BigIntField()),
            ],
            options={
                "table": "invitation",
                "app": "models",
                "indexes": [
                    Index(fields=["invitee", "state"], name="invitation_invitee"),
                    Index(fields=["conversation_uri", "invitee"], name="invitation_place"),
                    Index(fields=["state", "ends_at"], name="invitation_end"),
                ],
                "pk_attr": "id",
                "table_description": "An invitation, whose signed bytes are in `activity`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LogEntry",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("log_uri", fields.CharField(max_length=2048)),
                ("seq", fields.BigIntField()),
                ("activity_id", fields.CharField(max_length=2048)),
            ],
            options={
                "table": "log_entry",
                "app": "models",
                "unique_together": (("log_uri", "seq", "activity_id"),),
                "pk_attr": "id",
                "table_description": "A number of a log, where two activities under one number are an equivocation.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MemberSpan",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("conversation_id", fields.CharField(max_length=26)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("from_epoch", fields.IntField()),
                ("to_epoch", fields.IntField(null=True)),
            ],
            options={
                "table": "member_span",
                "app": "models",
                "indexes": [
                    Index(
                        fields=["conversation_id", "actor_uri", "from_epoch"],
                        name="member_span_place",
                    )
                ],
                "pk_attr": "id",
                "table_description": "A span of epochs as a member, `to_epoch` exclusive, and null while it lasts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("conversation_id", fields.CharField(max_length=26)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("local", fields.BooleanField()),
                ("role", fields.CharField(db_default="", max_length=32)),
                ("state", fields.CharField(max_length=32)),
                ("invitation_id", fields.CharField(db_default="", max_length=2048)),
                ("inviter", fields.CharField(db_default="", max_length=2048)),
                ("left_epoch", fields.IntField(null=True)),
                ("read_up_to", fields.BigIntField(db_default=0)),
                ("updated_at", fields.BigIntField()),
            ],
            options={
                "table": "membership",
                "app": "models",
                "unique_together": (("conversation_id", "actor_uri"),),
                "indexes": [Index(fields=["actor_uri", "state"], name="membership_actor")],
                "pk_attr": "id",
                "table_description": "The place of a person in a conversation, read up to the message with this t.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("uri", fields.CharField(unique=True, max_length=2048)),
                ("conversation_id", fields.CharField(max_length=26)),
                ("author_uri", fields.CharField(max_length=2048)),
                ("activity_id", fields.CharField(max_length=2048)),
                ("type", fields.CharField(max_length=64)),
                ("published_at", fields.BigIntField()),
                ("t", fields.BigIntField()),
                ("arrived_at", fields.BigIntField()),
                ("epoch", fields.IntField(null=True)),
                ("in_reply_to", fields.CharField(db_default="", max_length=2048)),
                ("reply_to", fields.CharField(db_default="", max_length=2048)),
                ("media_type", fields.CharField(max_length=128)),
                ("html", fields.TextField(null=True)),
                ("text", fields.TextField(null=True)),
                ("summary", fields.TextField(null=True)),
                ("provenance", fields.CharField(max_length=32)),
                ("late", fields.BooleanField(db_default=False)),
                ("addressed_to", fields.TextField(db_default="")),
                ("edited_at", fields.BigIntField(null=True)),
                ("deleted_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "message",
                "app": "models",
                "indexes": [
                    Index(fields=["conversation_id", "t", "id"], name="message_order"),
                    Index(fields=["author_uri", "arrived_at"], name="message_author"),
                    Index(fields=["activity_id"], name="message_activity"),
                ],
                "pk_attr": "id",
                "table_description": "A message, ordered in its conversation by (t, id), ids by their bytes.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Peer",
            fields=[
                (
                    "host",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=300),
                ),
                ("state", fields.CharField(db_default="ok", max_length=32)),
                ("failing_since", fields.BigIntField(null=True)),
                ("step", fields.IntField(db_default=0)),
                ("due_at", fields.BigIntField(null=True)),
                ("last_ok_at", fields.BigIntField(null=True)),
                ("heard_at", fields.BigIntField(null=True)),
                ("woken_at", fields.BigIntField(null=True)),
                ("scheme", fields.CharField(db_default="", max_length=32)),
                ("width", fields.IntField(db_default=0)),
                ("lease_token", fields.CharField(db_default="", max_length=64)),
                ("lease_until", fields.BigIntField(null=True)),
                ("last_error", fields.TextField(db_default="")),
            ],
            options={
                "table": "peer",
                "app": "models",
                "indexes": [Index(fields=["due_at"], name="peer_due")],
                "pk_attr": "host",
                "table_description": "A remote host, and the right to send to it for who leases the row.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Recipient",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("message_id", fields.CharField(max_length=26)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("conversation_id", fields.CharField(max_length=26)),
                ("folder", fields.CharField(db_default="inbox", max_length=32)),
            ],
            options={
                "table": "recipient",
                "app": "models",
                "unique_together": (("message_id", "actor_uri"),),
                "indexes": [
                    Index(fields=["actor_uri", "folder", "message_id"], name="recipient_folder"),
                    Index(fields=["conversation_id", "actor_uri"], name="recipient_place"),
                ],
                "pk_attr": "id",
                "table_description": "A local person a message is for.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RemoteKey",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("key_id", fields.CharField(max_length=2048)),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("algorithm", fields.CharField(max_length=32)),
                ("spki", fields.BinaryField()),
                ("for_proofs", fields.BooleanField()),
                ("for_requests", fields.BooleanField()),
                ("fetched_at", fields.BigIntField()),
            ],
            options={
                "table": "remote_key",
                "app": "models",
                "unique_together": (("key_id", "actor_uri"),),
                "indexes": [Index(fields=["actor_uri"], name="remote_key_actor")],
                "pk_attr": "id",
                "table_description": "A remote public key, which speaks for `actor_uri` alone.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Repair",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("kind", fields.CharField(max_length=32)),
                ("subject", fields.CharField(max_length=2048)),
                ("state", fields.CharField(db_default="pending", max_length=32)),
                ("attempts", fields.IntField(db_default=0)),
                ("due_at", fields.BigIntField()),
                ("lease_until", fields.BigIntField(null=True)),
                ("reason", fields.TextField(db_default="")),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "repair",
                "app": "models",
                "unique_together": (("kind", "subject"),),
                "indexes": [Index(fields=["state", "due_at", "id"], name="repair_due")],
                "pk_attr": "id",
                "table_description": "A fetch or gap fill that is due.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Seen",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("actor_uri", fields.CharField(max_length=2048)),
                ("activity_id", fields.CharField(max_length=2048)),
                ("recipient", fields.CharField(db_default="", max_length=2048)),
                ("hash", fields.CharField(db_default="", max_length=128)),
                ("seen_at", fields.BigIntField()),
            ],
            options={
                "table": "seen",
                "app": "models",
                "unique_together": (("actor_uri", "activity_id", "recipient"),),
                "indexes": [Index(fields=["seen_at"], name="seen_age")],
                "pk_attr": "id",
                "table_description": "An activity that has taken effect for a local person, or for nobody in particular.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                (
                    "token_hash",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("account", fields.CharField(max_length=64)),
                ("csrf", fields.CharField(max_length=64)),
                ("user_agent", fields.TextField(db_default="")),
                ("created_at", fields.BigIntField()),
                ("used_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField()),
            ],
            options={
                "table": "session",
                "app": "models",
                "indexes": [
                    Index(fields=["account"], name="session_account"),
                    Index(fields=["expires_at"], name="session_expiry"),
                ],
                "pk_attr": "token_hash",
                "table_description": "A signed-in browser.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Setting",
            fields=[
                (
                    "key",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("value", fields.TextField(unique=False)),
            ],
            options={
                "table": "setting",
                "app": "models",
                "pk_attr": "key",
                "table_description": "A named value of the node itself.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StateLink",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("conversation_id", fields.CharField(max_length=26)),
                ("epoch", fields.IntField()),
                ("hash", fields.CharField(max_length=128)),
                ("activity_id", fields.CharField(max_length=2048)),
                ("published_at", fields.BigIntField()),
            ],
            options={
                "table": "state_link",
                "app": "models",
                "unique_together": (("conversation_id", "epoch"),),
                "pk_attr": "id",
                "table_description": "One epoch of a conversation, whose signed bytes are in `activity`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Token",
            fields=[
                (
                    "token_hash",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("account", fields.CharField(max_length=64)),
                ("scope", fields.TextField(unique=False)),
                ("created_at", fields.BigIntField()),
                ("used_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "token",
                "app": "models",
                "indexes": [Index(fields=["account"], name="token_account")],
                "pk_attr": "token_hash",
                "table_description": "A bearer token of an account.",
            },
            bases=["Model"],
        ),
    ]
