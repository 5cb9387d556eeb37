"""Reports for people as PDF."""
