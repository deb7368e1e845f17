"""Apps, and what people have allowed them."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("models", "0017_stamps_of_logs")]

    initial = False

    operations = [
        ops.CreateModel(
            name="App",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=512),
                ),
                ("number", fields.BigIntField()),
                ("kind", fields.CharField(max_length=16)),
                ("secret_hash", fields.CharField(db_default="", max_length=64)),
                ("name", fields.TextField(unique=False)),
                ("website", fields.TextField(db_default="", unique=False)),
                ("redirect_uris", fields.TextField(unique=False)),
                ("scope", fields.TextField(unique=False)),
                ("refreshes", fields.BooleanField(db_default=False)),
                ("created_at", fields.BigIntField()),
                ("seen_at", fields.BigIntField()),
            ],
            options={
                "table": "app",
                "app": "models",
                "indexes": [Index(fields=["kind", "seen_at"], name="app_age")],
                "pk_attr": "id",
                "table_description": "A client of the OAuth server.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=26),
                ),
                ("app_id", fields.CharField(max_length=512)),
                ("account", fields.CharField(max_length=64)),
                ("scope", fields.TextField(unique=False)),
                ("redirect_uri", fields.TextField(unique=False)),
                ("challenge", fields.CharField(db_default="", max_length=64)),
                ("code_hash", fields.CharField(unique=True, max_length=64)),
                ("code_until", fields.BigIntField()),
                ("is_used", fields.BooleanField(db_default=False)),
                ("refresh_hash", fields.CharField(db_default="", max_length=64)),
                ("former_hash", fields.CharField(db_default="", max_length=64)),
                ("keep_until", fields.BigIntField()),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "consent",
                "app": "models",
                "indexes": [
                    Index(fields=["account", "app_id"], name="consent_account"),
                    Index(fields=["app_id"], name="consent_app"),
                    Index(fields=["refresh_hash"], name="consent_refresh"),
                    Index(fields=["former_hash"], name="consent_former"),
                    Index(fields=["keep_until"], name="consent_age"),
                ],
                "pk_attr": "id",
                "table_description": "What one authorization has granted, which its tokens name.",
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="Token",
            options={
                "table": "token",
                "app": "models",
                "indexes": [
                    Index(fields=["account"], name="token_account"),
                    Index(fields=["app_id"], name="token_app"),
                    Index(fields=["consent_id"], name="token_consent"),
                    Index(fields=["expires_at"], name="token_expiry"),
                ],
                "pk_attr": "token_hash",
                "table_description": "A bearer token of an account, or of an app alone.",
            },
        ),
        ops.AddField(
            model_name="Token",
            name="app_id",
            field=fields.CharField(db_default="", max_length=512),
        ),
        ops.AddField(
            model_name="Token",
            name="consent_id",
            field=fields.CharField(db_default="", max_length=26),
        ),
        ops.AddField(
            model_name="Token",
            name="expires_at",
            field=fields.BigIntField(null=True),
        ),
        ops.AddIndex(
            model_name="Token",
            index=Index(fields=["app_id"], name="token_app"),
        ),
        ops.AddIndex(
            model_name="Token",
            index=Index(fields=["consent_id"], name="token_consent"),
        ),
        ops.AddIndex(
            model_name="Token",
            index=Index(fields=["expires_at"], name="token_expiry"),
        ),
    ]
