"""A process holds no more memory than it must, and does not look through it again and again."""

import ctypes
import gc
from asyncio import sslproto
from typing import Final

# How many more containers are made than freed between two looks; Python's own figure is 700.
LOOK_EVERY: Final = 5_000
# A TLS record; Python's own figure is 256 KiB, for each connection and from its beginning.
TLS_BUFFER_BYTES: Final = 16 * 1024
# What is larger is mapped by itself. Of its own accord glibc maps nothing that is smaller than
# what was freed once.
LARGE_BYTES: Final = 4 * 1024 * 1024
M_MMAP_THRESHOLD: Final = -3


def settle_memory() -> None:
    """To be called once the node has started, in a process that does nothing else.

    PERF: a message makes some hundred short-lived dicts, and each look went through a hundred
    thousand objects that stay: 150 µs of 2,000 a message on a busy machine (benchmarks/inbox.py).
    """
    gc.freeze()
    gc.set_threshold(LOOK_EVERY, *gc.get_threshold()[1:])


def small_tls_buffers() -> None:
    """To be called before the first connection in TLS, in a process that does nothing else.

    PERF: an event stream on which nothing happens costs 56 KiB instead of 72 with two records, and
    about 300 with Python's own figure (`python -m benchmarks.connections`).
    """
    sslproto.SSLProtocol.max_size = TLS_BUFFER_BYTES


def give_back_large_blocks() -> None:
    """To be called before the first sign-in, in a process that does nothing else.

    Every thread of Python's pool that has hashed a password kept 19 MiB for the next one: 114 MiB
    on two cores, 600 on many. A hash takes a millisecond more without them.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # only glibc has it, and only glibc keeps so much
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
