"""The migrations inside this image against the revision in the database."""

from functools import lru_cache

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session


@lru_cache(maxsize=1)
def heads() -> tuple[str, ...]:
    """The heads of the migrations in this image; they can't change while it runs."""
    # Alembic takes a tenth of a second to import, which the start needn't wait for.
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    return tuple(ScriptDirectory.from_config(Config("alembic.ini")).get_heads())


def current(database: Session) -> str | None:
    """The revision in the database: the first row, as the application that this one mirrors reads it; None when it can't be read."""
    try:
        row = database.execute(text("SELECT version_num FROM alembic_version")).first()
    except SQLAlchemyError:
        return None
    return row[0] if row else None
