"""An invitation into a conversation, open or answered."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Invitation(Model):
    """An invitation, whose signed bytes are in `activity`."""

    id = fields.CharField(max_length=2048, primary_key=True)
    conversation_uri = fields.CharField(max_length=2048)
    inviter = fields.CharField(max_length=2048)
    invitee = fields.CharField(max_length=2048)
    state = fields.CharField(max_length=32)
    published_at = fields.BigIntField()
    ends_at = fields.BigIntField()
    updated_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "invitation"
        indexes = (
            Index(fields=("invitee", "state"), name="invitation_invitee"),
            Index(fields=("conversation_uri", "invitee"), name="invitation_place"),
            Index(fields=("state", "ends_at"), name="invitation_end"),
        )
