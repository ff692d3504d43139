"""Numbers of invoices."""

import uuid
from datetime import UTC, datetime


def draft() -> str:
    """A number that holds the place until the id is known."""
    return f"draft-{uuid.uuid4().hex}"[:20]


def number(invoice_id: int) -> str:
    """The number printed on an invoice, counted within its year's letters."""
    return f"R{datetime.now(tz=UTC):%Y}-{invoice_id:08d}"
