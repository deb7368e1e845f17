"""One table per file; the ORM knows the schema from here."""

# What Tortoise is told of this package.
APP_LABEL = "models"
MODULES = (
    "storage.models.account",
    "storage.models.activity",
    "storage.models.actor",
    "storage.models.actor_key",
    "storage.models.app",
    "storage.models.audit",
    "storage.models.author_log",
    "storage.models.block",
    "storage.models.consent",
    "storage.models.conversation",
    "storage.models.delivery",
    "storage.models.draft",
    "storage.models.event",
    "storage.models.follow",
    "storage.models.group_request",
    "storage.models.host_block",
    "storage.models.idempotency",
    "storage.models.inbox_entry",
    "storage.models.invitation",
    "storage.models.join_link",
    "storage.models.known_device",
    "storage.models.log_entry",
    "storage.models.media",
    "storage.models.member_span",
    "storage.models.membership",
    "storage.models.message",
    "storage.models.message_version",
    "storage.models.mute",
    "storage.models.passkey",
    "storage.models.passkey_challenge",
    "storage.models.peer",
    "storage.models.policy_bucket",
    "storage.models.policy_decision",
    "storage.models.policy_held",
    "storage.models.policy_list",
    "storage.models.policy_rule",
    "storage.models.policy_text",
    "storage.models.push_subscription",
    "storage.models.reaction",
    "storage.models.receipt",
    "storage.models.recipient",
    "storage.models.recovery_code",
    "storage.models.relay",
    "storage.models.remote_key",
    "storage.models.remote_media",
    "storage.models.repair",
    "storage.models.report",
    "storage.models.second_factor",
    "storage.models.seen",
    "storage.models.session",
    "storage.models.setting",
    "storage.models.sign_up_link",
    "storage.models.state_link",
    "storage.models.stored_rule",
    "storage.models.succession",
    "storage.models.token",
    "storage.models.tombstone",
)


def apps(connection: str) -> dict[str, dict[str, object]]:
    """The part of Tortoise's configuration that names models and migrations."""
    return {
        APP_LABEL: {
            "models": list(MODULES),
            "migrations": "storage.migrations",
            "default_connection": connection,
        }
    }
