"""The ActivityPub API: what clients read from an actor's boxes, and post to its outbox."""
