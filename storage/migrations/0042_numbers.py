"""What clients of Mastodon's API call things by: a number in decimal, given when it is first asked."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

MODELS = ("Actor", "Conversation", "Message", "Media")


class Migration(migrations.Migration):
    dependencies = [("models", "0041_software_version")]

    initial = False

    operations = [
        operation
        for model in MODELS
        for operation in (
            ops.AddField(model_name=model, name="number", field=fields.BigIntField(null=True)),
            ops.AddIndex(
                model_name=model, index=Index(fields=["number"], name=f"{model.lower()}_number")
            ),
        )
    ]
