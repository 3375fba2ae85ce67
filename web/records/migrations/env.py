"""Run by Alembic: brings the tables of the connection that `open_database` hands over to the newest form."""

from __future__ import annotations

from alembic import context

from web.records.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a column by copying its table
)
with context.begin_transaction():
    context.run_migrations()
