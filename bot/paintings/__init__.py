"""Sample style paintings, drawn by code: the same seed gives the same picture. Knows nothing of the rest of the bot."""
