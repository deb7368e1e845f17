"""Somebody who has asked for an account here."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class SignUp(Model):
    """An account that waits for a yes, or was refused, and has no actor yet."""

    name = fields.CharField(max_length=64, primary_key=True)
    password_hash = fields.TextField()
    reason = fields.TextField(db_default="")
    state = fields.CharField(max_length=32, db_default="waiting")
    word = fields.TextField(db_default="")
    changed_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "sign_up"
        indexes = (Index(fields=("state", "changed_at"), name="sign_up_state"),)
