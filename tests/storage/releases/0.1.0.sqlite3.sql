BEGIN TRANSACTION;
CREATE TABLE "account" (
    "name" VARCHAR(64) NOT NULL  PRIMARY KEY,
    "actor_uri" VARCHAR(2048) NOT NULL UNIQUE,
    "display_name" TEXT NOT NULL DEFAULT '',
    "role" VARCHAR(32) NOT NULL,
    "password_hash" TEXT NOT NULL DEFAULT '',
    "state" VARCHAR(32) NOT NULL DEFAULT 'active',
    "created_at" BIGINT NOT NULL
);
INSERT INTO "account" VALUES('al','https://a.test/u/al','','owner','','active',1788436800000);
CREATE TABLE "activity" (
    "id" VARCHAR(2048) NOT NULL  PRIMARY KEY,
    "actor_uri" VARCHAR(2048) NOT NULL,
    "document" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL
);
CREATE TABLE "actor" (
    "uri" VARCHAR(2048) NOT NULL  PRIMARY KEY,
    "host" VARCHAR(300) NOT NULL,
    "local" INT NOT NULL,
    "kind" VARCHAR(32) NOT NULL,
    "type" VARCHAR(64) NOT NULL DEFAULT '',
    "username" VARCHAR(300) NOT NULL DEFAULT '',
    "domain" VARCHAR(300) NOT NULL DEFAULT '',
    "name" TEXT NOT NULL DEFAULT '',
    "inbox" VARCHAR(2048) NOT NULL DEFAULT '',
    "shared_inbox" VARCHAR(2048) NOT NULL DEFAULT '',
    "followers" VARCHAR(2048) NOT NULL DEFAULT '',
    "outbox" VARCHAR(2048) NOT NULL DEFAULT '',
    "aware" INT NOT NULL DEFAULT 0,
    "state" VARCHAR(32) NOT NULL DEFAULT 'active',
    "document" TEXT NOT NULL DEFAULT '',
    "fetched_at" BIGINT,
    "created_at" BIGINT NOT NULL
);
INSERT INTO "actor" VALUES('https://a.test/u/al','a.test',1,'person','Person','al','a.test','Al ☕','','','','',0,'active','',NULL,1788436800000);
CREATE TABLE "actor_key" (
    "key_id" VARCHAR(2048) NOT NULL  PRIMARY KEY,
    "actor_uri" VARCHAR(2048) NOT NULL,
    "algorithm" VARCHAR(32) NOT NULL,
    "sealed" BLOB NOT NULL,
    "public" BLOB NOT NULL,
    "created_at" BIGINT NOT NULL,
    "retired_at" BIGINT
);
INSERT INTO "actor_key" VALUES('https://a.test/u/al#main-key','https://a.test/u/al','rsa',X'017365616C6564',X'307075626C6963',1788436800000,NULL);
CREATE TABLE "author_log" (
    "uri" VARCHAR(2048) NOT NULL  PRIMARY KEY,
    "conversation_id" VARCHAR(26) NOT NULL,
    "author_uri" VARCHAR(2048) NOT NULL,
    "local" INT NOT NULL,
    "head" BIGINT NOT NULL DEFAULT 0,
    "last_entry_id" VARCHAR(2048) NOT NULL DEFAULT '',
    "final" BIGINT,
    "moved_at" BIGINT NOT NULL
);
CREATE TABLE "conversation" (
    "id" VARCHAR(26) NOT NULL  PRIMARY KEY,
    "uri" VARCHAR(2048)  UNIQUE,
    "kind" VARCHAR(32) NOT NULL,
    "is_home" INT NOT NULL,
    "home_host" VARCHAR(300) NOT NULL DEFAULT '',
    "title" TEXT NOT NULL DEFAULT '',
    "epoch" INT NOT NULL DEFAULT 0,
    "state_hash" VARCHAR(128) NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT '',
    "context" VARCHAR(2048) NOT NULL DEFAULT '',
    "thread" VARCHAR(2048) NOT NULL DEFAULT '',
    "people_hash" VARCHAR(128)  UNIQUE,
    "newest_t" BIGINT NOT NULL DEFAULT 0,
    "last_message_id" VARCHAR(26) NOT NULL DEFAULT '',
    "disputed" INT NOT NULL DEFAULT 0,
    "closed_at" BIGINT,
    "created_at" BIGINT NOT NULL,
    "changed_at" BIGINT NOT NULL
);
INSERT INTO "conversation" VALUES('01J6VAT3C0000000000000000A','https://a.test/c/1','group',1,'','tea',1,'','{}','','',NULL,0,'',0,NULL,1788436800000,1788436800000);
CREATE TABLE "delivery" (
    "id" VARCHAR(26) NOT NULL  PRIMARY KEY,
    "activity_id" VARCHAR(2048) NOT NULL,
    "actor_uri" VARCHAR(2048) NOT NULL,
    "host" VARCHAR(300) NOT NULL,
    "target" VARCHAR(2048) NOT NULL,
    "recipients" TEXT NOT NULL DEFAULT '[]',
    "conversation_id" VARCHAR(26) NOT NULL DEFAULT '',
    "object_uri" VARCHAR(2048) NOT NULL DEFAULT '',
    "aware" INT NOT NULL DEFAULT 0,
    "message_id" VARCHAR(26) NOT NULL DEFAULT '',
    "state" VARCHAR(32) NOT NULL DEFAULT 'pending',
    "attempts" INT NOT NULL DEFAULT 0,
    "tries" INT NOT NULL DEFAULT 0,
    "due_at" BIGINT NOT NULL,
    "last_status" INT NOT NULL DEFAULT 0,
    "reason" TEXT NOT NULL DEFAULT '',
    "claim" VARCHAR(64) NOT NULL DEFAULT '',
    "created_at" BIGINT NOT NULL,
    "settled_at" BIGINT,
    CONSTRAINT "uid_delivery_activit_45ad4d" UNIQUE ("activity_id", "host", "target")
);
INSERT INTO "delivery" VALUES('01J6VAT3C0000000000000000D','https://a.test/u/al/a/1','https://a.test/u/al','b.test','shared','[]','','',0,'','pending',0,0,1788436800000,0,'','',1788436800000,NULL);
CREATE TABLE "event" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "account_uri" VARCHAR(2048) NOT NULL,
    "type" VARCHAR(64) NOT NULL,
    "conversation_id" VARCHAR(26) NOT NULL DEFAULT '',
    "message_id" VARCHAR(26) NOT NULL DEFAULT '',
    "data" TEXT NOT NULL DEFAULT '',
    "created_at" BIGINT NOT NULL
);
INSERT INTO "event" VALUES(1,'https://a.test/u/al','message','','','',1788436800000);
CREATE TABLE "follow" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "follower" VARCHAR(2048) NOT NULL,
    "followed" VARCHAR(2048) NOT NULL,
    "activity_id" VARCHAR(2048) NOT NULL DEFAULT '',
    "state" VARCHAR(32) NOT NULL,
    "created_at" BIGINT NOT NULL,
    CONSTRAINT "uid_follow_followe_eb051a" UNIQUE ("follower", "followed")
);
CREATE TABLE "idempotency" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "account" VARCHAR(64) NOT NULL,
    "key" VARCHAR(255) NOT NULL,
    "request_hash" VARCHAR(128) NOT NULL,
    "resource" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    CONSTRAINT "uid_idempotency_account_c62921" UNIQUE ("account", "key")
);
CREATE TABLE "inbox_entry" (
    "id" VARCHAR(26) NOT NULL  PRIMARY KEY,
    "actor_uri" VARCHAR(2048) NOT NULL,
    "activity_id" VARCHAR(2048) NOT NULL,
    "inbox" VARCHAR(2048) NOT NULL,
    "body" BLOB NOT NULL,
    "key_id" VARCHAR(2048) NOT NULL DEFAULT '',
    "signer" VARCHAR(2048) NOT NULL DEFAULT '',
    "proven" INT NOT NULL DEFAULT 0,
    "subject" VARCHAR(2048) NOT NULL DEFAULT '',
    "state" VARCHAR(32) NOT NULL DEFAULT 'pending',
    "attempts" INT NOT NULL DEFAULT 0,
    "due_at" BIGINT NOT NULL,
    "lease_until" BIGINT,
    "waits_for" VARCHAR(2048) NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL DEFAULT '',
    "received_at" BIGINT NOT NULL,
    CONSTRAINT "uid_inbox_entry_actor_u_3529dc" UNIQUE ("actor_uri", "activity_id", "inbox")
);
INSERT INTO "inbox_entry" VALUES('01J6VAT3C0000000000000000C','https://b.test/u/bo','https://b.test/a/1','https://a.test/inbox',X'7B7D','','',0,'','pending',0,1788436800000,NULL,'','',1788436800000);
CREATE TABLE "invitation" (
    "id" VARCHAR(2048) NOT NULL  PRIMARY KEY,
    "conversation_uri" VARCHAR(2048) NOT NULL,
    "inviter" VARCHAR(2048) NOT NULL,
    "invitee" VARCHAR(2048) NOT NULL,
    "state" VARCHAR(32) NOT NULL,
    "published_at" BIGINT NOT NULL,
    "ends_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL
);
CREATE TABLE "log_entry" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "log_uri" VARCHAR(2048) NOT NULL,
    "seq" BIGINT NOT NULL,
    "activity_id" VARCHAR(2048) NOT NULL,
    CONSTRAINT "uid_log_entry_log_uri_f11059" UNIQUE ("log_uri", "seq", "activity_id")
);
CREATE TABLE "member_span" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "conversation_id" VARCHAR(26) NOT NULL,
    "actor_uri" VARCHAR(2048) NOT NULL,
    "from_epoch" INT NOT NULL,
    "to_epoch" INT
);
CREATE TABLE "membership" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "conversation_id" VARCHAR(26) NOT NULL,
    "actor_uri" VARCHAR(2048) NOT NULL,
    "local" INT NOT NULL,
    "role" VARCHAR(32) NOT NULL DEFAULT '',
    "state" VARCHAR(32) NOT NULL,
    "invitation_id" VARCHAR(2048) NOT NULL DEFAULT '',
    "inviter" VARCHAR(2048) NOT NULL DEFAULT '',
    "left_epoch" INT,
    "read_up_to" BIGINT NOT NULL DEFAULT 0,
    "updated_at" BIGINT NOT NULL,
    CONSTRAINT "uid_membership_convers_ede53c" UNIQUE ("conversation_id", "actor_uri")
);
CREATE TABLE "message" (
    "id" VARCHAR(26) NOT NULL  PRIMARY KEY,
    "uri" VARCHAR(2048) NOT NULL UNIQUE,
    "conversation_id" VARCHAR(26) NOT NULL,
    "author_uri" VARCHAR(2048) NOT NULL,
    "activity_id" VARCHAR(2048) NOT NULL,
    "type" VARCHAR(64) NOT NULL,
    "published_at" BIGINT NOT NULL,
    "t" BIGINT NOT NULL,
    "arrived_at" BIGINT NOT NULL,
    "epoch" INT,
    "in_reply_to" VARCHAR(2048) NOT NULL DEFAULT '',
    "reply_to" VARCHAR(2048) NOT NULL DEFAULT '',
    "media_type" VARCHAR(128) NOT NULL,
    "html" TEXT,
    "text" TEXT,
    "summary" TEXT,
    "provenance" VARCHAR(32) NOT NULL,
    "late" INT NOT NULL DEFAULT 0,
    "addressed_to" TEXT NOT NULL DEFAULT '',
    "edited_at" BIGINT,
    "deleted_at" BIGINT
);
INSERT INTO "message" VALUES('01J6VAT3C0000000000000000B','https://a.test/u/al/n/1','01J6VAT3C0000000000000000A','https://a.test/u/al','https://a.test/u/al/a/1','Note',1788436800000,1788436800000,1788436800000,NULL,'','','text/html','<p>it''s ready</p>',NULL,NULL,'verified',0,'',NULL,NULL);
CREATE TABLE "peer" (
    "host" VARCHAR(300) NOT NULL  PRIMARY KEY,
    "state" VARCHAR(32) NOT NULL DEFAULT 'ok',
    "failing_since" BIGINT,
    "step" INT NOT NULL DEFAULT 0,
    "due_at" BIGINT,
    "last_ok_at" BIGINT,
    "heard_at" BIGINT,
    "woken_at" BIGINT,
    "scheme" VARCHAR(32) NOT NULL DEFAULT '',
    "width" INT NOT NULL DEFAULT 0,
    "lease_token" VARCHAR(64) NOT NULL DEFAULT '',
    "lease_until" BIGINT,
    "last_error" TEXT NOT NULL DEFAULT ''
);
CREATE TABLE "recipient" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "message_id" VARCHAR(26) NOT NULL,
    "actor_uri" VARCHAR(2048) NOT NULL,
    "conversation_id" VARCHAR(26) NOT NULL,
    "folder" VARCHAR(32) NOT NULL DEFAULT 'inbox',
    CONSTRAINT "uid_recipient_message_de2977" UNIQUE ("message_id", "actor_uri")
);
CREATE TABLE "remote_key" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "key_id" VARCHAR(2048) NOT NULL,
    "actor_uri" VARCHAR(2048) NOT NULL,
    "algorithm" VARCHAR(32) NOT NULL,
    "spki" BLOB NOT NULL,
    "for_proofs" INT NOT NULL,
    "for_requests" INT NOT NULL,
    "fetched_at" BIGINT NOT NULL,
    CONSTRAINT "uid_remote_key_key_id_f880bd" UNIQUE ("key_id", "actor_uri")
);
CREATE TABLE "repair" (
    "id" VARCHAR(26) NOT NULL  PRIMARY KEY,
    "kind" VARCHAR(32) NOT NULL,
    "subject" VARCHAR(2048) NOT NULL,
    "state" VARCHAR(32) NOT NULL DEFAULT 'pending',
    "attempts" INT NOT NULL DEFAULT 0,
    "due_at" BIGINT NOT NULL,
    "lease_until" BIGINT,
    "reason" TEXT NOT NULL DEFAULT '',
    "created_at" BIGINT NOT NULL,
    CONSTRAINT "uid_repair_kind_45eac8" UNIQUE ("kind", "subject")
);
CREATE TABLE "seen" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "actor_uri" VARCHAR(2048) NOT NULL,
    "activity_id" VARCHAR(2048) NOT NULL,
    "recipient" VARCHAR(2048) NOT NULL DEFAULT '',
    "hash" VARCHAR(128) NOT NULL DEFAULT '',
    "seen_at" BIGINT NOT NULL,
    CONSTRAINT "uid_seen_actor_u_d97e91" UNIQUE ("actor_uri", "activity_id", "recipient")
);
CREATE TABLE "session" (
    "token_hash" VARCHAR(64) NOT NULL  PRIMARY KEY,
    "account" VARCHAR(64) NOT NULL,
    "csrf" VARCHAR(64) NOT NULL,
    "user_agent" TEXT NOT NULL DEFAULT '',
    "created_at" BIGINT NOT NULL,
    "used_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL
);
CREATE TABLE "setting" (
    "key" VARCHAR(64) NOT NULL  PRIMARY KEY,
    "value" TEXT NOT NULL
);
INSERT INTO "setting" VALUES('incarnation','00112233445566778899aabbccddeeff');
CREATE TABLE "state_link" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "conversation_id" VARCHAR(26) NOT NULL,
    "epoch" INT NOT NULL,
    "hash" VARCHAR(128) NOT NULL,
    "activity_id" VARCHAR(2048) NOT NULL,
    "published_at" BIGINT NOT NULL,
    CONSTRAINT "uid_state_link_convers_8a8beb" UNIQUE ("conversation_id", "epoch")
);
CREATE TABLE "token" (
    "token_hash" VARCHAR(64) NOT NULL  PRIMARY KEY,
    "account" VARCHAR(64) NOT NULL,
    "scope" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "used_at" BIGINT
);
CREATE TABLE "tortoise_migrations" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "app" VARCHAR(255) NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "applied_at" TIMESTAMP NOT NULL,
    CONSTRAINT "uid_tortoise_mi_app_3803a5" UNIQUE ("app", "name")
);
INSERT INTO "tortoise_migrations" VALUES(1,'models','0001_initial','2026-11-22 11:15:12.374734+00:00');
CREATE INDEX "activity_age" ON "activity" ("created_at");
CREATE INDEX "actor_handle" ON "actor" ("username", "domain");
CREATE INDEX "actor_host" ON "actor" ("host", "uri");
CREATE INDEX "actor_key_actor" ON "actor_key" ("actor_uri");
CREATE INDEX "author_log_place" ON "author_log" ("conversation_id", "author_uri");
CREATE INDEX "conversation_context" ON "conversation" ("context");
CREATE INDEX "conversation_home" ON "conversation" ("home_host");
CREATE INDEX "delivery_lane" ON "delivery" ("host", "state", "id", "due_at");
CREATE INDEX "delivery_object" ON "delivery" ("host", "object_uri");
CREATE INDEX "delivery_message" ON "delivery" ("message_id");
CREATE INDEX "delivery_settled" ON "delivery" ("state", "settled_at");
CREATE INDEX "event_account" ON "event" ("account_uri", "id");
CREATE INDEX "event_age" ON "event" ("created_at");
CREATE INDEX "follow_followed" ON "follow" ("followed", "state");
CREATE INDEX "follow_activity" ON "follow" ("activity_id");
CREATE INDEX "idempotency_age" ON "idempotency" ("created_at");
CREATE INDEX "inbox_entry_due" ON "inbox_entry" ("state", "id");
CREATE INDEX "inbox_entry_order" ON "inbox_entry" ("actor_uri", "subject", "id");
CREATE INDEX "inbox_entry_waits" ON "inbox_entry" ("waits_for");
CREATE INDEX "invitation_invitee" ON "invitation" ("invitee", "state");
CREATE INDEX "invitation_place" ON "invitation" ("conversation_uri", "invitee");
CREATE INDEX "invitation_end" ON "invitation" ("state", "ends_at");
CREATE INDEX "member_span_place" ON "member_span" ("conversation_id", "actor_uri", "from_epoch");
CREATE INDEX "membership_actor" ON "membership" ("actor_uri", "state");
CREATE INDEX "message_order" ON "message" ("conversation_id", "t", "id");
CREATE INDEX "message_author" ON "message" ("author_uri", "arrived_at");
CREATE INDEX "message_activity" ON "message" ("activity_id");
CREATE INDEX "peer_due" ON "peer" ("due_at");
CREATE INDEX "recipient_folder" ON "recipient" ("actor_uri", "folder", "message_id");
CREATE INDEX "recipient_place" ON "recipient" ("conversation_id", "actor_uri");
CREATE INDEX "remote_key_actor" ON "remote_key" ("actor_uri");
CREATE INDEX "repair_due" ON "repair" ("state", "due_at", "id");
CREATE INDEX "seen_age" ON "seen" ("seen_at");
CREATE INDEX "session_account" ON "session" ("account");
CREATE INDEX "session_expiry" ON "session" ("expires_at");
CREATE INDEX "token_account" ON "token" ("account");
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('tortoise_migrations',1);
INSERT INTO "sqlite_sequence" VALUES('event',1);
COMMIT;
