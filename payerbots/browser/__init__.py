"""Chromium, and what flows do with it: pages and elements by name, records in one reading, evidence."""
