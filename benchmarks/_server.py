"""A benchmark's servers are processes of their own, so that only their own CPU is theirs."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Server:
    """A server process that is told what to do by lines."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.port = int(self._told())

    def _told(self) -> str:
        if self._process.stdout is None:
            raise RuntimeError("the server has no output")
        return self._process.stdout.readline().strip()

    def ask(self, line: str) -> str:
        """One line there, one line back."""
        if self._process.stdin is None:
            raise RuntimeError("the server has no input")
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._told()

    def cpu_s(self) -> float:
        """Seconds of CPU that the server has used, all threads."""
        return float(self.ask("cpu"))


@contextmanager
def server(module: str, kind: str, folder: Path, log: Path | None = None) -> Iterator[Server]:
    """A server process of this kind until the block ends.

    Args:
        module: The benchmark, which takes `--serve` and `--folder`.
        kind: Which of its servers.
        folder: Where the server keeps its files.
        log: The file that gets its standard error, if that is not ours.
    """
    command = [sys.executable, "-m", module, "--serve", kind, "--folder", str(folder)]
    errors = None if log is None else log.open("w")
    # The command is made above.
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
    ) as process:
        try:
            yield Server(process)
        finally:
            process.kill()
            if errors is not None:
                errors.close()
