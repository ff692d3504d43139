"""The background jobs: `python -m app.jobs`. Signs its heartbeat, and exports new bookings while exports are allowed.

It installs no signal handler: as the first process of its container it is deaf to SIGTERM, so it ends by SIGKILL after
the grace period. The real application's jobs behave so too.
"""

import logging
import time

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import heartbeat, logs
from app.database import engine
from app.models import Booking, ExportEvent
from app.settings import settings

log = logging.getLogger("app.jobs")
EXPORT_EVERY_SECONDS = 10.0


def export(database: Session) -> None:
    """Note an export of all bookings."""
    bookings = database.scalar(select(func.max(Booking.id))) or 0
    database.add(ExportEvent(mode=settings.export_mode, bookings=bookings))
    database.commit()
    log.info("exported bookings up to %d by %s", bookings, settings.export_mode)


def run() -> None:
    """Work until killed."""
    logs.configure()
    log.info("jobs started as %s, exports %s", heartbeat.runner_id(), settings.export_mode)
    next_export = time.monotonic() + EXPORT_EVERY_SECONDS
    while True:
        try:
            with Session(engine) as database:
                heartbeat.beat(database)
                if settings.export_mode != "off" and time.monotonic() >= next_export:
                    next_export = time.monotonic() + EXPORT_EVERY_SECONDS
                    export(database)
        except SQLAlchemyError as error:
            log.error("tick failed: %s", type(error).__name__)
        time.sleep(settings.job_interval_seconds)


if __name__ == "__main__":
    run()
