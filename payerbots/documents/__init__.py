"""Documents in and out: bytes to typed records and back. Pure: no browser, no database."""
