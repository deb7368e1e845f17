"""A key pair of an actor of this node, the private half sealed."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class ActorKey(Model):
    """A key pair of ours: `sealed` opens with the secret of the node, `public` is an SPKI."""

    key_id = fields.CharField(max_length=2048, primary_key=True)
    actor_uri = fields.CharField(max_length=2048)
    algorithm = fields.CharField(max_length=32)
    sealed = fields.BinaryField()
    public = fields.BinaryField()
    created_at = fields.BigIntField()
    retired_at = fields.BigIntField(null=True)

    class Meta:
        """The table, its keys and its indexes."""

        table = "actor_key"
        indexes = (Index(fields=("actor_uri",), name="actor_key_actor"),)
