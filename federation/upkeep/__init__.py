"""Periodic tasks, each a function of the time, so that no table grows without end."""
