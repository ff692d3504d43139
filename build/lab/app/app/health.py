"""Liveness and readiness."""

import logging
import time
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import heartbeat, revisions
from app.database import engine
from app.settings import settings

router = APIRouter()
log = logging.getLogger("app.health")
Verdict = tuple[bool, dict[str, Any]]


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Alive, whatever the database does."""
    return {"status": "ok"}


@router.head("/healthz")
async def healthz_head() -> Response:
    """Alive, without a body."""
    return Response()


def database_check() -> Verdict:
    """Whether the database answers."""
    with Session(engine) as database:
        database.execute(text("SELECT 1"))
    return True, {"message": "database reachable"}


def migrations_check() -> Verdict:
    """Whether the database is at the head of the migrations in this image: a newer one counts as not current."""
    expected = list(revisions.heads())
    with Session(engine) as database:
        current = revisions.current(database)
    up_to_date = current in expected
    return up_to_date, {
        "message": "migrations in sync" if up_to_date else "migrations pending",
        "migrations_current": up_to_date,
        "current_version": current,
        "expected_head": expected[0] if len(expected) == 1 else None,
        "expected_heads": expected,
        "migrations_check": "ok",
    }


def jobs_check() -> Verdict:
    """Whether the background jobs signed lately."""
    if not settings.jobs_enabled:
        return True, {"enabled": False, "message": "job heartbeat check disabled"}
    limit = settings.job_heartbeat_ttl_seconds
    with Session(engine) as database:
        seen = heartbeat.last(database)
    if seen is None:
        return False, {"enabled": True, "message": "job heartbeat missing", "threshold_seconds": limit, "jobs_enabled": True}
    at, age = seen
    return age <= limit, {
        "enabled": True,
        "last_heartbeat": at.isoformat(),
        "runner_id": heartbeat.runner_id(),
        "age_seconds": age,
        "threshold_seconds": limit,
        "jobs_enabled": True,
    }


def checked(name: str, check: Callable[[], Verdict]) -> dict[str, Any]:
    """One check, timed; an error is a failed check, not a failed request."""
    begun = time.perf_counter()
    try:
        ok, detail = check()
    except Exception as error:
        log.warning("check %s failed: %s", name, type(error).__name__)
        ok, detail = False, {"message": f"{name} check failed", "error": type(error).__name__}
    return {"name": name, "ok": ok, "ms": round((time.perf_counter() - begun) * 1000, 2), "detail": detail}


@router.get("/readyz")
def readyz() -> JSONResponse:
    """Ready when every check is ok, else 503; what was checked is in the payload either way."""
    checks = [checked("db", database_check), checked("migrations", migrations_check), checked("jobs", jobs_check)]
    ready = all(check["ok"] for check in checks)
    return JSONResponse({"ok": ready, "checks": checks}, status_code=200 if ready else 503)
