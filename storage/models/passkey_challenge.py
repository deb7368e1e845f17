"""What a passkey has to sign once, within minutes, in the browser that asked for it."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class PasskeyChallenge(Model):
    """A challenge that nobody has answered yet, known by its hash alone."""

    id = fields.CharField(max_length=64, primary_key=True)
    browser = fields.CharField(max_length=64)
    account = fields.CharField(max_length=64)
    ends_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "passkey_challenge"
        indexes = (Index(fields=("ends_at",), name="passkey_challenge_age"),)
