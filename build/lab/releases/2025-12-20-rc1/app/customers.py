"""Customers: list, show."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import session
from app.models import Customer

router = APIRouter(prefix="/customers")
Database = Annotated[Session, Depends(session)]


def shown(customer: Customer) -> dict[str, Any]:
    """The customer as others may see them."""
    return {"id": customer.id, "name": customer.name, "email": customer.email, "phone": customer.phone, "loyalty_tier": customer.loyalty_tier}


@router.get("")
def list_customers(database: Database, limit: Annotated[int, Query(ge=1, le=200)] = 20) -> list[dict[str, Any]]:
    """The newest customers."""
    return [shown(customer) for customer in database.scalars(select(Customer).order_by(Customer.id.desc()).limit(limit))]


@router.get("/{customer_id}")
def show_customer(database: Database, customer_id: int) -> dict[str, Any]:
    """One customer."""
    customer = database.get(Customer, customer_id)
    if customer is None:
        raise HTTPException(404, f"no customer {customer_id}")
    return shown(customer)
