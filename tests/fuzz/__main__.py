"""Runs each target under a fuzzer that sees which branches its bytes reach.

Run by `make fuzz`. What makes a target fail is kept below tests/fuzz/crashes, where
test_targets.py plays it again for ever; what reaches new branches is kept in --corpus, if given.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["federation", "node"]):
    from tests.fuzz import seeds
    from tests.fuzz.targets import TARGETS

CRASHES: Final = Path(__file__).parent / "crashes"


def run_one(name: str, arguments: list[str]) -> None:
    """Fuzz one target in this process, which then ends."""
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name])
    atheris.Fuzz()


def run(name: str, seconds: int, corpus: Path) -> bool:
    """Fuzz one target in a process of its own; whether it stood."""
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds.of(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    crashes = CRASHES / name
    crashes.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=8192"]
    command = [sys.executable, "-m", "tests.fuzz", "--only", name, *limits]
    ended = subprocess.run(
        [*command, f"-artifact_prefix={crashes}/", f"--into={corpus}"], check=False
    )
    if not any(crashes.iterdir()):
        crashes.rmdir()
    return ended.returncode == 0


def main() -> None:
    """Fuzz every target, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="All if none is named.")
    parser.add_argument("--seconds", type=int, default=600, help="For each target.")
    parser.add_argument("--corpus", type=Path, help="Keep here what reaches new branches.")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--into", help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.only:
        run_one(options.only, [*rest, str(options.into)])
        return
    if rest:
        parser.error(f"unknown: {' '.join(rest)}")
    names = options.targets or list(TARGETS)
    for name in names:
        if name not in TARGETS:
            parser.error(f"there is no target {name}; there are {', '.join(TARGETS)}")
    with tempfile.TemporaryDirectory() as scratch:
        corpus = options.corpus or Path(scratch)
        fallen = []
        for name in names:
            sys.stdout.write(f"== {name}, {options.seconds} s\n")
            sys.stdout.flush()
            if not run(name, options.seconds, corpus / name):
                fallen.append(name)
    if fallen:
        sys.exit(f"{', '.join(fallen)}: what did it is below {CRASHES}")
    sys.stdout.write(f"{len(names)} targets stood for {options.seconds} s each\n")


if __name__ == "__main__":
    main()
