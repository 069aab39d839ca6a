"""Alembic's entry: runs the migrations on the connection that `database.prepare_schema` hands over."""

from alembic import context

from nst_engine.queue.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
