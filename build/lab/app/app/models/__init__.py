"""The tables."""

from app.models.base import Base
from app.models.booking import Booking
from app.models.customer import Customer
from app.models.invoice import Invoice
from app.models.operations import ExportEvent, JobHeartbeat

__all__ = ["Base", "Booking", "Customer", "ExportEvent", "Invoice", "JobHeartbeat"]
