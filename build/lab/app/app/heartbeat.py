"""The sign of life of the background jobs, written by them and read by the web application."""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import JobHeartbeat


def runner_id() -> str:
    """The name under which the jobs sign."""
    return "jobs-runner"


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
