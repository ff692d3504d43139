"""The connection pool and the session that a request gets."""

from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.settings import settings

# pre-ping: after the database was restarted or swapped by rename, the next request gets a fresh connection, not an error.
engine = create_engine(
    settings.database_url,
    pool_pre_ping=True,
    pool_size=10,
    pool_timeout=3,
    connect_args={"connect_timeout": 2, "application_name": "cleaning"},
)


def session() -> Iterator[Session]:
    """A session for one request."""
    with Session(engine) as opened:
        yield opened
