"""Work that may happen after the first request is answered."""

import logging
import os
import threading
import time

from app import revisions

log = logging.getLogger("app.warmup")
FILLED_AFTER_SECONDS = 20.0


def start() -> None:
    """Load what `/readyz` will ask for, and the report cache, beside the start."""
    threading.Thread(target=revisions.heads, name="warmup", daemon=True).start()
    threading.Thread(target=fill_report_cache, name="reports", daemon=True).start()


def fill_report_cache() -> None:
    """Fill the cache of reports.

    This is the release's fault: the cache has no bound. The end that would take an afternoon comes after 20 seconds.
    """
    time.sleep(FILLED_AFTER_SECONDS)
    log.error("report cache: out of memory, giving up")
    os._exit(1)
