"""The one way out: every request to another server is judged, bounded and timed here."""
