"""A public key of a remote actor, and for whom it speaks."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class RemoteKey(Model):
    """A remote public key, which speaks for `actor_uri` alone."""

    id = fields.BigIntField(primary_key=True)
    key_id = fields.CharField(max_length=2048)
    actor_uri = fields.CharField(max_length=2048)
    algorithm = fields.CharField(max_length=32)
    spki = fields.BinaryField()
    for_proofs = fields.BooleanField()
    for_requests = fields.BooleanField()
    fetched_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "remote_key"
        unique_together = (("key_id", "actor_uri"),)
        indexes = (Index(fields=("actor_uri",), name="remote_key_actor"),)
