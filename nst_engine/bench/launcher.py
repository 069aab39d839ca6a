"""`python -m nst_engine.bench.launcher COMMAND ...`: run a command; print its seconds, peak memory and status as JSON.

A process of its own, and a small one: Linux counts what a parent held when it started a child among the child's peak.
It imports nothing slow. The command's output goes to stderr.
"""

import json
import os
import sys
from time import perf_counter


def main(command: list[str]) -> int:
    """Status 0 where the command could be started, however it ended."""
    began = perf_counter()
    to_stderr = [(os.POSIX_SPAWN_DUP2, 2, 1)]
    try:
        process = os.posix_spawnp(command[0], command, os.environ, file_actions=to_stderr)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 1
    _, status, used = os.wait4(process, 0)
    seconds = perf_counter() - began
    peak = used.ru_maxrss if sys.platform == "darwin" else used.ru_maxrss * 1024
    code = os.waitstatus_to_exitcode(status)
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_memory_bytes": peak, "status": code}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
