from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0014_titles_by_epoch")]

    initial = False

    operations = [
        ops.AddField(
            model_name="MemberSpan",
            name="stamp",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddIndex(
            model_name="MemberSpan",
            index=Index(fields=["conversation_id", "stamp"], name="member_span_stamp"),
        ),
        ops.AddField(
            model_name="Membership",
            name="stamp",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddIndex(
            model_name="Membership",
            index=Index(fields=["conversation_id", "stamp"], name="membership_stamp"),
        ),
    ]
