"""Which notifications somebody has put away, one by one."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Dismissal(Model):
    """A notification, by its number, that its person does not want to see any more."""

    id = fields.BigIntField(primary_key=True)
    account = fields.CharField(max_length=64)
    number = fields.BigIntField()

    class Meta:
        """The table, its keys and its indexes."""

        table = "dismissal"
        unique_together = (("account", "number"),)
        indexes = (Index(fields=("number",), name="dismissal_number"),)
