"""The job queue in the operator's database: jobs, leases, outbox, bus and blobs. No torch, no discord."""
