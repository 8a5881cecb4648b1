"""How Alembic reaches our database: on the connection that `storage.migrate` gives it."""

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  # puts every table into the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    transactional_ddl=True,  # a migration that fails half-way leaves nothing behind
)
with context.begin_transaction():
    context.run_migrations()
