"""The storage: it remembers, and decides nothing."""
