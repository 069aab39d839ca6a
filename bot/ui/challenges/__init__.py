"""Challenges as people meet them on Discord."""
