"""A file of another server that this node has fetched for its people."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class RemoteMedia(Model):
    """A file elsewhere under its address and promised digest, whose hash is `id`.

    `problem` says why there is no file to show.
    """

    id = fields.CharField(max_length=64, primary_key=True)
    media_type = fields.CharField(max_length=128, db_default="")
    digest = fields.CharField(max_length=64, db_default="")
    thumbnail_digest = fields.CharField(max_length=64, db_default="")
    size = fields.BigIntField(db_default=0)
    problem = fields.CharField(max_length=32, db_default="")
    used_at = fields.BigIntField()
    fetched_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "remote_media"
        indexes = (Index(fields=("used_at",), name="remote_media_use"),)
