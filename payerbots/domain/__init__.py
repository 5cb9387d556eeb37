"""Frozen records of the field, and the rules over them. Pure: no browser, no database, no file."""
