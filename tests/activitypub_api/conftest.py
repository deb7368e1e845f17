"""Nodes as ActivityPub clients meet them, on both databases."""

from tests.support.networked import ca, molds, network, no_system_cas

__all__ = ["ca", "molds", "network", "no_system_cas"]
