"""The lab's sample application: bookings of a cleaning company, small but real."""
