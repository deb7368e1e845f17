"""The node: it runs, and shows; what faces people and other servers."""
