"""Remittances as PDF (EOB), read by a payer's template."""
