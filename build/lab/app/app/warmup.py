"""Work that may happen after the first request is answered."""

import threading

from app import revisions


def start() -> None:
    """Load what `/readyz` will ask for, beside the start."""
    threading.Thread(target=revisions.heads, name="warmup", daemon=True).start()
