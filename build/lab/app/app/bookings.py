"""Bookings: list, make, show."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import pricing
from app.database import session
from app.models import Booking, Customer

router = APIRouter(prefix="/bookings")
Database = Annotated[Session, Depends(session)]


class NewBooking(BaseModel):
    """What is needed for a booking."""

    customer_id: int
    scheduled_at: datetime
    duration_minutes: int = Field(gt=0, le=1440)
    address: str = Field(min_length=1, max_length=300)


@router.get("")
def list_bookings(database: Database, limit: Annotated[int, Query(ge=1, le=200)] = 20, before: int | None = None) -> list[dict[str, Any]]:
    """The newest bookings, or those before an id."""
    query = select(Booking).order_by(Booking.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Booking.id < before)
    return [booking.summary() for booking in database.scalars(query)]


@router.post("", status_code=201)
def make_booking(database: Database, wanted: NewBooking) -> dict[str, Any]:
    """Make a booking at the going price."""
    if database.get(Customer, wanted.customer_id) is None:
        raise HTTPException(404, f"no customer {wanted.customer_id}")
    booking = Booking(**wanted.model_dump(), price_cents=pricing.price_cents(wanted.duration_minutes))
    database.add(booking)
    database.commit()
    return booking.detail()


@router.get("/{booking_id}")
def show_booking(database: Database, booking_id: int) -> dict[str, Any]:
    """One booking with its hourly rate."""
    booking = database.get(Booking, booking_id)
    if booking is None:
        raise HTTPException(404, f"no booking {booking_id}")
    return booking.detail() | {"hourly_rate_cents": pricing.hourly_rate_cents(booking.price_cents, booking.duration_minutes)}
