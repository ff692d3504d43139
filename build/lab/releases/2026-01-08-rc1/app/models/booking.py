"""What was booked."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Booking(Base):
    """A visit at a customer's address."""

    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    scheduled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    duration_minutes: Mapped[int]
    status: Mapped[str] = mapped_column(String(20), server_default="planned")
    address: Mapped[str] = mapped_column(String(300))
    access_notes: Mapped[str | None] = mapped_column("entry_instructions", Text)
    price_cents: Mapped[int]
    source: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    def summary(self) -> dict[str, Any]:
        """The booking as a line of a list."""
        return {"id": self.id, "customer_id": self.customer_id, "scheduled_at": self.scheduled_at, "status": self.status}

    def detail(self) -> dict[str, Any]:
        """The booking with everything that its page shows."""
        return self.summary() | {
            "duration_minutes": self.duration_minutes,
            "address": self.address,
            "access_notes": self.access_notes,
            "price_cents": self.price_cents,
            "source": self.source,
        }
