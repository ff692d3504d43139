"""The web application."""

from fastapi import FastAPI

from app import bookings, customers, exports, health, invoices, logs, metrics, warmup

logs.configure()
app = FastAPI(title="cleaning", docs_url=None, redoc_url=None, openapi_url=None, on_startup=[warmup.start])
app.add_middleware(metrics.RequestLog)
for part in (health, metrics, bookings, customers, invoices, exports):
    app.include_router(part.router)
