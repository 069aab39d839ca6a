"""The bot's own tables, beside those of the queue in the same database."""
