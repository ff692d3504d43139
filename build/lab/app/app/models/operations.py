"""What the application notes about its own work."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Identity, String, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class JobHeartbeat(Base):
    """When a runner of background jobs was last alive."""

    __tablename__ = "job_heartbeats"

    runner_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    last_heartbeat: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ExportEvent(Base):
    """One export made by the background jobs."""

    __tablename__ = "export_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    mode: Mapped[str] = mapped_column(String(20))
    bookings: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
