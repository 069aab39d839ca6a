"""All tables that the code knows: the queue's and the bot's, which one database holds."""

from sqlalchemy import MetaData

from bot.store.schema import metadata as bot_tables
from nst_engine.queue.schema import metadata as queue_tables


def every_table() -> MetaData:
    both = MetaData()
    for table in (*queue_tables.tables.values(), *bot_tables.tables.values()):
        table.to_metadata(both)
    return both
