"""`make screenshots`: the pictures of the bot in docs/images, taken of the real bot in a simulated Discord."""
