"""PURE: what queries answer, in the words of Mastodon's API; a file for each entity."""
