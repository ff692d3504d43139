"""Counts requests, logs them, and serves the counts in Prometheus' text format."""

import hmac
import logging
import time
from collections import Counter

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import PlainTextResponse

from app.settings import settings

router = APIRouter()
access = logging.getLogger("app.access")
errors = logging.getLogger("app.errors")
requests: Counter[tuple[str, int]] = Counter()
started = time.time()


class RequestLog:
    """ASGI middleware: one line for a request; an unhandled error is a 500 with its traceback in the log."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        begun = time.perf_counter()

        async def noting(message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception:
            errors.exception("unhandled error in %s %s", scope["method"], scope["path"])
            raise
        finally:
            requests[scope["method"], status] += 1
            # A probe every second would bury the requests of people.
            if scope["path"] != "/healthz":
                elapsed = (time.perf_counter() - begun) * 1000
                access.info("%s %s %d %.1fms", scope["method"], scope["path"], status, elapsed)


@router.get("/metrics")
async def metrics(request: Request) -> PlainTextResponse:
    """The counts, for the bearer of the token."""
    given = request.headers.get("authorization", "")
    if not settings.metrics_token or not hmac.compare_digest(given.encode(), f"Bearer {settings.metrics_token}".encode()):
        raise HTTPException(401, "bearer token expected", headers={"WWW-Authenticate": "Bearer"})
    lines = ["# HELP http_requests_total Requests answered.", "# TYPE http_requests_total counter"]
    lines += [f'http_requests_total{{method="{method}",status="{status}"}} {count}' for (method, status), count in sorted(requests.items())]
    lines += [
        "# HELP process_start_time_seconds Start of the process, Unix time.",
        "# TYPE process_start_time_seconds gauge",
        f"process_start_time_seconds {started:.3f}",
    ]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")
