"""One file per page; each names its endpoints."""
