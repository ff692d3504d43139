"""What is owed."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, String, false, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Invoice(Base):
    """An invoice for one booking."""

    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    number: Mapped[str] = mapped_column(String(40), unique=True)
    amount_cents: Mapped[int]
    paid: Mapped[bool] = mapped_column(server_default=false())
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
