"""A person's place in a conversation: state, role and what they have read."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Membership(Model):
    """The place of a person in a conversation, read up to the message with this t."""

    id = fields.BigIntField(primary_key=True)
    conversation_id = fields.CharField(max_length=26)
    actor_uri = fields.CharField(max_length=2048)
    local = fields.BooleanField()
    role = fields.CharField(max_length=32, db_default="")
    state = fields.CharField(max_length=32)
    invitation_id = fields.CharField(max_length=2048, db_default="")
    inviter = fields.CharField(max_length=2048, db_default="")
    left_epoch = fields.IntField(null=True)
    read_up_to = fields.BigIntField(db_default=0)
    muted_at = fields.BigIntField(null=True)
    muted_until = fields.BigIntField(null=True)
    mutes_mentions = fields.BooleanField(db_default=False)
    pinned_at = fields.BigIntField(null=True)
    archived_t = fields.BigIntField(null=True)
    marked_unread = fields.BooleanField(db_default=False)
    unwilling = fields.BooleanField(db_default=False)
    updated_at = fields.BigIntField()
    stamp = fields.BigIntField(db_default=0)

    class Meta:
        """The table, its keys and its indexes."""

        table = "membership"
        unique_together = (("conversation_id", "actor_uri"),)
        indexes = (
            Index(fields=("actor_uri", "state"), name="membership_actor"),
            Index(fields=("muted_until",), name="membership_muted"),
            # Summed for every message.
            Index(fields=("conversation_id", "stamp"), name="membership_stamp"),
        )
