"""The `covey` command: a file per command, read when it is called."""
