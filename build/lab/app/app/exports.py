"""Bookings as CSV, while exports are allowed."""

import csv
import io
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import PlainTextResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import session
from app.models import Booking
from app.settings import settings

router = APIRouter(prefix="/exports")
Database = Annotated[Session, Depends(session)]
NEWEST = 1000


@router.get("/bookings.csv")
def export_bookings(database: Database) -> PlainTextResponse:
    """The newest bookings; 404 while EXPORT_MODE is off."""
    if settings.export_mode == "off":
        raise HTTPException(404, "exports are disabled")
    text = io.StringIO()
    rows = csv.DictWriter(text, ["id", "customer_id", "scheduled_at", "status"])
    rows.writeheader()
    rows.writerows(booking.summary() for booking in database.scalars(select(Booking).order_by(Booking.id.desc()).limit(NEWEST)))
    return PlainTextResponse(text.getvalue(), media_type="text/csv")
