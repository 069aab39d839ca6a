"""The engine agent: claims jobs, holds their leases and owns one GPU child. No torch."""
