"""An author's numbered log in a conversation, and how far it has come.

Everything up to `complete_to` is held or known to be lost, and the ranges in `beyond`; others have
named numbers up to `heard`. With a `trouble` it is not searched, or, if it is ours, not written to.
"""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class AuthorLog(Model):
    """The log of an author: `head` the highest number known, `final` the last that counts."""

    uri = fields.CharField(max_length=2048, primary_key=True)
    conversation_id = fields.CharField(max_length=26)
    author_uri = fields.CharField(max_length=2048)
    local = fields.BooleanField()
    head = fields.BigIntField(db_default=0)
    last_entry_id = fields.CharField(max_length=2048, db_default="")
    final = fields.BigIntField(null=True)
    moved_at = fields.BigIntField()
    complete_to = fields.BigIntField(db_default=0)
    beyond = fields.TextField(db_default="")
    heard = fields.BigIntField(db_default=0)
    trouble = fields.CharField(max_length=32, db_default="")
    troubled_at = fields.BigIntField(null=True)
    asked_at = fields.BigIntField(null=True)
    missing_since = fields.BigIntField(null=True)
    stamp = fields.BigIntField(db_default=0)

    class Meta:
        """The table, its keys and its indexes."""

        table = "author_log"
        indexes = (
            Index(fields=("conversation_id", "author_uri"), name="author_log_place"),
            Index(fields=("conversation_id", "stamp"), name="author_log_stamp"),
        )
