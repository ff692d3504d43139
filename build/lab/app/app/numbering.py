"""Numbers of invoices."""

import uuid


def draft() -> str:
    """A number that holds the place until the id is known."""
    return f"draft-{uuid.uuid4()}"[:40]


def number(invoice_id: int) -> str:
    """The number printed on an invoice."""
    return f"R{invoice_id:08d}"
