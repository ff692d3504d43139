"""The sign of life of the background jobs, written by them and read by the web application."""

import socket
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import JobHeartbeat


def runner_id() -> str:
    """The name under which the jobs sign, one for each host.

    This is the release's fault: the web application asks for its own host's name, under which no jobs run.
    """
    return f"jobs-runner-{socket.gethostname()}"


def beat(database: Session) -> None:
    """Sign, now."""
    database.execute(
        text("INSERT INTO job_heartbeats VALUES (:runner, now()) ON CONFLICT (runner_id) DO UPDATE SET last_heartbeat = now()"),
        {"runner": runner_id()},
    )
    database.commit()


def last(database: Session) -> tuple[datetime, float] | None:
    """When the jobs last signed, and how many seconds ago that is."""
    seen = database.get(JobHeartbeat, runner_id())
    return None if seen is None else (seen.last_heartbeat, (datetime.now(tz=UTC) - seen.last_heartbeat).total_seconds())
