"""A value of the node itself, under a name."""

from tortoise import fields
from tortoise.models import Model


class Setting(Model):
    """A named value of the node itself."""

    key = fields.CharField(max_length=64, primary_key=True)
    value = fields.TextField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "setting"
