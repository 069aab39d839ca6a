"""How the network's threads share the processor with others. Called before torch is imported, so it imports nothing."""

import os
from typing import Final

WAIT_POLICY: Final = "OMP_WAIT_POLICY"


def wait_without_spinning() -> None:
    """Let threads that wait for each other sleep, unless the environment says otherwise.

    OpenMP's threads spin while they wait, which is a little faster on an idle machine and ruinous on a busy one: beside
    a single other process, a picture took more than ten times as long (docs/performance.md).
    """
    os.environ.setdefault(WAIT_POLICY, "PASSIVE")
