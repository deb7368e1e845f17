"""What was used once is given back: measured in a process of its own, as nodes run."""

import subprocess
import sys

PROGRAM = """
import asyncio
from pathlib import Path
from threading import Barrier

from node.identity.passwords import MEMORY_KIB, Passwords
from node.memory import give_back_large_blocks

def held_kib():
    (line,) = [one for one in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in one]
    return int(line.split()[1])

async def sign_in(times):
    passwords = Passwords()
    # The threads of a node that has done other things before.
    barrier = Barrier(4)
    await asyncio.gather(*(asyncio.to_thread(barrier.wait) for _ in range(4)))
    before = held_kib()
    for _ in range(times):
        await passwords.check("a guess", None)
    print((held_kib() - before) / MEMORY_KIB)

give_back_large_blocks()
asyncio.run(sign_in(12))
"""


def test_sign_ins_leave_no_memory_behind() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )

    assert float(told.stdout) < 1, "as much as one of twelve needs is held for good"
