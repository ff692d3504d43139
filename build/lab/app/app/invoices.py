"""Invoices: list, issue, show."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import numbering
from app.database import session
from app.models import Booking, Invoice

router = APIRouter(prefix="/invoices")
Database = Annotated[Session, Depends(session)]


class NewInvoice(BaseModel):
    """The booking to send an invoice for."""

    booking_id: int


def shown(invoice: Invoice) -> dict[str, Any]:
    """The invoice as its page shows it."""
    return {"id": invoice.id, "number": invoice.number, "booking_id": invoice.booking_id, "amount_cents": invoice.amount_cents, "paid": invoice.paid}


@router.get("")
def list_invoices(database: Database, limit: Annotated[int, Query(ge=1, le=200)] = 20) -> list[dict[str, Any]]:
    """The newest invoices."""
    return [shown(invoice) for invoice in database.scalars(select(Invoice).order_by(Invoice.id.desc()).limit(limit))]


@router.post("", status_code=201)
def issue_invoice(database: Database, wanted: NewInvoice) -> dict[str, Any]:
    """Issue the invoice for a booking."""
    booking = database.get(Booking, wanted.booking_id)
    if booking is None:
        raise HTTPException(404, f"no booking {wanted.booking_id}")
    invoice = Invoice(booking_id=booking.id, number=numbering.draft(), amount_cents=booking.price_cents)
    database.add(invoice)
    database.flush()
    invoice.number = numbering.number(invoice.id)
    database.commit()
    return shown(invoice)


@router.get("/{invoice_id}")
def show_invoice(database: Database, invoice_id: int) -> dict[str, Any]:
    """One invoice."""
    invoice = database.get(Invoice, invoice_id)
    if invoice is None:
        raise HTTPException(404, f"no invoice {invoice_id}")
    return shown(invoice)
