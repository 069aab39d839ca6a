"""The demo: the real bot, the real queue and a real engine process against SimCord, a simulated Discord."""
