"""Several nodes with TLS in one process, on both databases."""

from tests.support.networked import ca, molds, network, no_system_cas

__all__ = ["ca", "molds", "network", "no_system_cas"]
