"""What a visit costs."""

CENTS_PER_HOUR = 4200
CALL_OUT_CENTS = 1500


def price_cents(duration_minutes: int) -> int:
    """The price of a visit: a call-out fee and the time."""
    return CALL_OUT_CENTS + CENTS_PER_HOUR * duration_minutes // 60


def hourly_rate_cents(price: int, duration_minutes: int) -> int:
    """What an hour of a visit costs, all in."""
    return price * 60 // duration_minutes
