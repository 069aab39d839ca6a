"""How the network's threads share the processor with others. Called before torch is imported, so it imports nothing."""

import os
from collections.abc import Mapping
from types import MappingProxyType

POLICY: Mapping[str, str] = MappingProxyType({"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "300"})


def wait_without_spinning() -> None:
    """Let threads that wait for each other sleep after a moment, unless the environment says otherwise.

    OpenMP's threads spin while they wait. On a busy machine that is ruinous: beside one other process, a picture took
    up to ten times as long. Sleeping at once costs a third on an idle machine, three hundred turns nothing on either
    (docs/performance.md).
    """
    if not any(name in os.environ for name in POLICY):
        os.environ.update(POLICY)
