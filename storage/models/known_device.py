"""A browser in which somebody has signed in before; its lasting cookie is known by its hash."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class KnownDevice(Model):
    """A browser that an account was opened in."""

    # Made of its cookie and that account.
    id = fields.CharField(max_length=64, primary_key=True)
    account = fields.CharField(max_length=64)
    used_at = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "known_device"
        indexes = (
            Index(fields=("account", "used_at"), name="known_device_account"),
            Index(fields=("used_at",), name="known_device_age"),
        )
