"""What the agent needs of the queue, and what it knows about its outages."""

from dataclasses import dataclass, field

from nst_engine.queue.blobs import BlobStore
from nst_engine.queue.leases import Leases
from nst_engine.queue.outage import Outage


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """The engine's side of the job table, and the pictures."""

    leases: Leases
    blobs: BlobStore
    database_outage: Outage = field(default_factory=lambda: Outage("the database"))
    blobs_outage: Outage = field(default_factory=lambda: Outage("the blob store"))
    pauses_between_fetches: tuple[float, ...] = (0.1, 0.4, 1.5, 5.0, 10.0, 15.0)
    """Seconds. An attempt at a job waits so long for its pictures: a blob that is gone looks like a store that is."""
